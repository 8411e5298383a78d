using System.Text;
using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Reads features of examples into dense and sparse tensors.</summary>
internal static class FeatureColumns
{
    /// <summary>A message from its bytes.</summary>
    public static T Parse<T>(KernelContext c, byte[] bytes, int index)
        where T : IMessage<T>, new()
    {
        try
        {
            var message = new T();
            message.MergeFrom(bytes);
            return message;
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Could not parse example input, element {index} of node '{c.Operation.Name}': {fault.Message}", fault);
        }
    }

    /// <summary>The values of a feature as a vector; null where it is missing or empty of kind.</summary>
    public static Tensor? Read(KernelContext c, Feature? feature, DType type, string key)
    {
        if (feature is null || feature.KindCase == Feature.KindOneofCase.None)
            return null;
        return (type, feature.KindCase) switch
        {
            (DType.Float32, Feature.KindOneofCase.FloatList) => Tensor.Of<float>([feature.FloatList.Value.Count], [.. feature.FloatList.Value]),
            (DType.Int64, Feature.KindOneofCase.Int64List) => Tensor.Of<long>([feature.Int64List.Value.Count], [.. feature.Int64List.Value]),
            (DType.String, Feature.KindOneofCase.BytesList) => Tensor.OfStrings([feature.BytesList.Value.Count], [.. feature.BytesList.Value.Select(static b => b.ToByteArray())]),
            _ => throw c.InvalidArgument($"Key: {key}.  Data types don't match. Expected type: {type.SignatureName()}, the feature is a {feature.KindCase}"),
        };
    }

    /// <summary>A feature's text key that an input holds.</summary>
    public static string Key(KernelContext c, int input) => Encoding.UTF8.GetString(StringBytes.One(c, input));

    /// <summary>Vectors put one after another; none gives none of the type.</summary>
    public static Tensor Join(DType type, IReadOnlyCollection<Tensor> parts) => parts.Count == 0 ? Tensor.Zeros(type, [0]) : SparseJoining.Join([.. parts]);

    /// <summary>Sets the three outputs of a sparse column.</summary>
    /// <param name="c">The node.</param>
    /// <param name="outputs">Indices, values and shape.</param>
    /// <param name="type">Element type.</param>
    /// <param name="rows">For each row its place and its values.</param>
    /// <param name="outer">Sizes before the last dimension.</param>
    public static void OutputSparse(KernelContext c, (int Indices, int Values, int Shape) outputs, DType type, IReadOnlyList<(long[] Place, Tensor Values)> rows, long[] outer)
    {
        var positions = new List<long>();
        long widest = 0;
        foreach ((long[] place, Tensor values) in rows)
        {
            for (int i = 0; i < values.Count; i++)
                positions.AddRange([.. place, i]);
            widest = Math.Max(widest, values.Count);
        }

        long[] sizes = [.. outer, widest];
        positions.CopyTo(c.AllocateOutput(outputs.Indices, [positions.Count / sizes.Length, sizes.Length]).MutableData<long>());
        c.Output(outputs.Values, Join(type, [.. rows.Select(static r => r.Values)]));
        sizes.CopyTo(c.AllocateOutput(outputs.Shape, [sizes.Length]).MutableData<long>());
    }

    /// <summary>A dense column: a row for each example, the default where the feature is missing.</summary>
    /// <param name="c">The node.</param>
    /// <param name="rows">The values of each example, null where missing.</param>
    /// <param name="missing">The default; without elements where the feature is required.</param>
    /// <param name="shape">Of each row; the first size is open where rows differ in length.</param>
    /// <param name="key">For messages.</param>
    public static Tensor Dense(KernelContext c, IReadOnlyList<Tensor?> rows, Tensor missing, Shape shape, string key)
    {
        bool isOpen = shape.Rank > 0 && shape[0] < 0;
        int step = IntVectors.Product(isOpen ? shape.Dimensions[1..] : shape.Dimensions);
        var parts = new List<Tensor>();
        int most = isOpen ? rows.Select(static r => r?.Count ?? 0).DefaultIfEmpty(0).Max() : step;
        for (int i = 0; i < rows.Count; i++)
        {
            Tensor? row = rows[i];
            if (isOpen)
            {
                if (row is not null && (step == 0 || row.Count % step != 0))
                    throw c.InvalidArgument($"Key: {key}, Index: {i}.  Number of values is not a multiple of stride length. values size: {row.Count} but output shape: {shape}");
                if (row is not null)
                    parts.Add(row);
                int open = most - (row?.Count ?? 0);
                parts.Add(missing.Count > 0 ? Rows.Take(missing.Reshaped([missing.Count]), 0, [.. Enumerable.Repeat(0, open)]) : Tensor.Zeros(missing.DType, [open]));
                continue;
            }

            if (row is null && missing.Count == 0 && step > 0)
                throw c.InvalidArgument($"Key: {key}, Index: {i}.  Feature {key} is required but could not be found.");
            row ??= missing.Reshaped([missing.Count]);
            if (row.Count != step)
                throw c.InvalidArgument($"Key: {key}, Index: {i}.  Number of {missing.DType.SignatureName()} values != expected.  values size: {row.Count} but output shape: {shape}");
            parts.Add(row);
        }

        Shape whole = isOpen ? [rows.Count, step == 0 ? 0 : most / step, .. shape.Dimensions[1..]] : [rows.Count, .. shape.Dimensions];
        return Join(missing.DType, parts).Reshaped(whole);
    }
}
