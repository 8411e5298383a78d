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

    // A compiler calls itself more deeply than the stacks of the pool reach.
    private const int StackByteCount = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<ICellLanguage>> _begun = new(StringComparer.Ordinal);

    /// <summary>The languages that there are, and the folders that they are in.</summary>
    public static IReadOnlyCollection<string> Names => Assemblies.Keys;

    /// <summary>The first language that a line of a cell names; null where there is none but C#.</summary>
    public static string? NameIn(string code)
    {
        if (!code.Contains("#!", StringComparison.Ordinal))
            return null;
        foreach (ReadOnlySpan<char> line in code.AsSpan().EnumerateLines())
        {
            if (CellSplitter.NameOf(line.ToString()) is { } mark && Names.Contains(mark[2..]))
                return mark[2..];
        }

        return null;
    }

    /// <summary>Where languages are looked for; changed by tests.</summary>
    internal string BaseDirectory { get; set; } = AppContext.BaseDirectory;

    /// <summary>A language, loaded if it was not yet.</summary>
    /// <exception cref="MagicException">It is not there.</exception>
    public ICellLanguage this[string name] => Get(name, CancellationToken.None);

    /// <summary>A language, loaded if it was not yet.</summary>
    /// <exception cref="MagicException">It is not there.</exception>
    /// <exception cref="OperationCanceledException">The waiting was ended; the loading goes on.</exception>
    public ICellLanguage Get(string name, CancellationToken cancellation)
    {
        Task<ICellLanguage> begun = Begin(name);
        begun.WaitAsync(cancellation).GetAwaiter().GetResult();
        return begun.Result;
    }

    /// <summary>Begins to load a language of which a cell is on its way: that takes seconds. Returns at once.</summary>
    public Task<ICellLanguage> Begin(string name)
    {
        lock (_gate)
        {
            // What was missing may be there by now.
            if (_begun.TryGetValue(name, out Task<ICellLanguage>? begun) && !begun.IsFaulted)
                return begun;
            var loading = new TaskCompletionSource<ICellLanguage>(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(() => Load(name, loading), StackByteCount) { IsBackground = true, Name = name }.UnsafeStart();
            return _begun[name] = loading.Task;
        }
    }

    /// <summary>A language that is loaded; null for others.</summary>
    public ICellLanguage? Loaded(string name)
    {
        lock (_gate)
            return _begun.TryGetValue(name, out Task<ICellLanguage>? begun) && begun.IsCompletedSuccessfully ? begun.Result : null;
    }

    /// <summary>Forgets all that their cells have declared.</summary>
    public void Reset()
    {
        Task<ICellLanguage>[] languages;
        lock (_gate)
        {
            languages = [.. _begun.Values];
            _begun.Clear();
        }

        foreach (Task<ICellLanguage> language in languages)
            language.ContinueWith(static l => l.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Dispose() => Reset();

    private void Load(string name, TaskCompletionSource<ICellLanguage> loading)
    {
        try
        {
            loading.SetResult(Load(name));
        }
        catch (Exception e)
        {
            // Whoever asks for the language is told.
            loading.SetException(e);
            _ = loading.Task.Exception;
        }
    }

    private ICellLanguage Load(string name)
    {
        string path = Path.Combine(BaseDirectory, name, Assemblies[name] + ".dll");
        if (!File.Exists(path))
            throw new MagicException($"Cells of '{name}' need the folder '{name}' with '{Assemblies[name]}.dll' beside the kernel, and this installation comes without it: '{path}' is not there. Publish or build 'src/NotebookPersist.Tool' again, which brings it.");
        try
        {
            Type type = Assembly.LoadFrom(path).GetExportedTypes().Single(static t => t.IsAssignableTo(typeof(ICellLanguage)));
            return (ICellLanguage)Activator.CreateInstance(type, context)!; // Not a Nullable<T>.
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException or TargetInvocationException { InnerException: FileNotFoundException or FileLoadException })
        {
            throw new MagicException($"Cells of '{name}' cannot run, as the folder '{Path.GetDirectoryName(path)}' is incomplete: {e.GetBaseException().Message} Publish or build 'src/NotebookPersist.Tool' again, which brings it.", e);
        }
    }
}
