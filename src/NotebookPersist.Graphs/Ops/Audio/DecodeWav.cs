using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Audio;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The samples of a WAV file of 16 bits.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="desiredChannels">How many channels there are to be; the last one is repeated. -1 as the file has them.</param>
    /// <param name="desiredSamples">How many samples there are to be; zeros follow the last one. -1 as the file has them.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Samples from -1 to 1, [samples, channels], and how many there are a second.</returns>
    /// <remarks>Source: TensorFlow op "DecodeWav".</remarks>
    public static (Output Audio, Output SampleRate) DecodeWav(this Graph graph, Operand contents, int desiredChannels = -1, int desiredSamples = -1, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation decode = graph.AddOperation<DecodeWavOp>(name, new AttributeList { { "desired_channels", (long)desiredChannels }, { "desired_samples", (long)desiredSamples } }, contents);
        return (decode[0], decode[1]);
    }

    /// <summary>A WAV file of 16 bits.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="audio">Samples from -1 to 1. Shape: [samples, channels]. DType: float32.</param>
    /// <param name="sampleRate">Samples a second: a scalar. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The file's bytes: a scalar of type string.</returns>
    /// <remarks>Source: TensorFlow op "EncodeWav".</remarks>
    public static Output EncodeWav(this Graph graph, Operand audio, Operand sampleRate, string? name = null) => graph.Add<EncodeWavOp>(name, audio, sampleRate);
}

internal sealed class DecodeWavOp() : UndifferentiatedOp(
    "DecodeWav(contents: string) -> (audio: float, sample_rate: int32) where desired_channels: int = -1, desired_samples: int = -1", "files are not differentiated")
{
    public override void InferShapes(ShapeContext c)
    {
        (long channels, long samples) = (c.Attributes.Int("desired_channels"), c.Attributes.Int("desired_samples"));
        if (channels < -1 || samples < -1)
            throw c.Fault($"channels and samples must be non-negative, got {channels} and {samples}.");
        c.WithRank(0, 0);
        c.Output(0, [samples, channels]);
        c.Output(1, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 0)
            throw c.InvalidArgument($"contents must be scalar, got shape {c.Input(0).Shape}");
        (float[] samples, int given, int rate) = Read(c);
        int moments = samples.Length / given;
        (long wantedChannels, long wantedSamples) = (c.Attributes.Int("desired_channels"), c.Attributes.Int("desired_samples"));
        int channels = wantedChannels < 0 ? given : (int)wantedChannels;
        Tensor audio = c.AllocateOutput(0, [wantedSamples < 0 ? moments : wantedSamples, channels]);
        Span<float> values = audio.MutableData<float>();
        for (int i = 0; i < values.Length; i++)
        {
            (int moment, int channel) = Math.DivRem(i, channels);
            values[i] = moment < moments ? samples[(moment * given) + Math.Min(channel, given - 1)] : 0;
        }

        c.AllocateOutput(1, Shape.Scalar).MutableData<int>()[0] = rate;
    }

    private static (float[] Samples, int Channels, int Rate) Read(KernelContext c)
    {
        try
        {
            return WaveFile.Read(c.Input(0).Strings[0]);
        }
        catch (FormatException e)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, e.Message, e);
        }
    }
}

internal sealed class EncodeWavOp() : UndifferentiatedOp("EncodeWav(audio: float, sample_rate: int32) -> (contents: string)", "files are not differentiated")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 2);
        c.WithRank(1, 0);
        c.Output(0, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        Tensor audio = c.Input(0);
        if (audio.Rank != 2)
            throw c.InvalidArgument($"audio must be 2-dimensional{audio.Shape}");
        int rate = SampleRate.Of(c, 1);
        if (rate <= 0)
            throw c.InvalidArgument($"sample_rate must be in (0, 2^32), got: {rate}");
        if (audio.Shape[1] is 0 or > ushort.MaxValue)
            throw c.InvalidArgument($"num_channels must be in (0, 2^16), got: {audio.Shape[1]}");
        if (audio.Count == 0)
            throw c.InvalidArgument("num_frames must be positive.");
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [WaveFile.Write(audio.Data<float>(), (int)audio.Shape[1], rate)]));
    }
}
