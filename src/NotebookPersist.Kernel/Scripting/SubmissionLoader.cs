using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Compiles submissions to code that runs, each loaded for as long as something of it can be reached.</summary>
/// <remarks>
/// Roslyn's scripts load all into one context for the length of the process: some 150 KB for each cell that ever ran, most of them only to print a number.
/// Here each has a context of its own, which the collector takes with the last of its objects, delegates and running methods.
/// Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class SubmissionLoader
{
    // What is gone is looked for in the list of the loaded after so many more.
    private const int LoadsBetweenSweeps = 100;

    private static readonly EmitOptions Options = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private static readonly Func<InteractiveAssemblyLoader, string, Assembly?, Assembly?> ResolveFile =
        (typeof(InteractiveAssemblyLoader).GetMethod("ResolveAssembly", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(string), typeof(Assembly)])
            ?? throw new MissingMethodException("This version of Roslyn scripting has no InteractiveAssemblyLoader.ResolveAssembly."))
        .CreateDelegate<Func<InteractiveAssemblyLoader, string, Assembly?, Assembly?>>();

    // Only for files that cells refer to with #r: what they refer to in turn lies beside them.
    private readonly Action<AssemblyIdentity, string> _registerFile;
    private readonly Func<string, Assembly?> _resolveFile;
    private readonly ConcurrentDictionary<string, WeakReference<Assembly>> _loaded = new(StringComparer.Ordinal);
    private readonly Context? _common;
    private int _loadCount;

    /// <summary>A loader.</summary>
    /// <param name="unloads">Whether what nobody can reach is unloaded.</param>
    public SubmissionLoader(bool unloads)
    {
        _common = unloads ? null : new Context(this, isCollectible: false);

        // What it has loaded stays, so that it is never disposed of.
        var files = new InteractiveAssemblyLoader();
        _registerFile = files.RegisterDependency;
        _resolveFile = name => ResolveFile(files, name, null);
    }

    /// <summary>How many submissions were loaded.</summary>
    public int LoadCount => Volatile.Read(ref _loadCount);

    /// <summary>The code of a submission.</summary>
    /// <param name="compilation">The submission.</param>
    /// <param name="errors">Why there is none.</param>
    /// <param name="cancellation">Ends the compilation.</param>
    /// <returns>Takes the submission objects, adds that of the submission, and gives the value of its last expression; null where there are errors.</returns>
    public Func<object?[], Task<object>>? Load(Compilation compilation, out ImmutableArray<Diagnostic> errors, CancellationToken cancellation)
    {
        // Who has forgotten a brace is not to be told what else follows from it.
        errors = Errors(compilation.GetParseDiagnostics(cancellation));
        if (!errors.IsEmpty)
            return null;
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(image, symbols, options: Options, cancellationToken: cancellation);
        errors = Errors(emitted.Diagnostics);
        if (!errors.IsEmpty)
            return null;
        RegisterFiles(compilation);

        // Of directives alone nothing comes, and that is no success to the compiler.
        if (!emitted.Success)
            return static _ => Task.FromResult<object>(null!); // As a cell without a value has none.
        var entry = compilation.GetEntryPoint(cancellation)!; // What has code has one.
        image.Position = symbols.Position = 0;
        var assembly = (_common ?? new Context(this, isCollectible: true)).LoadFromStream(image, symbols);
        _loaded[assembly.GetName().Name!] = new WeakReference<Assembly>(assembly); // The compiler gives each a name.
        if (Interlocked.Increment(ref _loadCount) % LoadsBetweenSweeps == 0)
            Sweep();
        return assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object>>>();
    }

    private static ImmutableArray<Diagnostic> Errors(ImmutableArray<Diagnostic> diagnostics) =>
        diagnostics.Any(static d => d.Severity == DiagnosticSeverity.Error) ? [.. diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)] : [];

    private void RegisterFiles(Compilation compilation)
    {
        if (compilation.DirectiveReferences.IsEmpty)
            return;
        foreach (var symbol in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (compilation.GetMetadataReference(symbol) is PortableExecutableReference { FilePath: { } path } && !FrameworkReferences.Host.ContainsKey(symbol.Identity.Name))
                _registerFile(symbol.Identity, path);
        }
    }

    private void Sweep()
    {
        foreach (var (name, assembly) in _loaded)
        {
            if (!assembly.TryGetTarget(out _))
                _loaded.TryRemove(name, out _);
        }
    }

    private sealed class Context : AssemblyLoadContext
    {
        private readonly SubmissionLoader _loader;

        public Context(SubmissionLoader loader, bool isCollectible)
            : base(isCollectible ? null : nameof(SubmissionLoader), isCollectible)
        {
            _loader = loader;
            // What the host knows, packages included, is the host's; only what it does not know is looked for among the files.
            Resolving += (_, name) => _loader._resolveFile(name.FullName);
        }

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name is { } name && _loader._loaded.TryGetValue(name, out var reference) && reference.TryGetTarget(out var assembly) ? assembly : null;
    }
}
