using System.Text;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Handles of things that live as long as a run: the thing itself, or in older operations the name it has in the run.</summary>
internal static class RunHandles
{
    private const string Container = "_run";

    /// <summary>Sets an output to a handle of the kind that the operation declares.</summary>
    public static void OutputHandle(this KernelContext c, int output, string name, object thing)
    {
        Output declared = c.Operation.Outputs[output];
        if (declared.DType == DType.Resource)
        {
            c.Output(output, Tensor.OfObjects(DType.Resource, Shape.Scalar, [thing]));
            return;
        }

        string key;
        for (int number = c.RunResources.Count; !c.RunResources.TryAdd(key = $"{name}_{number}", thing); number++)
        {
            // A number that is taken says nothing; the next one may be free.
        }

        var handle = Tensor.OfStrings(new long[] { 2 }, [Encoding.UTF8.GetBytes(Container), Encoding.UTF8.GetBytes(key)]);
        if (!declared.IsReference)
        {
            c.Output(output, handle);
            return;
        }

        var cell = new VariableCell(key, DType.String);
        cell.Adopt(handle);
        c.OutputReference(output, cell);
    }

    /// <summary>The thing behind a handle.</summary>
    /// <exception cref="KernelException">The input is no such handle, or one of another run.</exception>
    public static T Thing<T>(this KernelContext c, int input)
        where T : class
    {
        Tensor handle = c.Input(input);
        object? thing = null;
        if (handle is { DType: DType.Resource, Count: 1 })
            thing = handle.Objects[0];
        else if (handle is { DType: DType.String, Count: 2 })
            c.RunResources.TryGetValue(Encoding.UTF8.GetString(handle.Strings[1]), out thing);
        return thing as T ?? throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' is no handle of {(typeof(T) == typeof(StackState) ? "a stack" : "a TensorArray")} of this run.");
    }

    /// <summary>Forgets the name of a thing.</summary>
    public static void ForgetHandle(this KernelContext c, int input)
    {
        Tensor handle = c.Input(input);
        if (handle is { DType: DType.String, Count: 2 })
            c.RunResources.Remove(Encoding.UTF8.GetString(handle.Strings[1]));
    }
}
