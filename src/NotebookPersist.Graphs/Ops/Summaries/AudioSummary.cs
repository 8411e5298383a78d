using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Audio;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>The first clips of a batch, as WAV of 16 bits, at a rate that is an input.</summary>
/// <remarks>Source: TensorFlow op "AudioSummaryV2".</remarks>
internal sealed class AudioSummaryV2Op() : AudioSummaryBase("AudioSummaryV2(tag: string, tensor: float, sample_rate: float) -> (summary: string) where max_outputs: int >= 1 = 3")
{
    protected override float Rate(KernelContext c) => c.Input(2).ItemAt<float>(0);
}

/// <summary>The first clips of a batch, as WAV of 16 bits, at a fixed rate.</summary>
/// <remarks>Source: TensorFlow op "AudioSummary".</remarks>
internal sealed class AudioSummaryOp() : AudioSummaryBase("AudioSummary(tag: string, tensor: float) -> (summary: string) where sample_rate: float, max_outputs: int >= 1 = 3")
{
    protected override float Rate(KernelContext c) => c.Attributes.Float("sample_rate");
}

internal abstract class AudioSummaryBase(string signature) : SummaryOp(signature)
{
    protected abstract float Rate(KernelContext c);

    protected override Summary Make(KernelContext c)
    {
        Tensor clips = c.Input(1);
        if (clips.Rank is not (2 or 3))
            throw c.InvalidArgument($"Tensor must be 3-D or 2-D, got: {clips.Shape}");
        float rate = Rate(c);
        if (!(rate > 0))
            throw c.InvalidArgument($"sample_rate must be > 0, got {rate}");
        int frames = (int)clips.Shape[1];
        int channels = clips.Rank == 2 ? 1 : (int)clips.Shape[2];
        string tag = Tag(c);
        long most = c.Attributes.Int("max_outputs");
        var summary = new Summary();
        for (int i = 0; i < Math.Min(most, clips.Shape[0]); i++)
        {
            summary.Value.Add(new Summary.Types.Value
            {
                Tag = most == 1 ? $"{tag}/audio" : $"{tag}/audio/{i}",
                Audio = new Summary.Types.Audio
                {
                    SampleRate = rate,
                    NumChannels = channels,
                    LengthFrames = frames,
                    ContentType = "audio/wav",
                    EncodedAudioString = ByteString.CopyFrom(WaveFile.Write(clips.Data<float>().Slice(i * frames * channels, frames * channels), channels, (int)rate)),
                },
            });
        }

        return summary;
    }
}
