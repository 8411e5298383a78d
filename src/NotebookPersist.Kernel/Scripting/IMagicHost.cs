using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Code that a magic wants to be run behind it.</summary>
/// <param name="Code">The code, with its own magics.</param>
/// <param name="Name">What errors call it, where it comes from elsewhere than the cell; null otherwise.</param>
public sealed record FurtherCode(string Code, string? Name = null);

/// <summary>Runs the magics that cells name. The notebook layer implements it; the engine knows no magic itself.</summary>
public interface IMagicHost
{
    /// <summary>The names of all magics with their prefix, for example "#!save". A cell that names another one is not run at all.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Those of them whose text are the lines below, up to the next such magic or mark of C#.</summary>
    IReadOnlyCollection<string> TextNames { get; }

    /// <summary>Those of them whose text is code of another language, in which other magics may stand.</summary>
    IReadOnlyCollection<string> CodeNames => [];

    /// <summary>Code that the magic that has just run wants to be run behind it, each as a cell of its own; empties the list.</summary>
    IReadOnlyList<FurtherCode> TakeCode();

    /// <summary>A cell will run soon: what takes long for it can begin. Returns at once; called from any thread, also while another cell runs.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="language">The language of its first lines.</param>
    void Expect(string code, string language)
    {
    }

    /// <summary>What to say of a name that is none of <see cref="Names"/>; null for what is said of any other.</summary>
    string? ExplainUnknown(string name) => null;

    /// <summary>Runs one magic.</summary>
    /// <param name="magic">The magic and its arguments.</param>
    /// <param name="sink">Takes what the magic shows. Console writes of the magic arrive in the cell as well.</param>
    /// <param name="cancellation">Cancelled when the cell is interrupted.</param>
    /// <returns>
    /// When the magic is done: what the code that it has run ended in; null where it has run none, or that gave nothing. An exception fails the cell, its
    /// message being shown, and its place in the cell where it is the code's.
    /// </returns>
    /// <remarks>Called on the cell's thread, which is aborted when the magic does not heed <paramref name="cancellation"/>.</remarks>
    Task<CodeResult?> RunAsync(MagicLine magic, ICellSink sink, CancellationToken cancellation);
}
