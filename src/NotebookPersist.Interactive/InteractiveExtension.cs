using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Interactive;

/// <summary>This library in a C# kernel of .NET Interactive: what the script in the package calls.</summary>
/// <remarks>
/// The script alone knows the host's types, so that the package fits every version of the host that has them.
/// Thread safety: one cell at a time.
/// </remarks>
public sealed class InteractiveExtension
{
    private readonly ScriptVariables _variables;
    private readonly ExtensionHost _host;
    private readonly Workspace _workspace;
    private CellRun? _running;

    private InteractiveExtension(ScriptVariables variables)
    {
        _variables = variables;
        _host = new ExtensionHost(variables);
        _workspace = new Workspace(variables.Read) { Host = _host };
    }

    /// <summary>The magics that the host does not have itself, ordered by name.</summary>
    public IReadOnlyList<Magic> Magics { get; } = [.. Magic.All.Where(static m => !m.IsOfHost)];

    /// <summary>Registers the displays with the host's formatters, and takes the kernel's variables as the notebook's.</summary>
    /// <param name="kernel">The host's C# kernel.</param>
    /// <exception cref="MagicException">It is another kernel.</exception>
    public static InteractiveExtension For(object kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        HostFSharpCore.Accept();
        var extension = new InteractiveExtension(new ScriptVariables(kernel));
        Displays.Register();
        return extension;
    }

    /// <summary>Says in one line what was loaded.</summary>
    /// <param name="added">Names of the magics that were added.</param>
    public string Describe(IReadOnlyCollection<string> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        string version = typeof(InteractiveExtension).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        return $"NotebookPersist {version}: displays for {Displays.All.Count} types, magics {string.Join(", ", added)}. Cells need 'using NotebookPersist;'.";
    }

    /// <summary>True for the parameter that is given without its name; the host knows one for each magic.</summary>
    public bool IsImplicit(Magic magic, MagicParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(magic);
        return magic.Parameters.FirstOrDefault(static p => p.IsPositional) == parameter;
    }

    /// <summary>What a parameter may be given, for completion.</summary>
    public IEnumerable<string> ValuesFor(MagicParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return ParameterValues.For(_workspace, parameter.Name, parameter.Value);
    }

    /// <summary>The text/html form of something that a magic shows.</summary>
    public string HtmlOf(object value)
    {
        if (Displays.TryRender(value, out MimeBundle? bundle) && bundle.Html is { } shown)
            return shown;
        return $"<pre>{WebUtility.HtmlEncode(bundle?.Text ?? $"{value}")}</pre>";
    }

    /// <summary>Runs a magic. What is wrong with it never throws.</summary>
    /// <param name="values">Values of its parameters as the host's parser gives them, and its name as <c>invokedDirective</c>.</param>
    /// <param name="show">Shows a value and gives a way to replace it.</param>
    /// <param name="import">Runs the cells of a notebook or script.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<MagicOutcome> RunAsync(
        IReadOnlyDictionary<string, object?> values, Func<object, Action<object>> show, Func<string, Task> import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(show);
        ArgumentNullException.ThrowIfNull(import);
        string name = DirectiveValues.NameOf(values);
        Session.AmbientCancellation = cancellation;
        try
        {
            Magic magic = Magics.FirstOrDefault(m => m.Name == name) ?? throw new MagicException($"NotebookPersist adds no magic '{name}' here.");
            object? shown = await Magic
                .RunAsync(name, [.. DirectiveValues.WordsOf(magic, values)], null, _workspace, value => new LiveDisplay(show(value)), cancellation)
                .ConfigureAwait(false);
            foreach (CellVariable variable in _host.TakeVariables())
                await _variables.DeclareAsync(variable).ConfigureAwait(false);
            if (_host.TakeDocuments() is not { Count: > 0 } paths)
                return new MagicOutcome(shown, null);

            // What is run shows its own output, behind the words about it.
            if (shown is not null)
                show(shown);
            foreach (string path in paths)
                await import(path).ConfigureAwait(false);
            return new MagicOutcome(null, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new MagicOutcome(null, $"{name} was interrupted.");
        }
        catch (Exception fault)
        {
            return new MagicOutcome(null, PlainMessages.Of(fault));
        }
    }

    /// <summary>C# is about to run: what its last run made goes, and what is made now belongs to it.</summary>
    /// <param name="code">Its text, by which it is known: the host tells no identity of cells.</param>
    /// <param name="cancellation">Stops runs of graphs in it.</param>
    /// <returns>A warning naming operations of other cells that had to go as well; null where there are none.</returns>
    public string? BeginCell(string code, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(code);
        string cell = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)).AsSpan(0, 8));
        Session.AmbientCancellation = cancellation;
        ChartPage.BeginCell(cell);
        _running = new CellRun(_host.Runs.Count + 1, cell, code, "run");
        return _workspace.BeginCell(cell);
    }

    /// <summary>It has run.</summary>
    public void EndCell()
    {
        _workspace.EndCell();
        if (_running is not null)
            _host.Note(_running);
        _running = null;
    }

    private sealed class LiveDisplay(Action<object> update) : ILiveDisplay
    {
        public void Update(object value) => update(value);
    }
}
