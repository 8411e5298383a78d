using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Runs one pure operation on constants while the graph is built.</summary>
internal sealed class FoldingContext(Operation operation, Tensor[] inputs, int mostElements) : KernelContext
{
    private readonly Tensor?[] _outputs = new Tensor?[operation.Outputs.Count];

    public override Operation Operation => operation;

    public override int InputCount => inputs.Length;

    public override Workers Workers => Workers.Single;

    public Tensor? this[int output] => _outputs[output];

    public override Tensor Input(int index) => inputs[index];

    public override VariableCell Reference(int index) => throw new NotSupportedException($"Operation '{operation.Name}' has no reference inputs.");

    public override void Output(int index, Tensor value) => _outputs[index] = value;

    public override void OutputReference(int index, VariableCell cell) => throw new NotSupportedException($"Operation '{operation.Name}' has no reference outputs.");

    public override Tensor Allocate(DType dtype, Shape shape)
    {
        if (shape.ElementCount > mostElements)
            throw InvalidArgument($"A tensor of shape {shape} is left to the run.");
        return dtype.HasFixedSize() ? Tensor.Uninitialized(dtype, shape) : Tensor.Zeros(dtype, shape);
    }

    public override T State<T>(Func<T> create) => throw new NotSupportedException($"Operation '{operation.Name}' keeps state between runs.");

    public override VariableCell Variable(string container, string name, DType dtype, Shape shape) =>
        throw new NotSupportedException($"Operation '{operation.Name}' uses variables.");
}
