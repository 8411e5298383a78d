using System.Reflection;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Kernel.Languages;

/// <summary>The languages of a notebook besides C#, each loaded when its first cell runs.</summary>
/// <param name="context">What cells can name.</param>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal sealed class CellLanguages(CellContext context) : IDisposable
{
    public const string FSharp = "fsharp";

    // Each in a folder of its own beside the kernel: where the folder is missing, everything else goes on.
    private static readonly Dictionary<string, string> Assemblies = new(StringComparer.Ordinal) { [FSharp] = "NotebookPersist.FSharp" };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ICellLanguage> _loaded = new(StringComparer.Ordinal);

    /// <summary>The languages that there are, and the folders that they are in.</summary>
    public static IReadOnlyCollection<string> Names => Assemblies.Keys;

    /// <summary>Where languages are looked for; changed by tests.</summary>
    internal string BaseDirectory { get; set; } = AppContext.BaseDirectory;

    /// <summary>A language, loaded if it was not yet.</summary>
    /// <exception cref="MagicException">It is not there.</exception>
    public ICellLanguage this[string name] => Loaded(name) ?? Load(name);

    /// <summary>A language that has run a cell; null for others.</summary>
    public ICellLanguage? Loaded(string name)
    {
        lock (_gate)
            return _loaded.GetValueOrDefault(name);
    }

    /// <summary>Forgets all that their cells have declared.</summary>
    public void Reset()
    {
        ICellLanguage[] languages;
        lock (_gate)
        {
            languages = [.. _loaded.Values];
            _loaded.Clear();
        }

        foreach (ICellLanguage language in languages)
            language.Dispose();
    }

    public void Dispose() => Reset();

    // Not under the gate, which completion takes too: it takes seconds.
    private ICellLanguage Load(string name)
    {
        string path = Path.Combine(BaseDirectory, name, Assemblies[name] + ".dll");
        if (!File.Exists(path))
            throw new MagicException($"Cells of '{name}' need the folder '{name}' with '{Assemblies[name]}.dll' beside the kernel, and this installation comes without it: '{path}' is not there. Publish or build 'src/NotebookPersist.Tool' again, which brings it.");
        ICellLanguage language;
        try
        {
            Type type = Assembly.LoadFrom(path).GetExportedTypes().Single(static t => t.IsAssignableTo(typeof(ICellLanguage)));
            language = (ICellLanguage)Activator.CreateInstance(type, context)!; // Not a Nullable<T>.
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException or TargetInvocationException { InnerException: FileNotFoundException or FileLoadException })
        {
            throw new MagicException($"Cells of '{name}' cannot run, as the folder '{Path.GetDirectoryName(path)}' is incomplete: {e.GetBaseException().Message} Publish or build 'src/NotebookPersist.Tool' again, which brings it.", e);
        }

        lock (_gate)
            _loaded[name] = language;
        return language;
    }
}
