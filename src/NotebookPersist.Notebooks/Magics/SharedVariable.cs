using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>Variables that go from one language to another.</summary>
internal static class SharedVariable
{
    /// <summary>A variable of a language.</summary>
    /// <exception cref="MagicException">There is no such language, or it has no such variable.</exception>
    public static CellVariable Find(MagicCall call, string language, string name)
    {
        if (!call.Host.Languages.Contains(language))
            throw call.Fault($"there is no kernel '{language}': there are {string.Join(", ", call.Host.Languages)}");
        IReadOnlyList<CellVariable> variables = call.Host.VariablesOf(language);
        return variables.FirstOrDefault(v => v.Name == name) ?? throw new MagicException($"No {language} cell has declared '{name}'.{NearNames.HintOrList(name, [.. variables.Select(static v => v.Name)])}");
    }

    /// <summary>Declares a variable in the language of the lines around the magic.</summary>
    /// <exception cref="MagicException">The language cannot name it or its type.</exception>
    public static void Declare(MagicCall call, CellVariable variable)
    {
        try
        {
            call.Host.DeclareIn(call.Host.Language, variable);
        }
        catch (ArgumentException fault)
        {
            throw new MagicException(PlainMessages.Of(fault), fault);
        }
    }
}
