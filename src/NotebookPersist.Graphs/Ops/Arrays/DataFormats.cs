using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Moves dimensions, or what is said of them, from one image layout to another.</summary>
internal abstract class DataFormatOp(string signature) : UndifferentiatedOp(signature, "dimensions are no continuous values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    protected static (string Source, string Target) Formats(KernelContext c)
    {
        (string source, string target) = (c.Attributes.String("src_format"), c.Attributes.String("dst_format"));
        if (source.Length is not (4 or 5))
            throw c.InvalidArgument($"Source format must be of length 4 or 5, received src_format = {source}");
        if (target.Length != source.Length || source.Any(d => !target.Contains(d, StringComparison.Ordinal)))
            throw c.InvalidArgument($"Destination format must be a permutation of the source format {source}, received dst_format = {target}");
        return (source, target);
    }
}

internal sealed class DataFormatDimMapOp() : DataFormatOp("DataFormatDimMap(x: T) -> (y: T) where T: int32 | int64 = int32, src_format: string = 'NHWC', dst_format: string = 'NCHW'")
{
    public override void Compute(KernelContext c)
    {
        (string source, string target) = Formats(c);
        long[] axes = IntVectors.Read(c.Input(0));
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i] < -source.Length || axes[i] >= source.Length)
                throw c.InvalidArgument($"Dimension {axes[i]} is not in [{-source.Length}, {source.Length})");
            axes[i] = target.IndexOf(source[(int)((axes[i] + source.Length) % source.Length)], StringComparison.Ordinal);
        }

        IntVectors.Write(axes, c.AllocateOutput(0, c.Input(0).Shape));
    }
}

internal sealed class DataFormatVecPermuteOp() : DataFormatOp("DataFormatVecPermute(x: T) -> (y: T) where T: int32 | int64 = int32, src_format: string = 'NHWC', dst_format: string = 'NCHW'")
{
    public override void Compute(KernelContext c)
    {
        (string source, string target) = Formats(c);
        Tensor x = c.Input(0);
        if (x.Rank is not (1 or 2) || (x.Rank == 2 && x.Shape[1] != 2))
            throw c.InvalidArgument($"input must be a vector or a tensor of two columns, but got shape {x.Shape}");
        if (x.Shape[0] == source.Length - 2)
        {
            // Only the sizes of the image are given.
            (source, target) = (Spatial(source), Spatial(target));
        }

        if (x.Shape[0] != source.Length)
            throw c.InvalidArgument($"1D input must be of size {source.Length}, but got shape {x.Shape}");
        long[] values = IntVectors.Read(x);
        int width = x.Rank == 2 ? 2 : 1;
        long[] permuted = new long[values.Length];
        for (int i = 0; i < permuted.Length; i++)
            permuted[i] = values[(source.IndexOf(target[i / width], StringComparison.Ordinal) * width) + (i % width)];
        IntVectors.Write(permuted, c.AllocateOutput(0, x.Shape));
    }

    private static string Spatial(string format) => string.Concat(format.Where(static d => d is not ('N' or 'C')));
}
