namespace NotebookPersist.Kernel.Scripting;

/// <summary>A question to the person at the keyboard, asked by <c>Console.ReadLine</c> in a cell.</summary>
/// <param name="Prompt">The text to show beside the input field; may be empty.</param>
/// <param name="IsPassword">Whether what is typed must not be seen.</param>
/// <param name="Cancellation">Cancelled when the cell is interrupted.</param>
public sealed record InputRequest(string Prompt, bool IsPassword, CancellationToken Cancellation);

/// <summary>A cell to run.</summary>
/// <param name="Code">The cell's text: magic lines and C#.</param>
public sealed record CellRequest(string Code)
{
    /// <summary>The language of the lines above the first magic that says another: the name of a magic that takes code, without its mark. C# by default.</summary>
    public string Language { get; init; } = "csharp";

    /// <summary>What the client calls the cell; null when it has no name, then the cell is known by a hash of its text.</summary>
    public string? CellId { get; init; }

    /// <summary>Runs without a number and without showing the result.</summary>
    public bool Silent { get; init; }

    /// <summary>Whether the run has a number of its own, as all have that are to be remembered; silent ones have none in any case.</summary>
    public bool IsNumbered { get; init; } = true;

    /// <summary>Answers <c>Console.ReadLine</c>; null where nobody can type, then reading the console is an error.</summary>
    public Func<InputRequest, string>? ReadLine { get; init; }
}
