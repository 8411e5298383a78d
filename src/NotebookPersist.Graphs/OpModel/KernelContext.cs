using NotebookPersist.Kernels;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What a computation sees: inputs, attributes, somewhere to put outputs, and what the session keeps.</summary>
/// <remarks>Kernels only borrow: no tensor that comes from here may be kept after the computation, except by <see cref="State{T}"/> as a copy.</remarks>
public abstract class KernelContext
{
    /// <summary>The node that is run.</summary>
    public abstract Operation Operation { get; }

    /// <summary>Attributes of the node.</summary>
    public Attributes Attributes => Operation.Attributes;

    /// <summary>Number of data inputs.</summary>
    public abstract int InputCount { get; }

    /// <summary>The threads that a kernel may share its work among, and the token that stops it.</summary>
    public abstract Workers Workers { get; }

    /// <summary>The value of an input; of a variable, its current value.</summary>
    /// <exception cref="KernelException">The variable has no value yet.</exception>
    public abstract Tensor Input(int index);

    /// <summary>False where the input comes from a branch that was not taken; only operations that merge branches see that.</summary>
    public virtual bool HasInput(int index) => true;

    /// <summary>The variable behind a reference input.</summary>
    public abstract VariableCell Reference(int index);

    /// <summary>Sets an output. The tensor may share its bytes with an input.</summary>
    public abstract void Output(int index, Tensor value);

    /// <summary>Sets a reference output.</summary>
    public abstract void OutputReference(int index, VariableCell cell);

    /// <summary>A tensor from the run's memory, its elements not yet set (strings empty).</summary>
    public abstract Tensor Allocate(DType dtype, Shape shape);

    /// <summary>What the session keeps for this node between runs, such as a random generator; made at the first run.</summary>
    public abstract T State<T>(Func<T> create)
        where T : class;

    /// <summary>The session's variable of a name; made where there is none.</summary>
    public abstract VariableCell Variable(string container, string name, DType dtype, Shape shape);

    /// <summary>What operations share until the run ends, by name.</summary>
    public virtual IDictionary<string, object> RunResources => throw new NotSupportedException($"Operation '{Operation.Name}' keeps state within a run.");

    /// <summary>Runs a function of the graph's library.</summary>
    /// <param name="function">Its name, and the attributes that it is made for.</param>
    /// <param name="arguments">One value an argument.</param>
    /// <returns>One value a result.</returns>
    /// <exception cref="KernelException">There is no such function, or the arguments do not fit it.</exception>
    public virtual Tensor[] Call(NameAttrList function, ReadOnlySpan<Tensor> arguments) => throw new NotSupportedException($"Operation '{Operation.Name}' calls a function.");

    /// <summary>Whether convolutions must be plain sums of products.</summary>
    public virtual bool IsExact => false;

    /// <summary>What is computed of an input's value alone, such as a transformed filter; kept while the value of a variable or constant stays.</summary>
    /// <param name="input">The input.</param>
    /// <param name="purpose">Tells apart what is computed of one value.</param>
    /// <param name="make">Computes it; the second argument is an outdated one whose memory may be used, or null.</param>
    public virtual T Derived<T>(int input, string purpose, Func<Tensor, T?, T> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return make(Input(input), null);
    }

    /// <summary>The same where it only pays for values that stay: null for all others, and at the first use.</summary>
    /// <inheritdoc cref="Derived{T}"/>
    public virtual T? DerivedOfLasting<T>(int input, string purpose, Func<Tensor, T?, T> make)
        where T : class => null;

    /// <summary>What the session keeps under a container and a name, such as a table; made where there is none.</summary>
    /// <exception cref="NotSupportedException">This context keeps nothing.</exception>
    public virtual T Resource<T>(string container, string name, Func<T> create)
        where T : class => throw new NotSupportedException($"Operation '{Operation.Name}' keeps resources in a session.");

    /// <summary>What the session keeps under a container and a name; null where there is nothing of the kind.</summary>
    public virtual T? FindResource<T>(string container, string name)
        where T : class => null;

    /// <summary>The elements of an input.</summary>
    public ReadOnlySpan<T> Input<T>(int index)
        where T : unmanaged => Input(index).Data<T>();

    /// <summary>Allocates an output of the type that the node declares, and sets it.</summary>
    public virtual Tensor AllocateOutput(int index, Shape shape)
    {
        Tensor tensor = Allocate(Operation.Outputs[index].DType, shape);
        Output(index, tensor);
        return tensor;
    }

    /// <summary>True where <see cref="ForwardOrAllocateOutput"/> would take over the input's bytes.</summary>
    public virtual bool CanForward(int input, int output, Shape shape) => false;

    /// <summary>Allocates an output, or takes over the bytes of an input that nobody else uses, and sets it.</summary>
    /// <remarks>Aliasing: the kernel must read each element before it writes the one in the same place.</remarks>
    public virtual Tensor ForwardOrAllocateOutput(int input, int output, Shape shape) => AllocateOutput(output, shape);

    /// <summary>The fault to throw where values or shapes are wrong.</summary>
    public KernelException InvalidArgument(string message) => new(RunErrorCode.InvalidArgument, message);

    /// <summary>The fault to throw where there is no kernel for an element type.</summary>
    public KernelException Unsupported(DType dtype) => new(RunErrorCode.Unimplemented, $"{Operation.Type} has no kernel for elements of type {dtype.Name()}.");
}
