using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Sums of products of elements, in Einstein's notation.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="equation">Such as "ij,jk->ik", "ii->i", "...ij->...ji"; without an arrow, the labels that occur once make the result.</param>
    /// <param name="inputs">As many operands as the equation has terms. DType: numbers.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Einsum".</remarks>
    public static Output Einsum(this Graph graph, string equation, ReadOnlySpan<Operand> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(equation);
        return graph.Add<EinsumOp>(name, new AttributeList { { "equation", EinsumEquation.Explicit(equation) }, { "N", (long)inputs.Length } }, inputs);
    }
}

internal sealed class EinsumOp() : ProductOp("Einsum(inputs: N * T) -> (output: T) where equation: string, N: int >= 1, T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => EinsumGradient.Build(g));

    public override void InferShapes(ShapeContext c)
    {
        Shape[] shapes = [.. Enumerable.Range(0, c.InputCount).Select(c.Input)];
        if (!Array.TrueForAll(shapes, static s => s.HasRank))
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        try
        {
            EinsumEquation equation = EinsumEquation.Parse(c.Attributes.String("equation"), [.. shapes.Select(static s => s.Rank)]);
            Dictionary<int, long> sizes = equation.Sizes(shapes);
            c.Output(0, [.. equation.Output.Select(label => sizes[label])]);
        }
        catch (FormatException e)
        {
            throw c.Fault(e.Message);
        }
    }

    protected override void Compute<T>(KernelContext c)
    {
        (EinsumEquation equation, Dictionary<int, long> sizes) = Read(c);
        var terms = new List<EinsumTerm<T>>();
        for (int i = 0; i < c.InputCount; i++)
            terms.Add(EinsumTerm<T>.Of(equation.Inputs[i], c.Input(i).Shape, c.Input(i).ToArray<T>(), sizes));
        T[] result = Contract(terms, equation, sizes, (a, b, r, m, n, k) => MatrixProduct.Multiply(a, b, r, m, n, k, false, false, c.Workers));
        result.CopyTo(c.AllocateOutput(0, [.. equation.Output.Select(label => sizes[label])]).MutableData<T>());
    }

    protected override void ComputeComplex(KernelContext c, Func<Tensor, Complex[]> read, Action<Tensor, Complex[]> write)
    {
        (EinsumEquation equation, Dictionary<int, long> sizes) = Read(c);
        var terms = new List<EinsumTerm<Complex>>();
        for (int i = 0; i < c.InputCount; i++)
            terms.Add(EinsumTerm<Complex>.Of(equation.Inputs[i], c.Input(i).Shape, read(c.Input(i)), sizes));
        Complex[] result = Contract(terms, equation, sizes, (a, b, r, m, n, k) => MatrixProduct.MultiplySmall<Complex>(a, b, r, m, n, k, false, false));
        write(c.AllocateOutput(0, [.. equation.Output.Select(label => sizes[label])]), result);
    }

    private static (EinsumEquation Equation, Dictionary<int, long> Sizes) Read(KernelContext c)
    {
        try
        {
            Shape[] shapes = [.. Enumerable.Range(0, c.InputCount).Select(i => c.Input(i).Shape)];
            EinsumEquation equation = EinsumEquation.Parse(c.Attributes.String("equation"), [.. shapes.Select(static s => s.Rank)]);
            return (equation, equation.Sizes(shapes));
        }
        catch (FormatException e)
        {
            throw c.InvalidArgument(e.Message);
        }
    }

    // Two terms at a time, from the left; labels that nobody needs any more are summed over as soon as possible.
    private static T[] Contract<T>(List<EinsumTerm<T>> terms, EinsumEquation equation, Dictionary<int, long> sizes, EinsumProduct<T> multiply)
        where T : unmanaged, INumberBase<T>
    {
        EinsumTerm<T> result = terms[0];
        for (int i = 1; i < terms.Count; i++)
        {
            HashSet<int> needed = [.. equation.Output, .. terms.Skip(i + 1).SelectMany(static t => t.Labels)];
            result = result.Times(terms[i], needed, sizes, multiply);
        }

        return result.Arranged(equation.Output, sizes);
    }
}
