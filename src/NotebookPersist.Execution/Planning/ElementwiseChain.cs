using System.Buffers;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Execution.Planning;

/// <summary>Several operations on 32-bit floats, element by element, as one: each block of elements goes through all of them while it is in the first-level cache.</summary>
/// <remarks>
/// Gives the same bits as the operations one by one. The last part gives the result, every other part is read once, by a later one.
/// Thread safety: immutable but for what it keeps of its single parts.
/// </remarks>
internal sealed class ElementwiseChain : Op
{
    // Unit: elements. 8 KiB a block, so that the blocks of a few operands fit the cache together.
    private const int Block = 2048;

    // As many blocks for a thread as are worth waking it: 256 KiB of the result.
    private const int BlocksPerPiece = 32;

    // Unit: elements. Scratch up to this lies on the stack.
    private const int OnStack = 1024;

    private readonly Part[] _parts;
    private readonly BinaryBody<float, float, float>[] _bodies;
    private readonly int[] _registers;
    private readonly int _registerCount;

    public ElementwiseChain(IReadOnlyList<Part> parts)
        : base("_FusedElementwise(inputs: N * float) -> (output: float) where N: int >= 1")
    {
        _parts = [.. parts];
        _bodies = Array.ConvertAll(_parts, static p => (BinaryBody<float, float, float>)p.Op.ComputeBlock);
        _registers = new int[_parts.Length];
        _registerCount = Assign();
    }

    /// <summary>What is computed, operands first.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is made for running only; differentiate the operations it stands for");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
            shape = c.Broadcast(shape, c.Input(i));
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        if (CommonShape(c) is not { } shape)
        {
            ComputeApart(c);
            return;
        }

