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
