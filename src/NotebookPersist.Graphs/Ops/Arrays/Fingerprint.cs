using System.Buffers.Binary;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class FingerprintOp() : UndifferentiatedOp("Fingerprint(data: T, method: string) -> (fingerprint: uint8) where T: type", "fingerprints are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape data = c.WithRankAtLeast(0, 1);
        c.Output(0, [data.HasRank ? data[0] : -1, sizeof(ulong)]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor data = c.Input(0);
        string method = (string)c.Input(1);
        if (method != "farmhash64")
            throw c.InvalidArgument($"Unsupported fingerprint method: {method}");
        if (data.Rank == 0)
            throw c.InvalidArgument("`data` should have at least one dimension.");
        int rows = (int)data.Shape[0];
        int row = IntVectors.Product(data.Shape.Dimensions[1..]);
        Span<byte> output = c.AllocateOutput(0, [rows, sizeof(ulong)]).MutableData<byte>();
        for (int i = 0; i < rows; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(output[(i * sizeof(ulong))..], Of(data, i, row));
    }

    private static ulong Of(Tensor data, int index, int row)
    {
        if (data.DType != DType.String)
            return FarmHash.Fingerprint64(data.Bytes.Slice(index * row * data.DType.Size(), row * data.DType.Size()));
        ReadOnlySpan<byte[]> texts = data.Strings.Slice(index * row, row);
        if (row == 1)
            return FarmHash.Fingerprint64(texts[0]);
        // Of several strings, the fingerprints are taken together.
        byte[] parts = new byte[row * sizeof(ulong)];
        for (int i = 0; i < row; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(parts.AsSpan(i * sizeof(ulong)), FarmHash.Fingerprint64(texts[i]));
        return FarmHash.Fingerprint64(parts);
    }
}
