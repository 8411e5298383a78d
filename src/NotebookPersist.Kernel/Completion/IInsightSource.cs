namespace NotebookPersist.Kernel.Completion;

/// <summary>What a notebook knows beside its C#: magics, and the names in graphs and checkpoints.</summary>
public interface IInsightSource
{
    /// <summary>The magics: name with prefix, help, parameters.</summary>
    IReadOnlyList<InsightMagic> Magics { get; }

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
