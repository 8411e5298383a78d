using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Graphs.Interchange;

/// <summary>Shapes told from nodes alone, against those that TensorFlow wrote beside them.</summary>
public sealed class StoredShapeTests(ITestOutputHelper output)
{
    [Fact]
    public void Shapes_that_are_inferred_are_those_that_TensorFlow_stored()
    {
        int same = 0, more = 0;
        var less = new Dictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        var wrong = new Dictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        foreach (StoredGraphs.StoredGraph stored in StoredGraphs.Meta())
        {
            var shapes = new Dictionary<string, IReadOnlyList<Shape>>(StringComparer.Ordinal);
            GraphDef bare = stored.GraphDef.Clone();
            foreach (NodeDef node in bare.Node)
            {
                if (node.Attr.Remove("_output_shapes", out AttrValue? known) && known?.List is { Shape.Count: > 0 } list)
                    shapes.Add(node.Name, [.. list.Shape.Select(static s => s.ToShape())]);
            }

            if (shapes.Count == 0)
                continue;
            var graph = new Graph();
            graph.ImportGraphDef(bare, "", producerOpList: stored.OpList);
            foreach (Operation operation in graph.Operations.Where(o => o.Definition is not null && shapes.ContainsKey(o.Name)))
            {
                for (int i = 0; i < Math.Min(operation.Outputs.Count, shapes[operation.Name].Count); i++)
                {
                    Shape ours = operation[i].Shape, theirs = shapes[operation.Name][i];
                    if (ours == theirs || (!ours.HasRank && !theirs.HasRank))
                        same++;
                    else if (!ours.IsCompatibleWith(theirs))
                        Note(wrong, operation, i, ours, theirs, stored.Name);
                    else if (Knows(theirs) > Knows(ours) && operation.Inputs.All(input => IsAsKnown(input, shapes)))
                        Note(less, operation, i, ours, theirs, stored.Name);
                    else
                        more++;
                }
            }
        }

        output.WriteLine($"{same} shapes are the same, {more} follow from other inputs or tell more, {less.Values.Sum(static l => l.Count)} tell less, {wrong.Values.Sum(static w => w.Count)} contradict.");
        foreach ((string type, (int count, string example)) in less.OrderByDescending(static l => l.Value.Count))
            output.WriteLine($"less: {type} {count}: {example}");
        foreach ((string type, (int count, string example)) in wrong.OrderByDescending(static w => w.Value.Count))
            output.WriteLine($"wrong: {type} {count}: {example}");
        Assert.True(same > 20_000, $"{same} shapes are the same.");
        Assert.Empty(wrong);

        // Python told most of these: shapes of gradients, of what a checkpoint holds, of what functions give. Two are slices of nce_loss in word2vec, whose sizes
        // are computed of a known shape and -1. The more types are known, the more nodes are compared: what is known of their inputs decides. Since the elements of
        // iterators have shapes, that is so for 18 tiles and reshapes of one graph, whose sizes release 2.9 worked out of them.
        Assert.True(less.Values.Sum(static l => l.Count) <= 1039, $"{less.Values.Sum(static l => l.Count)} shapes tell less.");
    }

    private static void Note(Dictionary<string, (int Count, string Example)> notes, Operation operation, int index, Shape ours, Shape theirs, string file) => notes[operation.Type] =
        notes.TryGetValue(operation.Type, out (int Count, string Example) known) ? (known.Count + 1, known.Example) : (1, $"{operation}:{index} {ours} instead of {theirs} in {file}");

    // Whether as much is known of an input as TensorFlow knew.
    private static bool IsAsKnown(Output input, Dictionary<string, IReadOnlyList<Shape>> shapes) =>
        !shapes.TryGetValue(input.Operation.Name, out IReadOnlyList<Shape>? known) || input.Index >= known.Count || Knows(input.Shape) >= Knows(known[input.Index]);

    private static int Knows(Shape shape) => shape.HasRank ? 1 + shape.Count(static d => d >= 0) : 0;
}
