using System.Buffers.Binary;
using System.Reflection;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Notebooks.Coverage;

/// <summary>Which facade members make which operations, read from the compiled builders themselves.</summary>
/// <remarks>
/// A builder names its operation as a type argument (<c>graph.Add&lt;ReluOp&gt;</c>) or as text (<c>AddOperation("AddN", ...)</c>); both stand in its
/// instructions. What a builder makes through another one, or in a lambda, counts for that other one.
/// </remarks>
internal static class BuilderCalls
{
    // Source: ECMA-335, partition III: each is followed by a token of four bytes.
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6F;
    private const byte LoadText = 0x72;
    private const int TokenByteCount = 4;

    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Facade members by the operation that they make.</summary>
    public static ILookup<string, string> ByOperation(OpRegistry registry)
    {
        Dictionary<string, string[]> shown = FacadeNames();
        Dictionary<Type, string> names = registry.All.ToDictionary(static o => o.GetType(), static o => o.Signature.Name);
        var made = new HashSet<(string Operation, string Member)>();
        foreach (MethodInfo builder in Builders())
        {
            foreach (string operation in OperationsIn(builder, names, registry))
            {
                foreach (string member in shown.GetValueOrDefault(builder.Name, []))
                    made.Add((operation, member));
            }
        }

        return made.OrderBy(static m => m.Member, StringComparer.Ordinal).ToLookup(static m => m.Operation, static m => m.Member);
    }

    private static IEnumerable<MethodInfo> Builders() =>
        new[] { typeof(GraphOps), typeof(LayerFunctions), typeof(LossFunctions), typeof(SummaryFunctions) }.SelectMany(static t => t.GetMethods(Own));

    // By name alone: overloads make the same operation, and a facade member has the name of its builder.
    private static Dictionary<string, string[]> FacadeNames() => new[] { typeof(tf) }.Concat(typeof(tf).GetNestedTypes())
        .SelectMany(static t => t.GetMethods(Own).Select(m => (m.Name, Path: t == typeof(tf) ? $"tf.{m.Name}" : $"tf.{t.Name}.{m.Name}")))
        .Distinct()
        .GroupBy(static m => m.Name, static m => m.Path)
        .ToDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);

    private static IEnumerable<string> OperationsIn(MethodInfo builder, Dictionary<Type, string> names, OpRegistry registry)
    {
        byte[] code = builder.GetMethodBody()?.GetILAsByteArray() ?? [];
        bool namesOne = false;
        var texts = new List<string>();
        var found = new List<string>();
        for (int at = 0; at + TokenByteCount < code.Length; at++)
        {
            int token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at + 1));
            if (code[at] == LoadText && TextOf(builder.Module, token) is { } text && registry.TryGet(text, out _))
                texts.Add(text);
            if (code[at] is not (Call or CallVirtual) || MethodOf(builder.Module, token) is not { } called)
                continue;
            namesOne |= called.Name == "AddOperation";
            if (called.IsGenericMethod)
                found.AddRange(called.GetGenericArguments().Where(names.ContainsKey).Select(t => names[t]));
        }

        return namesOne ? found.Concat(texts) : found;
    }

    // A byte that looks like an instruction may be part of a number; then what follows is no token.
    private static MethodBase? MethodOf(Module module, int token)
    {
        try
        {
            return module.ResolveMethod(token);
        }
        catch (Exception none) when (none is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }

    private static string? TextOf(Module module, int token)
    {
        try
        {
            return module.ResolveString(token);
        }
        catch (Exception none) when (none is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }
}
