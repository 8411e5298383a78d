using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The handle of a value that lives in the session from run to run.</summary>
    /// <remarks>Source: TensorFlow op "VariableV2". Most programs want <see cref="Variable"/>, which adds initialiser and read.</remarks>
    public static Output VariableV2(this Graph graph, Shape shape, DType dtype, string container = "", string sharedName = "", string? name = null) =>
        graph.Add<VariableV2Op>(name ?? "Variable", new AttributeList { { "shape", shape }, { "dtype", dtype }, { "container", container }, { "shared_name", sharedName } });
}

internal abstract class ReferenceVariableOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a variable depends on nothing in the graph");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        // The older op could not say "unknown" but by an empty shape.
        c.Output(0, c.Operation.Type == "Variable" && shape.Rank == 0 ? Shape.Unknown : shape);
    }

    public override void Compute(KernelContext c)
    {
        Place place = c.State(static () => new Place());
        c.OutputReference(0, place.Find(c));
    }

    // Attributes are stored as bytes: reading them in every run would cost more than the run of a small graph.
    private sealed class Place
    {
        private Tuple<string, string, DType, Shape>? _key; // A reference: read and written at once.

        public VariableCell Find(KernelContext c)
        {
            (string container, string name, DType type, Shape shape) = _key ??= Read(c.Attributes, c.Operation.Name);
            return c.Variable(container, name, type, shape);
        }

        private static Tuple<string, string, DType, Shape> Read(Attributes attributes, string node)
        {
            string shared = attributes.String("shared_name");
            return Tuple.Create(attributes.String("container"), shared.Length > 0 ? shared : node, attributes.Type("dtype"), attributes.Shape("shape"));
        }
    }
}

internal sealed class VariableV2Op() : ReferenceVariableOp(
    "VariableV2() -> (ref: ref(dtype)) where shape: shape, dtype: type, container: string = '', shared_name: string = ''; stateful");

internal sealed class VariableOp() : ReferenceVariableOp(
    "Variable() -> (ref: ref(dtype)) where shape: shape, dtype: type, container: string = '', shared_name: string = ''; stateful");
