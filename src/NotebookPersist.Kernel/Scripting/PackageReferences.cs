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
    private readonly PackageRestore _restore;
    private readonly Dictionary<string, string> _provided;
    private readonly SortedDictionary<string, string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _managed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _native = new(StringComparer.OrdinalIgnoreCase);
    private bool _isHooked;

    public PackageReferences(ScriptEngineOptions options)
    {
        _restore = new PackageRestore(options.PackageSources);
        _provided = new Dictionary<string, string>(options.ProvidedPackages, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Takes the package directives out of <paramref name="code"/>, keeping all positions, and gives the references that they add.</summary>
    /// <exception cref="PackageException">A package cannot be had or conflicts with the host.</exception>
    public async Task<(string Code, IReadOnlyList<MetadataReference> References)> ResolveAsync(string code, CancellationToken cancellation)
    {
        if (!code.Contains("nuget:", StringComparison.OrdinalIgnoreCase))
            return (code, []);
        var root = (CompilationUnitSyntax)await CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions, cancellationToken: cancellation)
            .GetRootAsync(cancellation).ConfigureAwait(false);
        var directives = root.GetReferenceDirectives().Where(d => d.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)).ToList();
        if (directives.Count == 0)
            return (code, []);

        var text = code.ToCharArray();
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

            if (_asked.TryGetValue(id, out var before) && before != version && version != "*")
                throw new PackageException($"Cannot use '{id}' {version}: this notebook already uses {before}. Restart the kernel to change the version.", line);
            asked.TryAdd(id, version);
        }

        var references = asked.Count == _asked.Count ? [] : Accept(await _restore.RunAsync(asked, line, cancellation).ConfigureAwait(false), line);
        foreach (var (id, version) in asked)
            _asked.TryAdd(id, version);
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

    // It runs already, and cannot run in another version beside itself.
    private static void CheckProvided(string id, string version, string ours, int line)
    {
        if (!version.Contains('*', StringComparison.Ordinal) && version.Trim('[', ']') != ours)
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
}
