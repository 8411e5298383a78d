using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The handle of a resource variable.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="dtype">Element type of every value.</param>
    /// <param name="shape">Shape of every value.</param>
    /// <param name="sharedName">Name in the session; by default that of the node.</param>
    /// <param name="container">Container in the session.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "VarHandleOp".</remarks>
    public static Output VarHandleOp(this Graph graph, DType dtype, Shape shape, string sharedName = "", string container = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<VarHandleOpOp>(name, new AttributeList { { "dtype", dtype }, { "shape", shape }, { "shared_name", sharedName }, { "container", container } });
    }

    /// <summary>The value of a resource variable at this point of the run.</summary>
    /// <remarks>Source: TensorFlow op "ReadVariableOp"; the gradient passes through.</remarks>
    public static Output ReadVariableOp(this Graph graph, Output resource, DType dtype, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ReadVariableOpOp>(name, new AttributeList { { "dtype", dtype } }, resource);
    }

    /// <summary>Gives a resource variable a new value.</summary>
    /// <remarks>Source: TensorFlow op "AssignVariableOp".</remarks>
    public static Operation AssignVariableOp(this Graph graph, Output resource, Operand value, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<AssignVariableOpOp>(name, null, resource, value);
    }

    /// <summary>Adds to a resource variable.</summary>
    /// <remarks>Source: TensorFlow op "AssignAddVariableOp".</remarks>
    public static Operation AssignAddVariableOp(this Graph graph, Output resource, Operand value, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<AssignAddVariableOpOp>(name, null, resource, value);
    }

    /// <summary>Subtracts from a resource variable.</summary>
    /// <remarks>Source: TensorFlow op "AssignSubVariableOp".</remarks>
    public static Operation AssignSubVariableOp(this Graph graph, Output resource, Operand value, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<AssignSubVariableOpOp>(name, null, resource, value);
    }

    /// <summary>Whether a resource variable has a value.</summary>
    /// <remarks>Source: TensorFlow op "VarIsInitializedOp".</remarks>
    public static Output VarIsInitializedOp(this Graph graph, Output resource, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<VarIsInitializedOpOp>(name, resource);
    }
}

/// <summary>What operations on resource handles have in common.</summary>
internal static class ResourceVariables
{
    /// <summary>The variable behind a handle.</summary>
    /// <exception cref="KernelException">The input is no handle of a variable.</exception>
    public static VariableCell Cell(this KernelContext c, int input) => c.Input(input) is { DType: DType.Resource, Count: 1 } handle && handle.Objects[0] is VariableCell cell
        ? cell
        : throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' is no handle of a variable.");

    /// <summary>The value behind a handle, in the message that TensorFlow has for resource variables.</summary>
    /// <exception cref="KernelException">The variable has no value, or a deferred one cannot be read.</exception>
    public static Tensor Value(this KernelContext c, int input)
    {
        VariableCell cell = c.Cell(input);
        return cell.IsInitialized ? cell.Read() : throw Uninitialized(cell);
    }

    /// <summary>The value behind a handle, to be written over; what was read of it before stays as it is.</summary>
    /// <exception cref="KernelException">The variable has no value, or a deferred one cannot be read.</exception>
    public static Tensor ValueForUpdate(this KernelContext c, int input)
    {
        VariableCell cell = c.Cell(input);
        return cell.IsInitialized ? cell.ReadForUpdate(leavesReaders: true) : throw Uninitialized(cell);
    }

    /// <summary>The shape of the values behind a handle, as far as the node that made the handle tells.</summary>
    public static Shape HandleShape(Output handle) => Variable(handle) is { } variable ? variable.Attributes.Shape("shape") : Shape.Unknown;

    /// <summary>False for a handle of which nobody tells what is behind it, as those that functions are given.</summary>
    public static bool IsTyped(Output value) => value.DType != DType.Resource || Variable(value) is not null;

    /// <summary>The element type of the variable behind a handle.</summary>
    /// <exception cref="GraphException">The handle comes from elsewhere.</exception>
    public static DType HandleType(Output handle) => Variable(handle)?.Attributes.Type("dtype")
        ?? throw new GraphException($"The variable behind handle '{handle.Name}' is not known.", handle.Operation.Name, handle.Operation.Type);

    private static KernelException Uninitialized(VariableCell cell) => new(
        RunErrorCode.FailedPrecondition,
        $"Error while reading resource variable {cell.Name} from Container: localhost. This could mean that the variable was uninitialized. Not found: Resource localhost/{cell.Name}/N10tensorflow3VarE does not exist.");

    // Branches and loops hand handles on.
    private static Operation? Variable(Output handle)
    {
        Operation operation = handle.Operation;
        while (operation.Type is "Switch" or "Enter" or "Identity")
            operation = operation.Inputs[0].Operation;
        return operation.Type == "VarHandleOp" ? operation : null;
    }
}

