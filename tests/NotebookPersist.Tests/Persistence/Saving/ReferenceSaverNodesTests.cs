using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Graphs.Interchange;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Saving;

/// <summary>A saver built over the variables of TensorFlow's own meta graphs, node by node beside the saver that is in them.</summary>
public sealed class ReferenceSaverNodesTests(ITestOutputHelper output)
{
    [Fact]
    public void A_saver_over_the_variables_of_TensorFlows_meta_graphs_makes_their_very_nodes()
    {
        int graphs = 0, nodes = 0, resources = 0, sharded = 0;
        foreach (StoredGraphs.StoredGraph stored in StoredGraphs.Meta().Where(static g => IsBuiltAsIn115(g.MetaGraph!)))
        {
            (int count, List<string> faults) = Compare(stored.MetaGraph!);
            Assert.True(faults.Count == 0, $"{stored.Name}:\n{string.Join('\n', faults)}");
            output.WriteLine($"{stored.Name} of {stored.MetaGraph!.MetaInfoDef.TensorflowVersion}: {count} nodes.");
            graphs++;
            nodes += count;
            resources += stored.GraphDef.Node.Any(static n => n.Op == "VarHandleOp") ? 1 : 0;
            sharded += stored.MetaGraph!.SaverDef.Sharded ? 1 : 0;
        }

        output.WriteLine($"{graphs} savers with {nodes} nodes; {resources} of resource variables, {sharded} sharded.");
        Assert.True(graphs >= 10 && nodes >= 1000 && resources >= 3 && sharded >= 4);
    }

    // Releases 1.13 to 1.15, and those before and after whose savers have the same nodes.
    private static bool IsBuiltAsIn115(MetaGraphDef meta) => meta.SaverDef is { } saver && meta.MetaInfoDef?.TensorflowVersion is { } version
        && (version.StartsWith("1.13", StringComparison.Ordinal) || version.StartsWith("1.14", StringComparison.Ordinal) || version.StartsWith("1.15", StringComparison.Ordinal) || version == "1.12.0-rc0")
        && saver.RestoreOpName.Contains('/', StringComparison.Ordinal);

    private static (int, List<string>) Compare(MetaGraphDef meta)
    {
        SaverDef saver = meta.SaverDef;
        string scope = saver.RestoreOpName[..(saver.RestoreOpName.LastIndexOf('/') + 1)];
        Dictionary<string, NodeDef> theirs = meta.GraphDef.Node.Where(n => n.Name.StartsWith(scope, StringComparison.Ordinal)).ToDictionary(static n => n.Name);
        MetaGraphDef without = meta.Clone();
        without.GraphDef.Node.Clear();
        without.GraphDef.Node.AddRange(meta.GraphDef.Node.Where(n => !n.Name.StartsWith(scope, StringComparison.Ordinal)));
        var graph = new Graph();
        MetaGraphs.Import(graph, without, restoreCollections: static k => k is GraphKeys.GlobalVariables or GraphKeys.TrainableVariables);
        var built = new Saver(sharded: saver.Sharded, maxToKeep: saver.MaxToKeep, keepCheckpointEveryNHours: saver.KeepCheckpointEveryNHours, name: scope[..^1], writeVersion: saver.Version, graph: graph);
        var faults = new List<string>();
        if (!built.Definition.Equals(saver))
            faults.Add($"definition {built.Definition} instead of {saver}");
        Dictionary<string, NodeDef> ours = graph.ToGraphDef().Node.Where(n => n.Name.StartsWith(scope, StringComparison.Ordinal)).ToDictionary(static n => n.Name);
        faults.AddRange(theirs.Keys.Except(ours.Keys).Select(static n => $"missing {n}"));
        faults.AddRange(ours.Keys.Except(theirs.Keys).Select(static n => $"extra {n}"));
        bool devicesCleared = meta.GraphDef.Node.All(static n => n.Device.Length == 0);
        foreach (string name in theirs.Keys.Intersect(ours.Keys))
        {
            if (devicesCleared)
                ours[name].Device = "";
            if (meta.MetaInfoDef.StrippedDefaultAttrs)
                StripDefaults(ours[name], meta.MetaInfoDef.StrippedOpList);
            string wanted = Describe(theirs[name]), made = Describe(ours[name]);
            if (wanted != made)
                faults.Add($"{made}\n      instead of {wanted}");
        }

        return (theirs.Count, faults);
    }

    private static void StripDefaults(NodeDef node, OpList definitions)
    {
        foreach (OpDef.Types.AttrDef attribute in definitions.Op.First(o => o.Name == node.Op).Attr)
        {
            if (attribute.DefaultValue is { } value && node.Attr.TryGetValue(attribute.Name, out AttrValue? own) && own.Equals(value))
                node.Attr.Remove(attribute.Name);
        }
    }

    private static string Describe(NodeDef node)
    {
        NodeDef plain = node.Clone();
        plain.Attr.Remove("_output_shapes");
        string[] inputs = [.. plain.Input.Where(static i => i[0] != '^'), .. plain.Input.Where(static i => i[0] == '^').Order(StringComparer.Ordinal)];
        IEnumerable<string> attrs = plain.Attr.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Text(plain, a.Value)}");
        return $"{plain.Name} = {plain.Op}({string.Join(", ", inputs)}) @{plain.Device} {string.Join(" ", attrs)}";
    }

    private static string Text(NodeDef node, AttrValue value)
    {
        if (value.Tensor is not { } tensor)
            return value.ToString();
        Tensor read = TensorProtos.Decode(tensor, node.Name);
        return node.Name.EndsWith("StringJoin/inputs_1", StringComparison.Ordinal) ? "a temporary name" : $"{read.DType} {read.Shape} {read}";
    }
}
