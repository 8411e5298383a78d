using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Formatting;

// Signatures as in the last public sources of dotnet/interactive, as far as extension.dib uses them. What is internal here serves the tests.
namespace Microsoft.DotNet.Interactive;

public delegate Task KernelPipelineContinuation(KernelCommand command, KernelInvocationContext context);

public delegate Task KernelCommandPipelineMiddleware(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next);

public class KernelInfo
{
    public ICollection<KernelDirective> SupportedDirectives { get; } = [];
}

public class KernelCommandResult
{
    internal KernelCommandResult(KernelInvocationContext context) => Context = context;

    internal KernelInvocationContext Context { get; }
}

public abstract class Kernel
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true };

    private readonly ConcurrentDictionary<string, Type> _commandTypes = new();
    private readonly ConcurrentDictionary<Type, Func<KernelCommand, KernelInvocationContext, Task>> _handlers = new();
    private readonly List<KernelCommandPipelineMiddleware> _middleware = [];

    protected Kernel(string name) => Name = name;

    public string Name { get; }

    public KernelInfo KernelInfo { get; } = new();

    public Kernel RootKernel => this;

    internal ConcurrentQueue<UpdateDisplayedValue> Updates { get; } = new();

    internal List<FileInfo> Documents { get; } = [];

    public void AddDirective<TCommand>(KernelActionDirective directive, Func<TCommand, KernelInvocationContext, Task> handler)
        where TCommand : KernelCommand
    {
        if (KernelInfo.SupportedDirectives.Any(d => d.Name == directive.Name))
            throw new ArgumentException($"An item with the same key has already been added. Key: {directive.Name}");
        directive.KernelCommandType = typeof(TCommand);
        KernelInfo.SupportedDirectives.Add(directive);
        _handlers[typeof(TCommand)] = (command, context) => handler((TCommand)command, context);
        _commandTypes[typeof(TCommand).Name] = typeof(TCommand);
    }

    public void AddMiddleware(KernelCommandPipelineMiddleware middleware, [CallerMemberName] string? caller = null) => _middleware.Add(middleware);

    public async Task<KernelCommandResult> SendAsync(KernelCommand command, CancellationToken cancellationToken = default)
    {
        var context = new KernelInvocationContext(this, command, cancellationToken);
        KernelInvocationContext.Current = context;
        KernelPipelineContinuation run = HandleAsync;
        foreach (KernelCommandPipelineMiddleware middleware in Enumerable.Reverse(_middleware))
        {
            KernelPipelineContinuation next = run;
            run = (c, k) => middleware(c, k, next);
        }

        try
        {
            await run(command, context);
        }
        catch (Exception fault)
        {
            context.Fail(command, fault);
        }

        context.IsComplete = true;
        return new KernelCommandResult(context);
    }

    /// <summary>Runs a magic line by way of JSON, as the host does.</summary>
    internal async Task<KernelInvocationContext> RunAsync(string line, CancellationToken cancellation = default) => (await SendAsync(Parse(line), cancellation)).Context;

    internal abstract Task RunAsync(SubmitCode command, KernelInvocationContext context);

    private Task HandleAsync(KernelCommand command, KernelInvocationContext context)
    {
        if (command is SubmitCode code)
            return RunAsync(code, context);
        if (command is not UpdateDisplayedValue update)
            return _handlers[command.GetType()](command, context);
        Updates.Enqueue(update);
        return Task.CompletedTask;
    }

    private KernelCommand Parse(string line)
    {
        string[] words = line.Split(' ');
        var directive = (KernelActionDirective)KernelInfo.SupportedDirectives.Single(d => d.Name == words[0]);
        var values = new Dictionary<string, object>();
        foreach (KernelDirectiveParameter flag in directive.Parameters.Where(static p => p.Flag))
            values[CamelCase(flag)] = false;
        for (int i = 1; i < words.Length; i++)
        {
            bool isNamed = words[i].StartsWith('-');
            KernelDirectiveParameter parameter = directive.Parameters.Single(p => isNamed ? p.Name == words[i] : p.AllowImplicitName);
            values[CamelCase(parameter)] = parameter.Flag ? true : isNamed ? words[++i] : words[i];
        }

        foreach (KernelDirectiveParameter missing in directive.Parameters.Where(p => p.Required && !values.ContainsKey(CamelCase(p))))
            throw new InvalidOperationException($"(1,1): error DNI104: Missing required parameter '{missing.Name}'");
        values["invokedDirective"] = directive.Name;
        values["targetKernelName"] = Name;
        return (KernelCommand)JsonSerializer.Deserialize(JsonSerializer.Serialize(values), _commandTypes[directive.KernelCommandType!.Name], Json)!;
    }

    private static string CamelCase(KernelDirectiveParameter parameter)
    {
        string[] parts = parameter.Name.TrimStart('-').Split('-');
        return string.Concat(parts.Select(static (p, i) => i == 0 ? p : p[..1].ToUpperInvariant() + p[1..]));
    }
}

public class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> Running = new();

    internal KernelInvocationContext(Kernel kernel, KernelCommand command, CancellationToken cancellation) =>
        (HandlingKernel, Command, CancellationToken) = (kernel, command, cancellation);

    public static KernelInvocationContext Current
    {
        get => Running.Value!;
        internal set => Running.Value = value;
    }

    public Kernel HandlingKernel { get; internal set; }

    public KernelCommand Command { get; }

    public CancellationToken CancellationToken { get; }

    public bool IsComplete { get; internal set; }

    internal ConcurrentQueue<DisplayedValue> Shown { get; } = new();

    internal Exception? Exception { get; private set; }

    internal string? Failure { get; private set; }

    public void Fail(KernelCommand command, Exception? exception = null, string? message = null) => (Exception, Failure) = (exception, message ?? $"{exception}");
}

public static class KernelInvocationContextExtensions
{
    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes)
    {
        var displayed = new DisplayedValue(value, FormattedValue.CreateMany(value));
        context.Shown.Enqueue(displayed);
        return displayed;
    }
}

public static class KernelExtensions
{
    public static Task LoadAndRunInteractiveDocument(this Kernel kernel, FileInfo file, KernelCommand? parentCommand = null)
    {
        kernel.Documents.Add(file);
        return Task.CompletedTask;
    }
}
