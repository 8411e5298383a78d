using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

// Signatures as in the last public sources of dotnet/interactive, as far as extension.dib uses them. What is internal here serves the tests.
namespace Microsoft.DotNet.Interactive.CSharp;

public class CSharpKernel : Kernel
{
    // Imports and references are those of the host's kernel: a script that needs more does not compile there.
    private ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
        .AddReferences(
            typeof(Enumerable).Assembly, typeof(IEnumerable<>).Assembly, typeof(Task<>).Assembly, typeof(Kernel).Assembly, typeof(CSharpKernel).Assembly, typeof(PocketView).Assembly);

    public CSharpKernel()
        : base("csharp")
    {
    }

    public ScriptState? ScriptState { get; private set; }

    public void AddAssemblyReferences(IEnumerable<string> assemblyPaths) =>
        _options = _options.AddReferences(assemblyPaths.Select(static p => MetadataReference.CreateFromFile(p)));

    internal override async Task RunAsync(SubmitCode command, KernelInvocationContext context)
    {
        ScriptState = ScriptState is null
            ? await CSharpScript.RunAsync(command.Code, _options, cancellationToken: context.CancellationToken)
            : await ScriptState.ContinueWithAsync(command.Code, _options, cancellationToken: context.CancellationToken);
    }
}
