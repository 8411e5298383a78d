using System.Numerics.Tensors;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Batch normalisation with a sum and an activation behind it, which TensorFlow's own optimiser makes of single operations.</summary>
/// <remarks>Source: TensorFlow 1.15, nn_ops.cc and fused_batch_norm_op.cc: y = activation(normalised + side input).</remarks>
internal sealed class FusedBatchNormExOp() : FusedBatchNormBase(
    "_FusedBatchNormEx(x: T, scale: U, offset: U, mean: U, variance: U, side_input: num_side_inputs * T) -> (y: T, batch_mean: U, batch_variance: U, "
    + "reserve_space_1: U, reserve_space_2: U, reserve_space_3: U) "
    + "where T: half | float, U: float, epsilon: float = 0.0001, num_side_inputs: int >= 0 = 0, activation_mode: string = 'Identity', "
    + "data_format: 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW' = 'NHWC', is_training: bool = true", 3)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is made for running only; differentiate the operations it stands for");

    protected override void Follow(KernelContext c, Tensor y)
    {
        if (c.InputCount > 6)
            throw c.InvalidArgument($"{c.Operation.Type} accepts at most one side input; it has {c.InputCount - 5}.");
        if (c.InputCount == 6)
            Add(c, y);
        switch (c.Attributes.String("activation_mode"))
        {
            case "Identity":
                break;
            case "Relu":
                ElementwiseLoops.Unary<float, float>(y, y, static (x, z) => TensorPrimitives.Max(x, 0, z), c.Workers);
                break;
            default:
                throw new KernelException(RunErrorCode.Unimplemented, $"Activation mode '{c.Attributes.String("activation_mode")}' is not known: it can be Identity or Relu.");
        }
    }

    private static void Add(KernelContext c, Tensor y)
    {
        Tensor side = c.Input(5);
        if (side.Shape != y.Shape)
            throw c.InvalidArgument($"side_input shape must be equal to input shape: {side.Shape} != {y.Shape}");
        BroadcastPlan plan = BroadcastPlan.TryCreate(y.Shape, y.Shape)!; // Equal shapes meet.
        ElementwiseLoops.Binary<float, float, float>(y, side, y, plan, static (x, s, z) => TensorPrimitives.Add(x, s, z), c.Workers);
    }
}
