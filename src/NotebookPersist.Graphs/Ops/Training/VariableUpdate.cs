using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

/// <summary>What one training step works on: the variable and its slots, the gradient, the rows it is for.</summary>
internal sealed class VariableUpdate
{
    private readonly KernelContext _context;
    private readonly OpSignature _signature;
    private readonly Tensor[] _stored;
    private readonly int[]? _rows;
    private Tensor[] _state;
    private Tensor _gradient;

    /// <summary>Takes the inputs, and checks that their shapes belong together.</summary>
    public VariableUpdate(KernelContext context, OpSignature signature)
    {
        (_context, _signature) = (context, signature);
        int count = 0;
        while (signature.Inputs[count] is { IsReference: true } or { Type: DType.Resource })
            count++;
        _stored = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            VariableCell cell = Cell(i);
            if (!cell.IsInitialized)
                throw new KernelException(RunErrorCode.FailedPrecondition, $"Attempting to use uninitialized variables: {Operation.Inputs[i].InputName}");
            _stored[i] = cell.ReadForUpdate(leavesReaders: !signature.Inputs[i].IsReference);
        }

        for (int i = 1; i < count; i++)
            RequireShape(_stored[i], signature.Inputs[i].Name);
        _state = _stored;
        int gradient = Find("grad") is >= 0 and int g ? g : Find("delta");
        _gradient = context.Input(gradient);
        if (Find("indices") is >= 0 and int indices)
            _rows = Rows(context.Input(indices));
        else
            RequireShape(_gradient, signature.Inputs[gradient].Name);
    }

    /// <summary>The node.</summary>
    public Operation Operation => _context.Operation;

    /// <summary>The variable's value before the step.</summary>
    public Tensor Variable => _stored[0];

    /// <summary>A scalar input by its argument name.</summary>
    public T Scalar<T>(string name)
        where T : unmanaged, INumber<T>
    {
        Tensor value = _context.Input(Find(name));
        return value.Count == 1 ? value.ItemAt<T>(0) : throw _context.InvalidArgument($"{name} is not a scalar: {value.Shape}");
    }

    /// <summary>Changes the variable and its slots.</summary>
    public void Apply<T, TRule>(TRule rule)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        if (_rows is null)
            VariableUpdates.Apply<T, TRule>(rule, _state, _gradient, _context.Workers);
        else
            VariableUpdates.ApplyRows<T, TRule>(rule, _state, _gradient, _rows);
    }

    /// <summary>Goes over to float32 copies, for types that are only stored.</summary>
    public void Widen()
    {
        _state = Array.ConvertAll(_stored, static t => TensorCasts.Convert(t, DType.Float32, "a training step"));
        _gradient = TensorCasts.Convert(_gradient, DType.Float32, "a training step");
    }

    /// <summary>Rounds the float32 copies back.</summary>
    public void Narrow()
    {
        for (int i = 0; i < _stored.Length; i++)
            TensorCasts.Convert(_state[i], _stored[i].DType, "a training step").Bytes.CopyTo(_stored[i].MutableBytes);
    }

    /// <summary>Says that the values are changed.</summary>
    public void Finish()
    {
        foreach (Tensor tensor in _stored)
            tensor.Buffer?.Touch();
    }

    private VariableCell Cell(int input) => _signature.Inputs[input].IsReference
        ? _context.Reference(input)
        : _context.Input(input).Objects[0] as VariableCell
            ?? throw _context.InvalidArgument($"Input {input} of node '{Operation.Name}' is no handle of a variable.");

    private int Find(string name)
    {
        for (int i = 0; i < _signature.Inputs.Count; i++)
        {
            if (_signature.Inputs[i].Name == name)
                return i;
        }

        return -1;
    }

    private void RequireShape(Tensor tensor, string name)
    {
        if (tensor.Shape != Variable.Shape)
            throw _context.InvalidArgument($"var and {name} do not have the same shape{Variable.Shape} {tensor.Shape}");
    }

    private int[] Rows(Tensor indices)
    {
        if (Variable.Rank == 0)
            throw _context.InvalidArgument("var must be at least 1 dimensional");
        if (indices.Rank != 1)
            throw _context.InvalidArgument("indices must be one-dimensional");
        if (_gradient.Rank != Variable.Rank || _gradient.Shape[0] != indices.Count)
            throw _context.InvalidArgument("grad must be the same size as indices in the first dimension.");
        for (int d = 1; d < Variable.Rank; d++)
        {
            if (_gradient.Shape[d] != Variable.Shape[d])
                throw _context.InvalidArgument($"var and grad must match in dimension {d}");
        }

        int[] rows = new int[indices.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            long row = indices.ItemAt<long>(i);
            if (row < 0 || row >= Variable.Shape[0])
                throw _context.InvalidArgument($"Index {row} at offset {i} in indices is out of range");
            rows[i] = (int)row;
        }

        return rows;
    }
}