        int count = c.Input(FullInput(c, shape)).Count;
        Tensor result = Allocate(c, shape, count);
        var blocks = new Blocks(this, c, result);
        if (count <= Block)
            blocks.Run(0, Math.Sign(count));
        else
            c.Workers.For(count / Block, BlocksPerPiece, blocks);
    }

    // The shape of the result where every operand has it, repeats its last dimension or is a single element; else null.
    private Shape? CommonShape(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        for (int i = 1; i < c.InputCount; i++)
        {
            Shape other = c.Input(i).Shape;
            if (other.Rank > shape.Rank || (other.Rank == shape.Rank && c.Input(i).Count > c.Input(0).Count))
                shape = other;
        }

        int count = c.Input(FullInput(c, shape)).Count;
        for (int i = 0; i < c.InputCount; i++)
        {
            Tensor input = c.Input(i);
            bool isRow = input.Rank == 1 && shape.Rank > 1 && input.Shape[0] == shape[^1];
            if (input.Shape != shape && !isRow && !(input.Count == 1 && count > 0))
                return null;
        }

        return HasSameShapesWhereNeeded(c, shape) ? shape : null;
    }

    private static int FullInput(KernelContext c, Shape shape)
    {
        int at = 0;
        while (c.Input(at).Shape != shape)
            at++;
        return at;
    }

    // Operations that do not broadcast must complain as they do alone.
    private bool HasSameShapesWhereNeeded(KernelContext c, Shape shape)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].Op.NeedsSameShapes && !(IsFull(c, _parts[i].Left, shape) && IsFull(c, _parts[i].Right, shape)))
                return false;
        }

        return true;
    }

    private bool IsFull(KernelContext c, int operand, Shape shape) => operand >= 0
        ? c.Input(operand).Shape == shape
        : IsFull(c, _parts[~operand].Left, shape) || (_parts[~operand].Op.OperandCount == 2 && IsFull(c, _parts[~operand].Right, shape));

    private static Tensor Allocate(KernelContext c, Shape shape, int count)
    {
        for (int i = 0; i < c.InputCount; i++)
        {
            if (c.Input(i).Count == count && c.CanForward(i, 0, shape))
                return c.ForwardOrAllocateOutput(i, 0, shape);
        }

        return c.AllocateOutput(0, shape);
    }

    // Shapes that meet in other ways: one part after the other, as if they were not joined.
    private void ComputeApart(KernelContext c)
    {
        var results = new Tensor[_parts.Length];
        for (int i = 0; i < _parts.Length; i++)
        {
            Part part = _parts[i];
            Tensor x = part.Left >= 0 ? c.Input(part.Left) : results[~part.Left];
            if (part.Op.OperandCount == 1)
            {
                results[i] = Place(c, i, x.Shape);
                ElementwiseLoops.Unary<float, float>(x, results[i], (from, to) => part.Op.ComputeBlock(from, from, to), c.Workers);
                continue;
            }

            Tensor y = part.Right >= 0 ? c.Input(part.Right) : results[~part.Right];
            if (part.Op.NeedsSameShapes && x.Shape != y.Shape)
                throw c.InvalidArgument($"Inputs to operation {part.Name} of type {((Op)part.Op).Signature.Name} must have the same size and shape.  Input 0: {x.Shape} != input 1: {y.Shape}");
            BroadcastPlan plan = BroadcastPlan.TryCreate(x.Shape, y.Shape) ?? throw c.InvalidArgument($"Incompatible shapes: {x.Shape} vs. {y.Shape} at operation '{part.Name}' ({((Op)part.Op).Signature.Name})");
            results[i] = Place(c, i, plan.Shape);
            ElementwiseLoops.Binary(x, y, results[i], plan, _bodies[i], c.Workers);
        }
    }

    private Tensor Place(KernelContext c, int part, Shape shape) => part == _parts.Length - 1 ? c.AllocateOutput(0, shape) : c.Allocate(DType.Float32, shape);

    // A result goes where an operand was that nobody reads again; the last one goes out.
    private int Assign()
    {
        var free = new Stack<int>();
        int count = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].Left < 0)
                free.Push(_registers[~_parts[i].Left]);
            if (_parts[i].Op.OperandCount == 2 && _parts[i].Right < 0)
                free.Push(_registers[~_parts[i].Right]);
            if (i == _parts.Length - 1)
                break;
            if (!free.TryPop(out _registers[i]))
                _registers[i] = count++;
        }

        return count;
    }

    /// <summary>One operation of a chain.</summary>
    /// <param name="Op">What it computes.</param>
    /// <param name="Left">First operand: an input of the chain, or the complement of a part's place.</param>
    /// <param name="Right">Second operand; of no use to operations of one.</param>
    /// <param name="Name">The node that it stands for.</param>
    public readonly record struct Part(IBlockwiseOp Op, int Left, int Right, string Name);

    // Blocks of a fixed size, however many threads there are; the last takes the rest along, so that none is shorter than a vector.
    private readonly struct Blocks(ElementwiseChain chain, KernelContext c, Tensor result) : IRangeBody
    {
        public void Run(int start, int end)
        {
            int count = result.Count;
            int last = Math.Max(1, count / Block);
            int width = Math.Min(count, Block);
            // The last block alone can be longer.
            if (end == last)
                width = count - ((last - 1) * Block);
            int scratch = Scratch(width);
            float[]? rented = scratch > OnStack ? ArrayPool<float>.Shared.Rent(scratch) : null;
            try
            {
                Span<float> memory = rented ?? stackalloc float[OnStack];
                Repeat(memory[(chain._registerCount * width)..], count, width);
                for (int block = start; block < end; block++)
                {
                    int at = block * Block;
                    RunBlock(memory, width, at, (block == last - 1 ? count : at + Block) - at);
                }
            }
            finally
            {
                if (rented is not null)
                    ArrayPool<float>.Shared.Return(rented);
            }
        }

        // Registers, then one stretch for each operand that is not as large as the result.
        private int Scratch(int width)
        {
            int sum = chain._registerCount * width;
            for (int i = 0; i < c.InputCount; i++)
                sum += Stretch(c.Input(i).Count, width);
            return sum;
        }

        private int Stretch(int operand, int width) => operand == result.Count ? 0 : operand == 1 ? width : width + operand;

        // Lays out what is repeated, so that each block finds it contiguous from wherever it begins.
        private void Repeat(Span<float> memory, int count, int width)
        {
            for (int i = 0; i < c.InputCount; i++)
            {
                ReadOnlySpan<float> operand = c.Input(i).Data<float>();
                if (operand.Length == count)
                    continue;
                Span<float> stretch = memory[..Stretch(operand.Length, width)];
                memory = memory[stretch.Length..];
                if (operand.Length == 1)
                {
                    stretch.Fill(operand[0]);
                    continue;
                }

                for (; stretch.Length > 0; stretch = stretch[Math.Min(stretch.Length, operand.Length)..])
                    operand[..Math.Min(stretch.Length, operand.Length)].CopyTo(stretch);
            }
        }

        private void RunBlock(Span<float> memory, int width, int at, int length)
        {
            Part[] parts = chain._parts;
            for (int i = 0; i < parts.Length; i++)
            {
                ReadOnlySpan<float> x = Operand(memory, width, parts[i].Left, at, length);
                ReadOnlySpan<float> y = parts[i].Op.OperandCount == 1 ? x : Operand(memory, width, parts[i].Right, at, length);
                Span<float> z = i == parts.Length - 1 ? result.MutableData<float>().Slice(at, length) : memory.Slice(chain._registers[i] * width, length);
                parts[i].Op.ComputeBlock(x, y, z);
            }
        }

        private ReadOnlySpan<float> Operand(Span<float> memory, int width, int operand, int at, int length)
        {
            if (operand < 0)
                return memory.Slice(chain._registers[~operand] * width, length);
            Tensor input = c.Input(operand);
            if (input.Count == result.Count)
                return input.Data<float>().Slice(at, length);
            int stretch = chain._registerCount * width;
            for (int i = 0; i < operand; i++)
                stretch += Stretch(c.Input(i).Count, width);
            return memory.Slice(stretch + (input.Count == 1 ? 0 : at % input.Count), length);
        }
    }
}
