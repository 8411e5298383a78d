using Google.Protobuf.Collections;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>What is known of the shapes of an imported node's outputs.</summary>
internal static class ImportedShapes
{
    /// <summary>Applies the type's shape rule, then what the file itself says.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="closesLoop">True for a Merge whose second value is still to come.</param>
    /// <param name="stored">The file's list of shapes; null where it has none.</param>
    /// <exception cref="GraphException">The inputs' shapes do not fit the type.</exception>
    public static void Infer(Operation operation, bool closesLoop, AttrValue? stored)
    {
        if (closesLoop)
        {
            // What comes round may have another shape than what goes in; the other output counts inputs.
            if (operation.Outputs.Count > 1)
                operation[1].Shape = Shape.Scalar;
        }
        else if (operation.Definition is { } op)
        {
            Infer(operation, op);
        }

        RepeatedField<TensorShapeProto>? shapes = stored?.List?.Shape;
        for (int i = 0; i < operation.Outputs.Count && i < shapes?.Count; i++)
        {
            Output output = operation[i];
            if (output.Shape.IsFullyKnown)
                continue;
            Shape shape = shapes[i].ToShape();
            // Rules differ between releases: what follows from the inputs wins over what another release wrote.
            if (output.Shape.IsCompatibleWith(shape))
                output.Shape = output.Shape.MergeWith(shape);
        }
    }

    private static void Infer(Operation operation, Op op)
    {
        try
        {
            op.InferShapes(new ShapeContext(operation));
        }
        catch (GraphException e) when (e.NodeName == operation.Name)
        {
            throw;
        }
        catch (Exception e)
        {
            // Attributes of a damaged file can be anything; the node to look at must be named.
            throw new GraphException($"Cannot tell the shapes of node '{operation.Name}' ({operation.Type}): {e.Message}", operation.Name, operation.Type, e);
        }
    }
}
