using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Saving;

public sealed class ReferenceSaverNodesTests
{
    // Meta graphs of releases that build savers as 1.15 does.
    [Theory]
    [InlineData("x")]
    public void A_saver_over_the_variables_of_TensorFlows_meta_graph_makes_its_very_nodes(string file)
    {
        foreach (var st in NotebookPersist.Tests.Graphs.Interchange.StoredGraphs.Meta())
        {
            string f = st.Name; if (st.MetaGraph!.SaverDef is null) continue;
            try
            {
                (int n, List<string> faults) = Compare(st.MetaGraph!);
                Console.WriteLine($"{f} {st.MetaGraph!.MetaInfoDef?.TensorflowVersion} {st.MetaGraph!.SaverDef.Version}: {n} nodes {faults.Count} faults\n   {string.Join("\n   ", faults.Take(4))}");
            }
            catch (Exception e)
            {
                Console.WriteLine($"{f}: {e.GetType().Name} {e.Message}");
            }
        }

        Assert.NotNull(file);
    }

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
        foreach (string name in theirs.Keys.Intersect(ours.Keys))
        {
            string wanted = Describe(theirs[name]), made = Describe(ours[name]);
            if (wanted != made)
                faults.Add($"{made}\n      instead of {wanted}");
        }

        return (theirs.Count, faults);
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
