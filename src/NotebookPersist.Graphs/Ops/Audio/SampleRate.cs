using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The sample rate that operations on sound take as an input.</summary>
internal static class SampleRate
{
    /// <summary>The rate. Unit: samples a second.</summary>
    /// <exception cref="KernelException">It is no scalar.</exception>
    public static int Of(KernelContext c, int input) => c.Input(input) is { Rank: 0 } rate
        ? rate.Item<int>()
        : throw c.InvalidArgument($"Input sample_rate should be a scalar tensor, got {c.Input(input).Shape} instead.");
}
