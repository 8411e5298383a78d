using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Sums gradients, or takes their mean.</summary>
/// <remarks>Thread safety: all members lock.</remarks>
internal sealed class GradientAccumulator(DType dtype, Shape shape, bool isMean) : StepAccumulator
{
    private Tensor? _sum;

    /// <summary>Adds a gradient, unless it is older than the present step.</summary>
    public void Add(long step, Tensor gradient) => Add(step, () =>
    {
        if (gradient.DType != dtype || !shape.IsCompatibleWith(gradient.Shape) || (_sum is not null && _sum.Shape != gradient.Shape))
            throw new KernelException(RunErrorCode.InvalidArgument, $"Shape mismatch: expected {_sum?.Shape ?? shape}, got {gradient.Shape}");
        if (_sum is null)
            _sum = TensorList.Kept(gradient);
        else if (!Scattering.TryApply(_sum, [0], _sum.Count, gradient, ScatterKind.Add))
            throw new KernelException(RunErrorCode.Unimplemented, $"Gradients of type {dtype.Name()} cannot be summed.");
    });

    /// <summary>Takes the sum or the mean of at least so many gradients, and begins the next step.</summary>
    public Tensor Take(int required, CancellationToken cancellation) => Take(
        required,
        count =>
        {
            Tensor taken = _sum!; // At least one has come.
            _sum = null;
            return isMean ? Divided(taken, count) : taken;
        },
        cancellation);

    /// <summary>Divides a sum in its place.</summary>
    /// <exception cref="KernelException">Its elements cannot be divided.</exception>
    internal static Tensor Divided(Tensor sum, int count)
    {
        Tensor divisor = Tensor.Zeros(sum.DType, sum.Shape);
        Filling.Fill(divisor, TensorCasts.Convert(Tensor.Scalar(count), sum.DType, "a number of gradients"));
        return Scattering.TryApply(sum, [0], sum.Count, divisor, ScatterKind.Divide)
            ? sum
            : throw new KernelException(RunErrorCode.Unimplemented, $"Gradients of type {sum.DType.Name()} cannot be divided.");
    }
}

internal abstract class AccumulatorMakingOp(string name, string handle) : UndifferentiatedOp(
    $"{name}() -> (handle: {handle}) where dtype: {Numbers}, shape: shape, container: string = '', shared_name: string = '', reduction_type: 'MEAN' | 'SUM' = 'MEAN'; stateful",
    "an accumulator depends on nothing in the graph")
{
    internal const string Numbers =
        "float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64";

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Operation.Outputs[0].DType == DType.Resource ? Shape.Scalar : Two);

    public override void Compute(KernelContext c)
    {
        (string container, string node) = ReferenceHandles.NameOf(c);
        Attributes a = c.Attributes;
        ReferenceHandles.Output(c, container, node, c.Resource(container, node, () => Make(a.Type("dtype"), a.Shape("shape"), a.String("reduction_type") == "MEAN")));
    }

    protected virtual StepAccumulator Make(DType dtype, Shape shape, bool isMean) => new GradientAccumulator(dtype, shape, isMean);

    private static Shape Two => [2];
}

internal sealed class ConditionalAccumulatorOp() : AccumulatorMakingOp("ConditionalAccumulator", "ref(string)");

internal sealed class ResourceConditionalAccumulatorOp() : AccumulatorMakingOp("ResourceConditionalAccumulator", "resource");

internal abstract class AccumulatorUsingOp(string signature) : UndifferentiatedOp(signature, "what waits for another run is not differentiated")
{
    // Each run finds another state.
    public override bool IsPure => false;

    protected static StepAccumulator Accumulator(KernelContext c) => ReferenceHandles.Find<StepAccumulator>(c, 0, "accumulator");

    /// <summary>The accumulator, which must be of a kind.</summary>
    protected static T Accumulator<T>(KernelContext c)
        where T : StepAccumulator => Accumulator(c) as T ?? throw c.InvalidArgument($"Input 0 of node '{c.Operation.Name}' is an accumulator of another kind of gradients.");
}

internal abstract class AccumulatorApplyBase(string signature) : AccumulatorUsingOp(signature)
{
    public override void Compute(KernelContext c) => Accumulator<GradientAccumulator>(c).Add(c.Input(1).Item<long>(), c.Input(2));
}

internal sealed class AccumulatorApplyGradientOp() : AccumulatorApplyBase(
    $"AccumulatorApplyGradient(handle: ref(string), local_step: int64, gradient: dtype) -> () where dtype: {AccumulatorMakingOp.Numbers}");

internal sealed class ResourceAccumulatorApplyGradientOp() : AccumulatorApplyBase(
    $"ResourceAccumulatorApplyGradient(handle: resource, local_step: int64, gradient: dtype) -> () where dtype: {AccumulatorMakingOp.Numbers}; stateful");

internal abstract class AccumulatorCountBase(string signature) : AccumulatorUsingOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = Accumulator(c).Count;
}

internal sealed class AccumulatorNumAccumulatedOp() : AccumulatorCountBase("AccumulatorNumAccumulated(handle: ref(string)) -> (num_accumulated: int32)");

internal sealed class ResourceAccumulatorNumAccumulatedOp() : AccumulatorCountBase("ResourceAccumulatorNumAccumulated(handle: resource) -> (num_accumulated: int32); stateful");

internal abstract class AccumulatorStepBase(string signature) : AccumulatorUsingOp(signature)
{
    public override void Compute(KernelContext c) => Accumulator(c).SetStep(c.Input(1).Item<long>());
}

internal sealed class AccumulatorSetGlobalStepOp() : AccumulatorStepBase("AccumulatorSetGlobalStep(handle: ref(string), new_global_step: int64) -> ()");

internal sealed class ResourceAccumulatorSetGlobalStepOp() : AccumulatorStepBase("ResourceAccumulatorSetGlobalStep(handle: resource, new_global_step: int64) -> (); stateful");

internal abstract class AccumulatorTakeBase(string signature) : AccumulatorUsingOp(signature)
{
    public override void Compute(KernelContext c) => c.Output(0, Accumulator<GradientAccumulator>(c).Take(c.Input(1).Item<int>(), c.Workers.Cancellation));
}

internal sealed class AccumulatorTakeGradientOp() : AccumulatorTakeBase(
    $"AccumulatorTakeGradient(handle: ref(string), num_required: int32) -> (average: dtype) where dtype: {AccumulatorMakingOp.Numbers}");

internal sealed class ResourceAccumulatorTakeGradientOp() : AccumulatorTakeBase(
    $"ResourceAccumulatorTakeGradient(handle: resource, num_required: int32) -> (average: dtype) where dtype: {AccumulatorMakingOp.Numbers}; stateful");
