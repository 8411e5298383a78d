namespace NotebookPersist.Benchmarks;

/// <summary>A model with the shapes of VGG-16: 34 tensors, 138,357,544 float32 and two small ones.</summary>
internal static class VggModel
{
    private static readonly int[][] Convolutions = [[3, 64, 64], [64, 128, 128], [128, 256, 256, 256], [256, 512, 512, 512], [512, 512, 512, 512]];

    /// <summary>Its variables in a graph of their own.</summary>
    public static Graph Graph()
    {
        var graph = new Graph();
        foreach ((string name, long[] shape) in Shapes())
            graph.Variable(graph.Fill(shape, 0.5f), name: name);
        graph.Variable(0L, name: "global_step");
        return graph;
    }

    /// <summary>Its variables with values.</summary>
    public static (Graph Graph, Session Session) Create()
    {
        Graph graph = Graph();
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return (graph, session);
    }

    /// <summary>The network over its variables, from <c>input</c> to scores.</summary>
    public static Output Forward(Graph graph)
    {
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 224, 224, 3 }, "input");
        for (int block = 0; block < Convolutions.Length; block++)
        {
            for (int i = 1; i < Convolutions[block].Length; i++)
                x = graph.Relu(Layer(graph, x, $"vgg_16/conv{block + 1}/conv{block + 1}_{i}", "SAME"));
            x = graph.MaxPool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME");
        }

        x = graph.Relu(Layer(graph, x, "vgg_16/fc6", "VALID"));
        x = graph.Relu(Layer(graph, x, "vgg_16/fc7", "VALID"));
        return graph.Squeeze(Layer(graph, x, "vgg_16/fc8", "VALID"), [1, 2], "scores");
    }

    private static Output Layer(Graph graph, Output x, string scope, string padding) => graph.BiasAdd(
        graph.Conv2D(x, graph.GetTensorByName(scope + "/weights/read:0"), [1, 1, 1, 1], padding), graph.GetTensorByName(scope + "/biases/read:0"));

    private static IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        for (int block = 0; block < Convolutions.Length; block++)
        {
            for (int i = 1; i < Convolutions[block].Length; i++)
            {
                string scope = $"vgg_16/conv{block + 1}/conv{block + 1}_{i}";
                yield return (scope + "/weights", [3, 3, Convolutions[block][i - 1], Convolutions[block][i]]);
                yield return (scope + "/biases", [Convolutions[block][i]]);
            }
        }

        yield return ("vgg_16/fc6/weights", [7, 7, 512, 4096]);
        yield return ("vgg_16/fc6/biases", [4096]);
        yield return ("vgg_16/fc7/weights", [1, 1, 4096, 4096]);
        yield return ("vgg_16/fc7/biases", [4096]);
        yield return ("vgg_16/fc8/weights", [1, 1, 4096, 1000]);
        yield return ("vgg_16/fc8/biases", [1000]);
        yield return ("vgg_16/mean_rgb", [3]);
    }
}
