using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Graphs.Interchange;
using Xunit;

namespace NotebookPersist.Tests.Golden;

public sealed class OpSignatureTests
{
    [Fact]
    public void Every_signature_is_that_of_TensorFlow_1_15()
    {
        // The table was taken from TensorFlow 1.15's own definitions, not from this code, and is never rewritten from it.
        // The second table holds what later releases added and models of theirs need.
        var golden = RepositoryFiles.Lines("tests/golden/op-signatures.txt").Concat(RepositoryFiles.Lines("tests/golden/op-signatures-later.txt"))
            .ToDictionary(static l => l[..l.IndexOf('(', StringComparison.Ordinal)], StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (Op op in OpRegistry.BuiltIn.All)
        {
            if (!golden.TryGetValue(op.Signature.Name, out string? line))
                faults.Add($"TensorFlow has no operation '{op.Signature.Name}'.");
            else if (OpSignature.Parse(line.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)).ToOpDef() is var expected && !op.Signature.ToOpDef().Equals(expected))
                faults.Add($"{op.Signature.Name}: {op.Signature.ToOpDef()} instead of {expected}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Definitions_in_meta_graphs_of_many_releases_agree()
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        int compared = 0;
        foreach (StoredGraphs.StoredGraph stored in StoredGraphs.Meta())
        {
            string version = stored.MetaGraph?.MetaInfoDef?.TensorflowVersion ?? "";
            foreach (OpDef definition in stored.OpList?.Op ?? [])
            {
                if (!OpRegistry.BuiltIn.TryGet(definition.Name, out Op? op))
                    continue;
                compared++;
                if (Difference(definition, op.Signature.ToOpDef()) is { } fault)
                    faults.Add($"{definition.Name} of {version}: {fault}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(compared > 100, $"Only {compared} definitions were compared.");
    }

    // Other releases have fewer or more attributes, allow fewer or more types, and fix a type that was opened later; how many tensors there are stays.
    private static string? Difference(OpDef other, OpDef ours)
    {
        if (!Forms(other.InputArg).SequenceEqual(Forms(ours.InputArg)))
            return $"inputs {string.Join(", ", Forms(ours.InputArg))} instead of {string.Join(", ", Forms(other.InputArg))}";
        if (!Forms(other.OutputArg).SequenceEqual(Forms(ours.OutputArg)))
            return $"outputs {string.Join(", ", Forms(ours.OutputArg))} instead of {string.Join(", ", Forms(other.OutputArg))}";
        foreach (OpDef.Types.AttrDef attr in ours.Attr)
        {
            OpDef.Types.AttrDef? same = other.Attr.FirstOrDefault(a => a.Name == attr.Name);
            if (same is null && attr.DefaultValue is null)
                return $"attribute '{attr.Name}' has no default";
            if (same is not null && same.Type != attr.Type)
                return $"attribute '{attr.Name}' is {attr.Type} instead of {same.Type}";
        }

        return null;
    }

    private static IEnumerable<string> Forms(IEnumerable<OpDef.Types.ArgDef> args) =>
        args.Select(static a => (a.NumberAttr.Length > 0 ? "N tensors" : a.TypeListAttr.Length > 0 ? "tensors" : "tensor") + (a.IsRef ? " by reference" : ""));
}
