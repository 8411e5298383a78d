using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Handles of what a session keeps by container and name: resources, and before those, references to two strings.</summary>
internal static class ReferenceHandles
{
    /// <summary>Container and name of the object that a node makes: its shared name, or its own.</summary>
    public static (string Container, string Name) NameOf(KernelContext c)
    {
        string shared = c.Attributes.String("shared_name");
        return (c.Attributes.String("container"), shared.Length > 0 ? shared : c.Operation.Name);
    }

    /// <summary>Sets output 0 to a handle of an object, in the form that the node declares.</summary>
    public static void Output(KernelContext c, string container, string name, object value)
    {
        if (c.Operation.Outputs[0].DType == DType.Resource)
        {
            c.Output(0, Tensor.OfObjects(DType.Resource, Shape.Scalar, [value]));
            return;
        }

        var cell = new VariableCell(name, DType.String);
        cell.Adopt(Tensor.OfStrings([2], [Encoding.UTF8.GetBytes(container), Encoding.UTF8.GetBytes(name)]));
        c.OutputReference(0, cell);
    }

    /// <summary>What an input names: by a resource handle, or by a reference to container and name.</summary>
    /// <param name="c">The run.</param>
    /// <param name="input">Which input.</param>
    /// <param name="noun">What it must be, for messages.</param>
    /// <param name="resource">What it is called where it is missing; by default the same.</param>
    /// <exception cref="KernelException">There is none.</exception>
    public static T Find<T>(KernelContext c, int input, string noun, string? resource = null)
        where T : class
    {
        Tensor handle = c.Input(input);
        if (handle.DType == DType.Resource)
            return handle.Count == 1 && handle.Objects[0] is T found ? found : throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' is no handle of a {noun}.");
        (string container, string name) = Read(c, handle);
        return c.FindResource<T>(container, name) ?? throw new KernelException(RunErrorCode.NotFound, $"Resource {container}/{name} of a {resource ?? noun} does not exist.");
    }

    /// <summary>Container and name that a handle of the first version holds.</summary>
    public static (string Container, string Name) Read(KernelContext c, Tensor handle) => handle is { DType: DType.String, Count: 2 }
        ? (Encoding.UTF8.GetString(handle.Strings[0]), Encoding.UTF8.GetString(handle.Strings[1]))
        : throw c.InvalidArgument($"Lookup table handle must be scalar or a vector of 2 strings, but had shape: {handle.Shape}");
}
