using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>An operation on a queue.</summary>
internal abstract class QueueUsingOp(string signature) : UndifferentiatedOp(signature, "what waits in a queue is not differentiated")
{
    internal static SessionQueue Queue(KernelContext c, int input = 0) => ReferenceHandles.Find<SessionQueue>(c, input, "queue");

    /// <summary>What is known of the components that were enqueued, as the node that made the queue tells.</summary>
    protected static void InferComponents(ShapeContext c, Shape outer)
    {
        Operation queue = c.Operation.Inputs[0].Operation;
        IReadOnlyList<Shape> shapes = queue.Attributes.Contains("shapes") && !queue.Type.StartsWith("Priority", StringComparison.Ordinal) ? queue.Attributes.Shapes("shapes") : [];
        for (int i = 0; i < c.OutputCount && i < shapes.Count; i++)
            c.Output(i, outer.Concatenate(shapes[i]));
    }

    /// <summary>Sets outputs to elements one after another, those of different shapes padded with zeros.</summary>
    protected static void OutputMany(KernelContext c, List<Tensor[]> items)
    {
        for (int component = 0; component < c.Operation.Outputs.Count; component++)
        {
            Tensor[] parts = [.. items.Select(i => i[component])];
            if (parts.Length == 0)
            {
                Shape known = c.Operation.Outputs[component].Shape;
                Shape rest = known.Rank > 0 ? Shape.Create(known.Dimensions[1..]) : Shape.Scalar;
                c.AllocateOutput(component, Shape.Create([0]).Concatenate(rest.IsFullyKnown ? rest : Shape.Scalar));
                continue;
            }

            long[] sizes = parts[0].Shape.ToArray();
            foreach (Tensor part in parts)
            {
                if (part.Rank != sizes.Length)
                    throw c.InvalidArgument($"Elements of shapes {parts[0].Shape} and {part.Shape} cannot be put into one tensor.");
                for (int d = 0; d < sizes.Length; d++)
                    sizes[d] = Math.Max(sizes[d], part.Shape[d]);
            }

            Tensor joined = c.AllocateOutput(component, [parts.Length, .. sizes]);
            joined.Buffer?.Bytes.Clear();
            int row = IntVectors.Product(sizes);
            for (int i = 0; i < parts.Length; i++)
                StridedCopy.Run(StridedView.Of(parts[i]), StridedView.Of(joined, [parts.Length, .. sizes]) with { Start = i * row, Strides = StridedView.RowMajor(sizes) }, parts[i].Shape.Dimensions, c.Workers);
        }
    }
}

internal abstract class EnqueuingOp(string signature) : QueueUsingOp(signature)
{
    public override void Compute(KernelContext c) =>
        Queue(c).Enqueue([.. Enumerable.Range(1, c.InputCount - 1).Select(i => TensorList.Kept(c.Input(i)))], c.Workers.Cancellation);
}

internal sealed class QueueEnqueueOp() : EnqueuingOp("QueueEnqueue(handle: ref(string), components: [Tcomponents]) -> () where Tcomponents: list(type) >= 1, timeout_ms: int = -1");

internal sealed class QueueEnqueueV2Op() : EnqueuingOp("QueueEnqueueV2(handle: resource, components: [Tcomponents]) -> () where Tcomponents: list(type) >= 1, timeout_ms: int = -1; stateful");

internal abstract class EnqueuingManyOp(string signature) : QueueUsingOp(signature)
{
    public override void Compute(KernelContext c)
    {
        SessionQueue queue = Queue(c);
        long count = c.Input(1).Rank > 0 ? c.Input(1).Shape[0] : throw c.InvalidArgument("All components of enqueue_many must have at least one dimension");
        for (int i = 2; i < c.InputCount; i++)
        {
            if (c.Input(i).Rank == 0 || c.Input(i).Shape[0] != count)
                throw c.InvalidArgument($"All input tensors must have the same size in the 0th dimension. Component {i - 1} has {c.Input(i).Shape}, and should have {count}");
        }

        for (int row = 0; row < count; row++)
        {
            Tensor[] item = new Tensor[c.InputCount - 1];
            for (int i = 0; i < item.Length; i++)
            {
                Tensor part = c.Input(i + 1);
                item[i] = TensorList.Kept(Rows.Take(part, 0, [row]).Reshaped(Shape.Create(part.Shape.Dimensions[1..])));
            }

            queue.Enqueue(item, c.Workers.Cancellation);
        }
    }
}

internal sealed class QueueEnqueueManyOp() : EnqueuingManyOp("QueueEnqueueMany(handle: ref(string), components: [Tcomponents]) -> () where Tcomponents: list(type) >= 1, timeout_ms: int = -1");

internal sealed class QueueEnqueueManyV2Op() : EnqueuingManyOp("QueueEnqueueManyV2(handle: resource, components: [Tcomponents]) -> () where Tcomponents: list(type) >= 1, timeout_ms: int = -1; stateful");
