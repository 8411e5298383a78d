using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>An operation on floats whose kernel is written once for float32 and float64; 16-bit floats are computed as float32 and rounded at the end.</summary>
internal abstract class FloatingOp(string signature) : Op(signature)
{
    /// <summary>The position of the input that tells the element type.</summary>
    protected virtual int TypedInput => 0;

    public sealed override void Compute(KernelContext c)
    {
        switch (c.Operation.Inputs[TypedInput].DType)
        {
            case DType.Float32:
                Compute<float>(c);
                break;
            case DType.Float64:
                Compute<double>(c);
                break;
            case DType.Float16 or DType.BFloat16:
                var widened = new WideningContext(c);
                Compute<float>(widened);
                widened.Finish();
                break;
            case DType other:
                throw c.Unsupported(other);
        }
    }

    protected abstract void Compute<T>(KernelContext c)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>An operation on real numbers whose kernel is written once for all of them; 16-bit floats are computed as float32.</summary>
internal abstract class NumberOp(string signature) : Op(signature)
{
    public sealed override void Compute(KernelContext c)
    {
        switch (c.Operation.Inputs[0].DType)
        {
            case DType.Float32:
                Compute<float>(c);
                break;
            case DType.Float64:
                Compute<double>(c);
                break;
            case DType.Int32 or DType.QInt32:
                Compute<int>(c);
                break;
            case DType.Int64:
                Compute<long>(c);
                break;
            case DType.UInt8 or DType.QUInt8:
                Compute<byte>(c);
                break;
            case DType.Int8 or DType.QInt8:
                Compute<sbyte>(c);
                break;
            case DType.Int16 or DType.QInt16:
                Compute<short>(c);
                break;
            case DType.UInt16 or DType.QUInt16:
                Compute<ushort>(c);
                break;
            case DType.UInt32:
                Compute<uint>(c);
                break;
            case DType.UInt64:
                Compute<ulong>(c);
                break;
            case DType.Float16 or DType.BFloat16:
                var widened = new WideningContext(c);
                Compute<float>(widened);
                widened.Finish();
                break;
            case DType other:
                ComputeOther(c, other);
                break;
        }
    }

    protected abstract void Compute<T>(KernelContext c)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    /// <summary>For element types that are no real numbers.</summary>
    protected virtual void ComputeOther(KernelContext c, DType dtype) => throw c.Unsupported(dtype);
}

/// <summary>Shows a kernel 16-bit floats as float32, and rounds what it computes.</summary>
internal sealed class WideningContext(KernelContext inner) : KernelContext
{
    private readonly Tensor?[] _outputs = new Tensor?[inner.Operation.Outputs.Count];

    public override Operation Operation => inner.Operation;

    public override int InputCount => inner.InputCount;

    public override Workers Workers => inner.Workers;

    public override bool IsExact => inner.IsExact;

    public override Tensor Input(int index)
    {
        Tensor tensor = inner.Input(index);
        if (!IsNarrow(tensor.DType))
            return tensor;
        Tensor wide = inner.Allocate(DType.Float32, tensor.Shape);
        Span<float> to = wide.MutableData<float>();
        if (tensor.DType == DType.Float16)
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(tensor.Data<Half>(), to);
            return wide;
        }

        ReadOnlySpan<BFloat16> from = tensor.Data<BFloat16>();
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i];
        return wide;
    }

    public override VariableCell Reference(int index) => inner.Reference(index);

    public override void Output(int index, Tensor value) => _outputs[index] = value;

    public override void OutputReference(int index, VariableCell cell) => inner.OutputReference(index, cell);

    public override Tensor Allocate(DType dtype, Shape shape) => inner.Allocate(IsNarrow(dtype) ? DType.Float32 : dtype, shape);

    public override T State<T>(Func<T> create) => inner.State(create);

    public override VariableCell Variable(string container, string name, DType dtype, Shape shape) => inner.Variable(container, name, dtype, shape);

    /// <summary>Hands the outputs on, rounded to the types that the node declares.</summary>
    public void Finish()
    {
        for (int i = 0; i < _outputs.Length; i++)
        {
            if (_outputs[i] is not { } value)
                continue;
            DType declared = Operation.Outputs[i].DType;
            if (declared == value.DType)
            {
                inner.Output(i, value);
                continue;
            }

            ReadOnlySpan<float> from = value.Data<float>();
            Tensor narrow = inner.AllocateOutput(i, value.Shape);
            if (declared == DType.Float16)
            {
                System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(from, narrow.MutableData<Half>());
                continue;
            }

            Span<BFloat16> to = narrow.MutableData<BFloat16>();
            for (int j = 0; j < to.Length; j++)
                to[j] = (BFloat16)from[j];
        }
    }

    private static bool IsNarrow(DType dtype) => dtype is DType.Float16 or DType.BFloat16;
}
