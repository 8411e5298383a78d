using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace NotebookPersist.DotNetInteractive.Tests;

/// <summary>.NET Interactive's C# kernel with the extension loaded, as its package would have done it.</summary>
internal sealed class HostKernel : IDisposable
{
    private readonly ConcurrentQueue<KernelEvent> _events = new();
    private readonly CompositeKernel _root;
    private readonly IDisposable _subscription;

    public HostKernel()
    {
        CSharp = new CSharpKernel().UseKernelHelpers();
        _root = new CompositeKernel { CSharp };
        _root.DefaultKernelName = CSharp.Name;
        _subscription = _root.KernelEvents.Subscribe(new EventLog(_events));
    }

    public CSharpKernel CSharp { get; }

    public IReadOnlyCollection<string> Directives => [.. CSharp.KernelInfo.SupportedDirectives.Select(static d => d.Name)];

    /// <summary>References the libraries and runs the script, which the host does when it meets <c>#r "nuget: NotebookPersist"</c>.</summary>
    public async Task<IReadOnlyList<KernelEvent>> LoadExtensionAsync()
    {
        CSharp.AddAssemblyReferences(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(static p => IsOfPackage(Path.GetFileName(p))));
        _events.Clear();
        await _root.LoadAndRunInteractiveDocument(new FileInfo(Path.Combine(Repository.Root, "src/NotebookPersist.Interactive/extension.dib")));
        return [.. _events];
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>All that the host told of it.</returns>
    public async Task<IReadOnlyList<KernelEvent>> RunAsync(string code)
    {
        _events.Clear();
        await _root.SendAsync(new SubmitCode(code, CSharp.Name), CancellationToken.None);
        return [.. _events];
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _root.Dispose();
    }

    // The test's own assemblies are no part of it.
    private static bool IsOfPackage(string file) =>
        (file.StartsWith("NotebookPersist.", StringComparison.Ordinal) && !file.Contains("Tests", StringComparison.Ordinal))
        || file is "Google.Protobuf.dll" or "Plotly.NET.dll" or "Plotly.NET.CSharp.dll";

    private sealed class EventLog(ConcurrentQueue<KernelEvent> events) : IObserver<KernelEvent>
    {
        public void OnNext(KernelEvent value) => events.Enqueue(value);

        public void OnError(Exception error) => throw new InvalidOperationException("The host's events ended with an error.", error);

        public void OnCompleted()
        {
        }
    }
}
