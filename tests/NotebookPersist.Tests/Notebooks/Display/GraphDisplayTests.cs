using System.Diagnostics;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Layout;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

public sealed class GraphDisplayTests
{
    [Fact]
    public void A_graph_tells_its_counts_and_inputs()
    {
        var graph = new Graph();
        graph.Placeholder(DType.Float32, [1], name: "input_holder");
        graph.Variable(5f, "W1");
        MimeBundle bundle = Fragments.Render(graph);

        Assert.StartsWith("Graph: 5 operations, 1 variable (1 parameter, 4 B)\ninputs: input_holder float32 [1]", bundle.Text, StringComparison.Ordinal);
        Assert.Contains(">input_holder</text>", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("<title>W1", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_graph_tells_the_types_of_its_outputs_not_of_what_they_are_computed_from()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [1], name: "x");
        graph.Greater(x, 50f, name: "predictions");

        Assert.Contains("outputs: predictions bool", Fragments.Render(graph.ToGraphDef()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Operations_outputs_variables_and_their_lists_are_shown()
    {
        var graph = new Graph();
        Variable variable = graph.Variable(5f, "W1");

        Assert.Contains("W1/read", Fragments.Render(variable.Operation).Html, StringComparison.Ordinal);
        Assert.Contains("float32", Fragments.Render(variable.Value).Html, StringComparison.Ordinal);
        Assert.Contains("trainable", Fragments.Render(variable).Html, StringComparison.Ordinal);
        Assert.Contains("W1/Assign", Fragments.Render(graph.GetOperations()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_graphs_of_real_models_are_shown_small()
    {
        string[] files = [.. SharedFiles.Enumerate("fixtures/metagraph", "*.meta").Concat(SharedFiles.Enumerate("fixtures/v1ckpt", "*.meta")).Take(20)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            MetaGraphDef meta = MetaGraphDef.Parser.ParseFrom(File.ReadAllBytes(file));
            MimeBundle bundle = Fragments.Render(meta);

            Assert.StartsWith("MetaGraph: ", bundle.Text, StringComparison.Ordinal);
            Assert.True(Count(bundle.Html!, "<rect ") < 200, $"{SharedFiles.Relative(file)} is drawn as too many boxes.");
        }
    }

    [Fact]
    public void A_frozen_network_tells_its_output()
    {
        var graph = GraphDef.Parser.ParseFrom(File.ReadAllBytes(SharedFiles.Path("fixtures/frozen/dl4j-lenet/lenet_frozen.pb")));

        Assert.Contains("\noutputs: output int64", Fragments.Render(graph).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_are_drawn_with_a_dashed_edge_back()
    {
        var graph = GraphDef.Parser.ParseFrom(File.ReadAllBytes(SharedFiles.Path("fixtures/expected/dl4j-tf-graphs/simplewhile_0/frozen_model.pb")));

        Assert.Contains("closes a loop", Fragments.Render(graph).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_5000_nodes_without_scopes_is_folded_and_says_so()
    {
        var graph = new GraphDef();
        for (int i = 0; i < 5000; i++)
        {
            var node = new NodeDef { Name = $"n{i}", Op = i == 0 ? "Placeholder" : "Add" };
            if (i > 0)
                node.Input.AddRange([$"n{i - 1}", $"n{i / 2}"]);
            graph.Node.Add(node);
        }

        var watch = Stopwatch.StartNew();
        string html = Fragments.Render(graph).Html!;

        Assert.Contains("drawn as runs", html, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Faults_of_a_stored_graph_are_counted_not_thrown()
    {
        var graph = new GraphDef
        {
            Node =
            {
                new NodeDef { Name = "a", Op = "Add", Input = { "missing", "a", "^a" } },
                new NodeDef { Name = "a", Op = "NoOp" },
                new NodeDef { Name = "", Op = "" },
                new NodeDef { Name = "/x//y/", Op = "Const" },
            },
        };

        Assert.Contains("1 input from missing nodes", Fragments.Render(graph).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_of_a_layout_never_overlap_and_edges_run_downwards()
    {
        var random = new Random(5);
        LayoutSize[] sizes = [.. Enumerable.Range(0, 80).Select(_ => new LayoutSize(30 + random.Next(90), 20 + random.Next(20)))];
        LayoutEdge[] edges = [.. Enumerable.Range(1, 79).SelectMany(i => new[] { new LayoutEdge(random.Next(i), i), new LayoutEdge(random.Next(i), i) }).Distinct()];
        LayeredLayout layout = LayeredLayout.Compute(sizes, edges);

        for (int a = 0; a < sizes.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                bool apart = Math.Abs(layout.Centres[a].X - layout.Centres[b].X) >= ((sizes[a].Width + sizes[b].Width) / 2) - .01
                    || Math.Abs(layout.Centres[a].Y - layout.Centres[b].Y) >= ((sizes[a].Height + sizes[b].Height) / 2) - .01;
                Assert.True(apart, $"Boxes {a} and {b} overlap.");
            }
        }

        foreach (LayoutEdge edge in edges)
            Assert.True(layout.Centres[edge.From].Y < layout.Centres[edge.To].Y);
        Assert.DoesNotContain(true, layout.IsBack);
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
