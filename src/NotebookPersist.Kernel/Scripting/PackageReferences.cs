using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Serves <c>#r "nuget: Id, Version"</c>: restores the packages with the .NET SDK and lets cells compile and run against them.</summary>
internal sealed partial class PackageReferences : IDisposable
{
    // Of what is here in parts, under its own names: notebooks ask for any version of it.
    private const string AnyVersion = "*";

    // The host that others extend: compiled against, its names would stand beside those that cells have here for them.
    private const string ForeignHost = "Microsoft.DotNet.Interactive";

    private readonly PackageRestore _restore;
    private readonly string _baseDirectory;
    private readonly Dictionary<string, string> _provided;
    private readonly SortedDictionary<string, string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _managed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _native = new(StringComparer.OrdinalIgnoreCase);
    private List<string> _sources = [];
    private bool _isHooked;
    private bool _isForeignTold;

    public PackageReferences(ScriptEngineOptions options)
    {
        _restore = new PackageRestore(options.PackageSources);
        _baseDirectory = options.BaseDirectory;
        _provided = new Dictionary<string, string>(options.ProvidedPackages, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Takes the package directives out of <paramref name="code"/>, keeping all positions, and gives the references that they add.</summary>
    /// <exception cref="PackageException">A package cannot be had or conflicts with the host.</exception>
    /// <param name="code">The code.</param>
    /// <param name="tell">Takes what there is to say of a package that can be used only in part.</param>
    /// <param name="cancellation">Ends the restore.</param>
    public async Task<(string Code, IReadOnlyList<MetadataReference> References)> ResolveAsync(string code, Action<string> tell, CancellationToken cancellation)
    {
        if (!code.Contains("nuget:", StringComparison.OrdinalIgnoreCase))
            return (code, []);
        var root = (CompilationUnitSyntax)await CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions, cancellationToken: cancellation)
            .GetRootAsync(cancellation).ConfigureAwait(false);
        var directives = root.GetReferenceDirectives().Where(d => d.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)).ToList();
        var text = code.ToCharArray();
        var sources = TakeSources(root, text);
        var asked = new SortedDictionary<string, string>(_asked, StringComparer.OrdinalIgnoreCase);
        var line = 1;
        foreach (var directive in directives)
        {
            line = directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            var (id, version) = Parse(directive.File.ValueText, line);
            text.AsSpan(directive.Span.Start, directive.File.Span.End - directive.Span.Start).Fill(' ');
            if (_provided.TryGetValue(id, out var ours))
            {
                CheckProvided(id, version, ours, line);
                continue;
            }

            if (id.StartsWith(ForeignHost + ".", StringComparison.OrdinalIgnoreCase))
            {
                tell($"'{id}' extends .NET Interactive and is left out: this kernel runs C# and F#, and has magics and displays of its own. Databases and services are used through their own libraries, such as '#r \"nuget: Microsoft.Data.Sqlite\"'.");
                continue;
            }

            if (_asked.TryGetValue(id, out var before) && before != version && version != "*")
                throw new PackageException($"Cannot use '{id}' {version}: this notebook already uses {before}. Restart the kernel to change the version.", line);
            asked.TryAdd(id, version);
        }

        var references = asked.Count == _asked.Count ? [] : Accept(await _restore.RunAsync(asked, sources, line, cancellation).ConfigureAwait(false), line);
        if (!_isForeignTold && _managed.ContainsKey(ForeignHost))
        {
            _isForeignTold = true;
            tell($"{string.Join(", ", asked.Keys.Except(_asked.Keys).Select(static p => $"'{p}'"))}: what it adds to .NET Interactive, such as displays and magics, is not added here; its libraries can be used.");
        }

        foreach (var (id, version) in asked)
            _asked.TryAdd(id, version);
        _sources = sources; // Not before: a mistyped one would make every later restore fail.
        return (new string(text), references);
    }

    public void Dispose()
    {
        if (!_isHooked)
            return;
        AssemblyLoadContext.Default.Resolving -= ResolveManaged;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll -= ResolveNative;
    }

