using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sum of several values of one shape.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">At least one. DType: numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The only input itself where there is just one and no name is asked for.</returns>
    /// <remarks>Source: TensorFlow op "AddN".</remarks>
    public static Output AddN(this Graph graph, ReadOnlySpan<Operand> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (inputs.IsEmpty)
            throw new ArgumentException("There must be at least one value to add.", nameof(inputs));
        if (inputs is [{ Output: { } only }])
            return name is null ? only : graph.Identity(only, name);
        return graph.Add<AddNOp>(name, inputs);
    }

    /// <summary>The sum of several values of one shape, which must be known.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">At least one. DType: numbers.</param>
    /// <param name="shape">Shape of all; by default that of the first.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "AccumulateNV2".</remarks>
    public static Output AccumulateN(this Graph graph, ReadOnlySpan<Operand> inputs, Shape? shape = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (inputs.IsEmpty)
            throw new ArgumentException("There must be at least one value to add.", nameof(inputs));
        Shape common = shape ?? inputs[0].Output?.Shape ?? inputs[0].Value!.Shape;
        if (inputs is [{ Output: { } only }])
            return name is null ? only : graph.Identity(only, name);
        return graph.Add<AccumulateNV2Op>(name, new AttributeList { { "shape", common } }, inputs);
    }
}

internal abstract class ManyAddedOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var gradients = new Output?[g.InputCount];
        Array.Fill(gradients, g.Dy(0));
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
            shape = c.Merge(shape, c.Input(i));
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 1; i < c.InputCount; i++)
        {
            if (c.Input(i).Shape != c.Input(0).Shape)
                throw c.InvalidArgument($"Inputs to operation {c.Operation.Name} of type {c.Operation.Type} must have the same size and shape.  Input 0: {c.Input(0).Shape} != input {i}: {c.Input(i).Shape}");
        }

        switch (c.Input(0).DType)
        {
            case DType.Variant:
                AddLists(c);
                break;
            case DType.BFloat16:
                Run(c, ElementwiseLoops.Widened((BinaryBody<float, float, float>)TensorPrimitives.Add));
                break;
            case DType.Complex64:
                Run<Complex64>(c, static (x, y, z) =>
                {
                    for (int i = 0; i < z.Length; i++)
                        z[i] = new Complex64(x[i].Real + y[i].Real, x[i].Imaginary + y[i].Imaginary);
                });
                break;
            case var type when NumberLoops.IsSupported(type):
                NumberLoops.Run(type, new Adding(c));
                break;
            default:
                throw c.Unsupported(c.Input(0).DType);
        }
    }

    private static void AddLists(KernelContext c)
    {
        object?[] sums = c.Input(0).Objects.ToArray();
        for (int i = 1; i < c.InputCount; i++)
        {
            for (int k = 0; k < sums.Length; k++)
                sums[k] = sums[k] is TensorList left && c.Input(i).Objects[k] is TensorList right ? left.Plus(right) : throw c.Unsupported(DType.Variant);
        }

        c.Output(0, Tensor.OfObjects(DType.Variant, c.Input(0).Shape, sums));
    }

    private static void Run<T>(KernelContext c, BinaryBody<T, T, T> add)
        where T : unmanaged
    {
        Tensor first = c.Input(0);
        if (c.InputCount == 1)
        {
            c.Output(0, first);
            return;
        }

        // An output that takes over an input's bytes would spoil an input that is given twice.
        Tensor sum = c.AllocateOutput(0, first.Shape);
        BroadcastPlan plan = BroadcastPlan.TryCreate(first.Shape, first.Shape)!; // A shape always meets itself.
        ElementwiseLoops.Binary(first, c.Input(1), sum, plan, add, c.Workers);
        for (int i = 2; i < c.InputCount; i++)
            ElementwiseLoops.Binary(sum, c.Input(i), sum, plan, add, c.Workers);
    }

    private readonly record struct Adding(KernelContext Context) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T> => ManyAddedOp.Run<T>(Context, TensorPrimitives.Add);
    }
}

internal sealed class AddNOp() : ManyAddedOp(
    "AddN(inputs: N * T) -> (sum: T) where N: int >= 1, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64 | variant; aggregate, commutative");

internal sealed class AccumulateNV2Op() : ManyAddedOp(
    "AccumulateNV2(inputs: N * T) -> (sum: T) where N: int >= 1, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, shape: shape; aggregate, commutative");
