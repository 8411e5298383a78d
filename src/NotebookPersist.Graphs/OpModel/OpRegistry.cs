using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>The operation types that can be built and run.</summary>
/// <remarks>Thread safety: immutable; <see cref="With"/> gives a copy.</remarks>
public sealed class OpRegistry
{
    private const BindingFlags Instances = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly FrozenDictionary<string, Op> _byName;
    private readonly FrozenDictionary<Type, Op> _byType;

    private OpRegistry(IEnumerable<Op> ops)
    {
        Op[] all = [.. ops];
        _byName = all.ToFrozenDictionary(static o => o.Signature.Name, StringComparer.Ordinal);
        _byType = all.ToFrozenDictionary(static o => o.GetType());
    }

    /// <summary>Every operation type of this assembly.</summary>
    public static OpRegistry BuiltIn { get; } = new(Scan());

    /// <summary>All types, ordered by name.</summary>
    public IEnumerable<Op> All => _byName.Values.OrderBy(static o => o.Signature.Name, StringComparer.Ordinal);

    /// <summary>Number of types.</summary>
    public int Count => _byName.Count;

    /// <summary>A registry that knows further types.</summary>
    /// <exception cref="ArgumentException">A type of that name is already known.</exception>
    public OpRegistry With(params ReadOnlySpan<Op> ops) => new([.. _byName.Values, .. ops]);

    /// <summary>Finds a type by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Op? op) => _byName.TryGetValue(name, out op);

    /// <summary>The one instance of an operation class.</summary>
    public Op Get<TOp>()
        where TOp : Op => _byType[typeof(TOp)];

    private static IEnumerable<Op> Scan() => typeof(OpRegistry).Assembly.GetTypes()
        .Where(static t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsSubclassOf(typeof(Op)) && t.GetConstructor(Instances, Type.EmptyTypes) is not null)
        .Select(static t => (Op)Activator.CreateInstance(t, nonPublic: true)!);
}