    private static (string Id, string Version) Parse(string text, int line)
    {
        var match = PackageName().Match(text);
        if (!match.Success)
            throw new PackageException($"Cannot read '{text}' as a package. Write #r \"nuget: Id, Version\".", line);
        return (match.Groups["id"].Value, match.Groups["version"] is { Success: true, Value: var version } ? version : "*");
    }

    // Places to look for packages, those of earlier cells first: to the compiler of scripts the directive is none.
    private List<string> TakeSources(CompilationUnitSyntax root, char[] text)
    {
        var sources = new List<string>(_sources);
        foreach (var trivia in root.DescendantTrivia().Where(static t => t.IsKind(SyntaxKind.BadDirectiveTrivia)))
        {
            if (SourceDirective().Match(trivia.ToString()) is not { Success: true } match)
                continue;
            var source = match.Groups["source"].Value.Trim();

            // The restore runs in a folder of its own.
            if (source.Length > 0 && !source.Contains("://", StringComparison.Ordinal))
                source = Path.GetFullPath(source, _baseDirectory);
            if (!sources.Contains(source))
                sources.Add(source);
            text.AsSpan(trivia.SpanStart, match.Length).Fill(' ');
        }

        return sources;
    }

    // It runs already, and cannot run in another version beside itself.
    private static void CheckProvided(string id, string version, string ours, int line)
    {
        if (ours != AnyVersion && !version.Contains('*', StringComparison.Ordinal) && version.Trim('[', ']') != ours)
            throw new PackageException($"Cannot use '{id}' {version}: this notebook host is '{id}' {ours} itself. Write #r \"nuget: {id}\".", line);
    }

    private List<MetadataReference> Accept(RestoredPackages restored, int line)
    {
        var newReferences = new List<MetadataReference>();
        var additions = new List<(string Name, string Path)>();
        foreach (var path in restored.Managed)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (FrameworkReferences.Host.TryGetValue(name, out var hostPath))
            {
                // The host's own copy is loaded already and serves every lower version; a higher one cannot come beside it.
                var (theirs, ours) = (VersionOf(path), VersionOf(hostPath));
                if (theirs > ours)
                {
                    throw new PackageException(
                        $"Cannot use the package: it brings '{name}' {theirs}, and this notebook host already runs '{name}' {ours}. "
                        + $"Ask for a version of the package that works with {ours}.",
                        line);
                }
            }
            else if (_managed.TryGetValue(name, out var loaded))
            {
                if (!string.Equals(loaded, path, StringComparison.Ordinal) && VersionOf(path) != VersionOf(loaded))
                {
                    throw new PackageException(
                        $"Cannot use the package: it needs '{name}' {VersionOf(path)}, and this notebook already uses {VersionOf(loaded)}. "
                        + "Restart the kernel and name the packages in one cell.",
                        line);
                }
            }
            else
            {
                additions.Add((name, path));
            }
        }

        foreach (var (name, path) in additions)
        {
            _managed.Add(name, path);
            if (!name.StartsWith(ForeignHost, StringComparison.OrdinalIgnoreCase))
                newReferences.Add(HostAssemblies.Reference(path));
        }

        foreach (var path in restored.Native)
            _native.TryAdd(NativeName(path), path);
        if (!_isHooked)
        {
            AssemblyLoadContext.Default.Resolving += ResolveManaged;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveNative;
            _isHooked = true;
        }

        return newReferences;
    }

    private static Version VersionOf(string path) => AssemblyName.GetAssemblyName(path).Version ?? new Version(0, 0);

    private static string NativeName(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
    }

    private Assembly? ResolveManaged(AssemblyLoadContext context, AssemblyName name)
        => name.Name is { } simple && _managed.TryGetValue(simple, out var path) ? context.LoadFromAssemblyPath(path) : null;

    private nint ResolveNative(Assembly assembly, string name) => _native.TryGetValue(NativeName(name), out var path) ? NativeLibrary.Load(path) : 0;

    [GeneratedRegex(@"^nuget:\s*(?<id>[\w.\-]+)\s*(,\s*(?<version>[\w.\-+*\[\]()]+)\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^#i\s+""nuget:(?<source>[^""\r\n]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex SourceDirective();
}