internal sealed class VarHandleOpOp() : Op(
    "VarHandleOp() -> (resource: resource) where container: string = '', shared_name: string = '', dtype: type, shape: shape; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a variable depends on nothing in the graph");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        string shared = c.Attributes.String("shared_name");
        VariableCell cell = c.Variable(
            c.Attributes.String("container"), shared.Length > 0 ? shared : c.Operation.Name, c.Attributes.Type("dtype"), c.Attributes.Shape("shape"));
        c.Output(0, cell.Handle);
    }
}

internal sealed class ReadVariableOpOp() : Op("ReadVariableOp(resource: resource) -> (value: dtype) where dtype: type; stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, ResourceVariables.HandleShape(c.Operation.Inputs[0]));

    // Updates leave the bytes of what was read alone, so that it stays what it was.
    public override void Compute(KernelContext c) => c.Output(0, c.Value(0));
}

internal sealed class AssignVariableOpOp() : Op("AssignVariableOp(resource: resource, value: dtype) -> () where dtype: type; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("assignments are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Merge(ResourceVariables.HandleShape(c.Operation.Inputs[0]), c.Input(1));

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Cell(0);
        if (cell.DType != c.Input(1).DType)
            throw c.InvalidArgument($"Trying to assign variable with wrong dtype. Expected {cell.DType.SignatureName()} got {c.Input(1).DType.SignatureName()}");
        // What only this run's slots have needs no copy: whoever updates the variable leaves readers alone.
        Tensor value = c.Input(1);
        cell.Adopt(value.Buffer is { IsExclusive: true } ? value : value.Clone());
    }
}

internal abstract class ResourceUpdatingOp(string name, ScatterKind kind) : Op($"{name}(resource: resource, value: dtype) -> () where dtype: type; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("updates of variables are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Merge(ResourceVariables.HandleShape(c.Operation.Inputs[0]), c.Input(1));

    public override void Compute(KernelContext c)
    {
        UpdatingOp.Update(c, c.ValueForUpdate(0), c.Input(1), kind);
        c.Cell(0).FinishUpdate();
    }
}

internal sealed class AssignAddVariableOpOp() : ResourceUpdatingOp("AssignAddVariableOp", ScatterKind.Add);

internal sealed class AssignSubVariableOpOp() : ResourceUpdatingOp("AssignSubVariableOp", ScatterKind.Subtract);

internal sealed class VarIsInitializedOpOp() : Op("VarIsInitializedOp(resource: resource) -> (is_initialized: bool); stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is true or false");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = c.Cell(0).IsInitialized;
}

internal sealed class VariableShapeOp() : Op("VariableShape(input: resource) -> (output: out_type) where out_type: int32 | int64 = int32; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a shape does not change with the values");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = ResourceVariables.HandleShape(c.Operation.Inputs[0]);
        c.Output(0, shape.HasRank ? [shape.Rank] : [-1]);
    }

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Value(0).Shape;
        IntVectors.Write(shape.Dimensions, c.AllocateOutput(0, new long[] { shape.Rank }));
    }

    public override Shape? ValueAsShape(Operation operation) => ResourceVariables.HandleShape(operation.Inputs[0]);
}

internal sealed class DestroyResourceOpOp() : Op("DestroyResourceOp(resource: resource) -> () where ignore_lookup_error: bool = true; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c) => c.Cell(0).Clear();
}

internal sealed class ResourceGatherOp() : Op(
    "ResourceGather(resource: resource, indices: Tindices) -> (output: dtype) where batch_dims: int = 0, validate_indices: bool = true, dtype: type, Tindices: int32 | int64; stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.Add<VariableShapeOp>(null, g.X(0));
        Output gradient = GatherGradient.AlongFirst(g, shape);
        gradient.SetShape(ResourceVariables.HandleShape(g.X(0)));
        return [gradient, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = ResourceVariables.HandleShape(c.Operation.Inputs[0]);
        c.Output(0, shape.Rank > 0 && c.Attributes.Int("batch_dims") == 0 ? c.Input(1).Concatenate(Shape.Create(shape.Dimensions[1..])) : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        long batch = c.Attributes.Int("batch_dims");
        GatheringOp.Gather(c, c.Value(0), batch < 0 ? batch + c.Input(1).Rank : batch);
    }
}

internal abstract class ResourceScatterOp(string name, string types, ScatterKind kind) : Op(
    $"{name}(resource: resource, indices: Tindices, updates: dtype) -> () where dtype: {types}, Tindices: int32 | int64; stateful")
{
    protected const string Numbers =
        "float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64";

    public override GradientRule Gradient => GradientRule.NotDifferentiable("updates of variables are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        ScatterOp.Scatter(c, c.ValueForUpdate(0), kind);
        c.Cell(0).FinishUpdate();
    }
}

internal sealed class ResourceScatterAddOp() : ResourceScatterOp("ResourceScatterAdd", Numbers, ScatterKind.Add);

internal sealed class ResourceScatterSubOp() : ResourceScatterOp("ResourceScatterSub", Numbers, ScatterKind.Subtract);

internal sealed class ResourceScatterUpdateOp() : ResourceScatterOp("ResourceScatterUpdate", "type", ScatterKind.Update);
