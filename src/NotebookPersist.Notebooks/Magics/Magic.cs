using System.Text;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>A magic command: name, help, parameters and what it does, in one place for every host.</summary>
/// <remarks>Thread safety: stateless; state lives in the <see cref="Workspace"/>.</remarks>
public abstract class Magic
{
    private static readonly MagicParameter HelpParameter = new("help", "Shows this help; -h does the same.");

    /// <summary>Describes a magic.</summary>
    /// <param name="name">Name with its mark, <c>#!save</c>.</param>
    /// <param name="summary">What it does, one sentence.</param>
    /// <param name="parameters">Its parameters, positional ones first.</param>
    protected Magic(string name, string summary, params MagicParameter[] parameters) => (Name, Summary, Parameters) = (name, summary, parameters);

    /// <summary>All magics, ordered by name.</summary>
    public static IReadOnlyList<Magic> All { get; } =
    [
        .. typeof(Magic).Assembly.GetTypes()
            .Where(static t => !t.IsAbstract && t.IsSubclassOf(typeof(Magic)))
            .Select(static t => (Magic)Activator.CreateInstance(t, nonPublic: true)!)
            .OrderBy(static m => m.Name, StringComparer.Ordinal),
    ];

    /// <summary>Name with its mark.</summary>
    public string Name { get; }

    /// <summary>What it does, one sentence.</summary>
    public string Summary { get; }

    /// <summary>Its parameters, positional ones first.</summary>
    public IReadOnlyList<MagicParameter> Parameters { get; }

    /// <summary>How to call it.</summary>
    public string Usage => string.Join(' ', Parameters.Select(UsageOf).Prepend(Name));

    /// <summary>Runs the magic of a name on words from a cell.</summary>
    /// <param name="name">Name with its mark.</param>
    /// <param name="words">The words after it.</param>
    /// <param name="text">The lines below it, where it takes them.</param>
    /// <param name="workspace">The notebook it works on.</param>
    /// <param name="show">Shows what will still change.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What is to be shown; null where nothing is, or was already.</returns>
    /// <exception cref="MagicException">There is no such magic, the words do not fit it, or it cannot do what it was asked for.</exception>
    public static async Task<object?> RunAsync(
        string name, IReadOnlyList<string> words, string? text, Workspace workspace, ShowLive show, CancellationToken cancellation)
    {
        Magic magic = All.FirstOrDefault(m => m.Name == name) ?? throw new MagicException(ForeignMagics.AdviceFor(name) ??
            $"Unknown magic '{name}'. {(NearNames.Of(name, All.Select(static m => m.Name), 1) is [string near] ? $"Did you mean '{near}'? " : "")}'#!lsmagic' lists them all.");
        if (words.Any(static w => w is "-h" or "--help" or "-?"))
            return new MagicHelp(magic);
        MagicCall call = MagicCall.Parse(magic, words, workspace, show, text);
        if (magic.WaitsForSaves)
            workspace.WaitForSaves(cancellation);
        return await magic.RunAsync(call, cancellation).ConfigureAwait(false);
    }

    /// <summary>True where it does what .NET Interactive's own magics do, so that it is not offered there.</summary>
    public virtual bool IsOfHost => false;

    /// <summary>True where the lines below it are not C# but its text, up to the next line of <c>#!csharp</c> or another such magic.</summary>
    public virtual bool TakesText => false;

    /// <summary>True where that text is code of another language.</summary>
    public virtual bool TakesCode => false;

    /// <summary>True where it may read what a save in the background is still writing.</summary>
    protected virtual bool WaitsForSaves => true;

    /// <summary>How each parameter is written, and what it is for.</summary>
    internal IEnumerable<(string Label, string Help)> ParameterHelp => Parameters.Append(HelpParameter).Select(static p => (LabelOf(p), p.Help));

    /// <summary>Name, parameters and what each is for.</summary>
    public string HelpText()
    {
        var text = new StringBuilder();
        text.Append(Summary).Append("\n\nUsage: ").Append(Usage).Append('\n');
        foreach ((string label, string help) in ParameterHelp)
            text.Append("  ").Append(label.PadRight(28)).Append(help).Append('\n');
        return text.ToString();
    }

    /// <summary>Does the work.</summary>
    /// <returns>What is to be shown; null where nothing is.</returns>
    protected abstract Task<object?> RunAsync(MagicCall call, CancellationToken cancellation);

    private static string LabelOf(MagicParameter parameter) => parameter.IsPositional ? $"<{parameter.Value}>"
        : parameter.IsFlag ? $"--{parameter.Name}"
        : $"--{parameter.Name} <{parameter.Value}>";

    private static string UsageOf(MagicParameter parameter) => parameter.IsRequired ? LabelOf(parameter) : $"[{LabelOf(parameter)}]";
}
