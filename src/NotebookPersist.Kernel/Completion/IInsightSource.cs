namespace NotebookPersist.Kernel.Completion;

/// <summary>What a notebook knows beside its C#: magics, and the names in graphs and checkpoints.</summary>
public interface IInsightSource
{
    /// <summary>The magics: name with prefix, help, parameters.</summary>
    IReadOnlyList<InsightMagic> Magics { get; }

    /// <summary>Magics whose text is code of another language.</summary>
    IReadOnlyCollection<string> CodeNames => [];

    /// <summary>Magics that take the lines below, those among them.</summary>
    IReadOnlyCollection<string> TextNames => [];

    /// <summary>What can stand at a place in such code.</summary>
    /// <param name="magic">The magic.</param>
    /// <param name="code">The cell, of which only lines of this code are left.</param>
    /// <param name="position">The place. Unit: UTF-16 units.</param>
    CellCompletion CompleteCode(string magic, string code, int position) => CellCompletion.None(position);

    /// <summary>Names that a method takes as text, such as the tensors of the graph for <c>GetTensorByName</c>.</summary>
    /// <param name="method">The method's name.</param>
    IEnumerable<string> NamesFor(string method);

    /// <summary>Values that a magic's parameter can have, other than paths.</summary>
    /// <param name="parameter">The parameter.</param>
    IEnumerable<string> ValuesFor(InsightParameter parameter);
}

/// <summary>A magic as completion sees it.</summary>
/// <param name="Name">Name with its prefix.</param>
/// <param name="Help">What <c>-h</c> shows.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record InsightMagic(string Name, string Help, IReadOnlyList<InsightParameter> Parameters);

/// <summary>A parameter of a magic as completion sees it.</summary>
/// <param name="Name">Name without dashes.</param>
/// <param name="Value">What stands for its value in the help; null for a flag.</param>
/// <param name="IsPositional">Whether it is given without its name.</param>
public sealed record InsightParameter(string Name, string? Value, bool IsPositional);
