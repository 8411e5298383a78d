namespace NotebookPersist.Notebooks.Hosting;

/// <summary>What only the program that runs the cells can do for a magic.</summary>
/// <remarks>Called on the thread of the running cell.</remarks>
public interface ICellHost
{
    /// <summary>Forgets all variables and cells when the running cell has ended.</summary>
    void ResetAfterCell();

    /// <summary>Runs the code of a notebook or script behind the magic, as part of the running cell.</summary>
    /// <param name="path">An .ipynb, .dib, .cs or .csx file.</param>
    /// <returns>What is run, and what is left out.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file.</exception>
    /// <exception cref="MagicException">It imports itself.</exception>
    ImportedCells RunNext(string path);

    /// <summary>The cells that were run, in order.</summary>
    IReadOnlyList<CellRun> Runs { get; }

    /// <summary>Puts cells that were run elsewhere before those that were run here.</summary>
    void Precede(IReadOnlyList<CellRun> runs);

    /// <summary>The declared type of a variable; null for a name that no cell has declared.</summary>
    Type? TypeOf(string variable);

    /// <summary>Declares variables behind the magic, as if the running cell had.</summary>
    /// <exception cref="ArgumentException">A name is no C# identifier, or a type has no name in C#.</exception>
    void Declare(IReadOnlyList<CellVariable> variables);

    /// <summary>The language of the lines around the magic.</summary>
    string Language => "csharp";

    /// <summary>The languages that cells can be written in.</summary>
    IReadOnlyList<string> Languages => ["csharp"];

    /// <summary>Runs code of a language that is not C#.</summary>
    /// <returns>What its last expression gave; null where it gave nothing.</returns>
    /// <exception cref="MagicException">The language is not there.</exception>
    CodeResult? RunIn(string language, string code, CancellationToken cancellation) => throw new MagicException($"This host does not run '{language}'.");

    /// <summary>The variables that code of a language has declared; none where it has run no code yet.</summary>
    IReadOnlyList<CellVariable> VariablesOf(string language) => [];

    /// <summary>Declares a variable in another language than C#, or in C# behind the magic.</summary>
    /// <exception cref="ArgumentException">The language cannot name it or its type.</exception>
    /// <exception cref="MagicException">The language is not there.</exception>
    void DeclareIn(string language, CellVariable variable) => Declare([variable]);

    /// <summary>Calls back when the running cell has ended, with the time that passed since; what is returned is shown.</summary>
    void AtEndOfCell(Func<TimeSpan, object?> show);
}
