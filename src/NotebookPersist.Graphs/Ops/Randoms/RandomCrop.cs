using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A part of a value, at a place drawn anew in each run.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Any shape.</param>
    /// <param name="size">Shape: [rank]. Sizes of the part, at most those of the value.</param>
    /// <param name="seed">Makes the places the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.random_crop</c>, with its numbers for the same seeds.</remarks>
    public static Output RandomCrop(this Graph graph, Operand value, Operand size, int? seed = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "random_crop");
        Output whole = graph.Convert(value, name: "value");
        Output part = graph.Convert(size, DType.Int32, "size");
        Output shape = graph.Shape(whole);
        Operation check = graph.Assert(graph.ReduceAll(graph.GreaterEqual(shape, part)), ["Need value.shape >= size, got ", shape, part], 1000);
        using (graph.ControlDependencies(check))
            shape = graph.Identity(shape, "control_dependency");
        Output limit = shape - part + 1;
        Output drawn = graph.RandomUniform(graph.Shape(shape), 0, int.MaxValue, DType.Int32, seed);
        return graph.Slice(whole, graph.FloorMod(drawn, limit), part, scope.Name);
    }

    /// <summary>Numbers of a gamma distribution, for each of some parameters.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape: [rank]. How many numbers are drawn for each parameter.</param>
    /// <param name="alpha">The shape parameter.</param>
    /// <param name="beta">The rate; 1 by default.</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: <paramref name="shape"/>, then that of alpha and beta broadcast.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.random_gamma</c>.</remarks>
    public static Output RandomGamma(this Graph graph, Operand shape, Operand alpha, Operand beta = default, DType dtype = DType.Float32, int? seed = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "random_gamma");
        Output sizes = graph.Convert(shape, DType.Int32, "shape");
        Output form = graph.Convert(alpha, dtype, "alpha");
        Output rate = graph.Convert(beta.IsMissing ? 1 : beta, dtype, "beta");
        Output forms = form + graph.ZerosLike(rate);
        (long first, long second) = graph.SeedsFor(seed);
        Output drawn = graph.Add<RandomGammaOp>(null, new AttributeList { { "seed", first }, { "seed2", second } }, sizes, forms);
        double tiny = dtype switch
        {
            DType.Float16 => Math.ScaleB(1, -14),
            DType.Float64 => Math.ScaleB(1, -1022),
            _ => Math.ScaleB(1, -126),
        };
        return graph.Maximum(graph.Constant(tiny, dtype), drawn / rate);
    }
}
