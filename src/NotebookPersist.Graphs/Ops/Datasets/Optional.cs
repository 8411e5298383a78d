using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>An element, or none: the value of a variant.</summary>
internal sealed record OptionalElement(Tensor[]? Value);

/// <summary>Makes or reads optional elements.</summary>
internal abstract class OptionalOp(string signature) : UndifferentiatedOp(signature, "the elements of a dataset are data")
{
    // Whoever folds constants cannot store what the variants hold.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    protected static void Output(KernelContext c, Tensor[]? value) => c.Output(0, Tensor.OfObjects(DType.Variant, Shape.Scalar, [new OptionalElement(value)]));

    protected static Tensor[]? Value(KernelContext c) => c.Input(0) is { Count: 1 } variant && variant.Objects[0] is OptionalElement optional
        ? optional.Value
        : throw c.InvalidArgument($"Input 0 of node '{c.Operation.Name}' is no optional element.");
}

internal sealed class OptionalNoneOp() : OptionalOp("OptionalNone() -> (optional: variant)")
{
    public override void Compute(KernelContext c) => Output(c, null);
}

internal sealed class OptionalFromValueOp() : OptionalOp("OptionalFromValue(components: [Toutput_types]) -> (optional: variant) where Toutput_types: list(type) >= 1")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var types = new AttrValue.Types.ListValue();
        var shapes = new AttrValue.Types.ListValue();
        foreach (Output component in g.Operation.Inputs)
        {
            types.Type.Add((DataType)component.DType);
            shapes.Shape.Add(component.Shape.ToProto());
        }

        var element = new AttributeList { { "output_types", new AttrValue { List = types } }, { "output_shapes", new AttrValue { List = shapes } } };
        return [.. g.Graph.AddOperation("OptionalGetValue", null, element, g.Dy(0)).Outputs];
    });

    public override void Compute(KernelContext c) => Output(c, [.. Enumerable.Range(0, c.InputCount).Select(i => TensorList.Kept(c.Input(i)))]);
}

internal sealed class OptionalHasValueOp() : OptionalOp("OptionalHasValue(optional: variant) -> (has_value: bool)")
{
    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = Value(c) is not null;
}

internal sealed class OptionalGetValueOp() : OptionalOp(
    "OptionalGetValue(optional: variant) -> (components: [output_types]) where output_types: list(type) >= 1, output_shapes: list(shape) >= 1")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.AddOperation("OptionalFromValue", null, null, [.. Enumerable.Range(0, g.Operation.Outputs.Count).Select(i => (Operand)g.Dy(i))])[0]]);

    public override void InferShapes(ShapeContext c) => IteratorUsingOp.InferElement(c);

    public override void Compute(KernelContext c) => IteratorUsingOp.Output(c, Value(c) ?? throw c.InvalidArgument("The given optional does not have a value."));
}

/// <summary>The next element of an iterator; none behind the last.</summary>
internal sealed class IteratorGetNextAsOptionalOp() : OptionalOp(
    "IteratorGetNextAsOptional(iterator: resource) -> (optional: variant) where output_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful")
{
    public override void Compute(KernelContext c) => Output(c, ReferenceHandles.Find<SessionIterator>(c, 0, "iterator").Next(c));
}
