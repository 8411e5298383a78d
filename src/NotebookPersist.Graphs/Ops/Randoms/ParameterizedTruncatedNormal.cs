using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>Normal numbers between bounds; means, deviations and bounds may differ from row to row.</summary>
internal sealed class ParameterizedTruncatedNormalOp() : RandomOp(
    "ParameterizedTruncatedNormal(shape: T, means: dtype, stdevs: dtype, minvals: dtype, maxvals: dtype) -> (output: dtype) "
    + "where seed: int = 0, seed2: int = 0, dtype: half | bfloat16 | float | double, T: int32 | int64; stateful")
{
    // TensorFlow draws so many numbers of one distribution together.
    private const int Together = 100;

    protected override Philox Generator(KernelContext c, int count)
    {
        (long batches, long samples) = Batches(c, RandomOp.ShapeOf(c, 0));
        return RandomStream.Of(c).Reserve(batches * 2 * 1000 * (samples + 3) / 4);
    }

    protected override void Fill(KernelContext c, Tensor output, Philox generator)
    {
        if (output.DType == DType.Float64)
        {
            Fill(c, output.MutableData<double>(), generator, output.Shape);
        }
        else if (output.DType == DType.Float32)
        {
            Fill(c, output.MutableData<float>(), generator, output.Shape);
        }
        else
        {
            Tensor wide = c.Allocate(DType.Float32, output.Shape);
            Fill(c, wide.MutableData<float>(), generator, output.Shape);
            TensorCasts.Convert(wide, output.DType, "random numbers").Bytes.CopyTo(output.MutableBytes);
        }
    }

    private static void Fill<T>(KernelContext c, Span<T> output, Philox generator, Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (long batches, long samples) = Batches(c, shape);
        for (int batch = 0; batch < batches; batch++)
        {
            int start = (int)(batch * samples);
            T Parameter(int input) => c.Input(input).ItemAt<T>(c.Input(input).Count == 1 ? 0 : batch);
            (T mean, T deviation, T low, T high) = (Parameter(1), Parameter(2), Parameter(3), Parameter(4));
            if (!(deviation > T.Zero) || !(low < high) || !(T.IsFinite(low) || T.IsFinite(high)))
                throw c.InvalidArgument("Invalid parameters: stdevs must be positive, minvals less than maxvals, and one of the two finite.");
            if (!TruncatedSamples.TryFill(output.Slice(start, (int)Math.Min(samples, output.Length - start)), mean, deviation, low, high, ref generator))
                throw new KernelException(RunErrorCode.Unknown, "TruncatedNormal rejection sampler failed to accept a sample.");
        }
    }

    private static (long Batches, long Samples) Batches(KernelContext c, Shape shape)
    {
        if (shape.Rank == 0)
            throw c.InvalidArgument("Input shape should be a vector with at least one element, got shape: [0]");
        long batches = shape[0];
        for (int i = 1; i < 5; i++)
        {
            Tensor parameter = c.Input(i);
            if (parameter.Rank > 1)
                throw c.InvalidArgument($"Input {c.Operation.Definition!.Signature.Inputs[i].Name} should be a scalar or vector, got shape: {parameter.Shape}"); // It runs, so it is defined.
            if (parameter.Count != 1 && parameter.Count != batches)
                throw c.InvalidArgument($"Input {c.Operation.Definition!.Signature.Inputs[i].Name} should have length 1 or shape[0], got shape: {parameter.Shape}");
        }

        bool isOne = c.Input(1).Count == 1 && c.Input(2).Count == 1 && c.Input(3).Rank == 0 && c.Input(4).Rank == 0;
        return isOne ? ((shape.ElementCount + Together - 1) / Together, Together) : (batches, batches == 0 ? 0 : shape.ElementCount / batches);
    }
}
