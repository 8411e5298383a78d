using System.Collections.ObjectModel;

// Signatures as in the last public sources of dotnet/interactive, as far as extension.dib uses them. What is internal here serves the tests.
namespace Microsoft.DotNet.Interactive.Directives;

public abstract class KernelDirective
{
    protected KernelDirective(string name)
    {
        Name = name;
        Parameters = new ParameterCollection();
    }

    public string Name { get; init; }

    public string? Description { get; set; }

    public ICollection<KernelDirectiveParameter> Parameters { get; }

    private sealed class ParameterCollection : Collection<KernelDirectiveParameter>
    {
        // The host refuses these as well.
        protected override void InsertItem(int index, KernelDirectiveParameter item)
        {
            if (this.Any(p => p.Name == item.Name))
                throw new ArgumentException($"Directive already contains a parameter named '{item.Name}'.");
            if (item.AllowImplicitName && this.Any(static p => p.AllowImplicitName))
                throw new ArgumentException("Only one parameter on a directive can have AllowImplicitName set to true.");
            base.InsertItem(index, item);
        }
    }
}

public class KernelActionDirective : KernelDirective
{
    public KernelActionDirective(string name, string? description = null)
        : base(name) => Description = description;

    public Type? KernelCommandType { get; set; }
}

public class KernelDirectiveParameter
{
    private readonly List<Func<IEnumerable<string>>> _completions = [];

    public KernelDirectiveParameter(string name, string? description = null) => (Name, Description) = (name, description ?? "");

    public string Name { get; }

    public string Description { get; init; }

    public bool AllowImplicitName { get; init; }

    public bool Required { get; init; }

    public bool Flag { get; init; }

    public KernelDirectiveParameter AddCompletions(Func<KernelDirectiveCompletionContext, Task> getCompletions) => throw new NotSupportedException();

    public KernelDirectiveParameter AddCompletions(Func<IEnumerable<string>> getCompletions)
    {
        _completions.Add(getCompletions);
        return this;
    }

    internal IEnumerable<string> Completions() => _completions.SelectMany(static c => c());
}

public class KernelDirectiveCompletionContext
{
}
