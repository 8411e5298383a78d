using System.Globalization;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats;

/// <summary>A part of one dimension.</summary>
/// <param name="Start">First index. Unit: elements.</param>
/// <param name="Length">Count of indices, or null for the whole dimension (then <paramref name="Start"/> is 0).</param>
public readonly record struct SliceExtent(long Start, long? Length)
{
    /// <summary>The whole dimension, whatever its size.</summary>
    public static SliceExtent Whole => new(0, null);

    /// <summary>TensorFlow's text: <c>-</c> or <c>start,length</c>.</summary>
    public override string ToString() => Length is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Start},{Length}");
}

/// <summary>A rectangular part of a tensor: one extent for each dimension. Immutable.</summary>
/// <remarks>
/// Equality is of the text: <c>-</c> and <c>0,n</c> are different slices, as they are in TensorFlow's keys, even where the
/// dimension has n elements. <see cref="Resolve"/> makes them comparable.
/// </remarks>
public sealed class TensorSlice : IEquatable<TensorSlice>
{
    private readonly SliceExtent[] _extents;

    /// <summary>The slice with these extents.</summary>
    public TensorSlice(params ReadOnlySpan<SliceExtent> extents) => _extents = extents.ToArray();

    /// <summary>One extent for each dimension.</summary>
    public ReadOnlySpan<SliceExtent> Extents => _extents;

    /// <summary>How many dimensions it has.</summary>
    public int Rank => _extents.Length;

    /// <summary>Whether every dimension is taken whole by its text (<c>-</c>).</summary>
    public bool IsFull => !Array.Exists(_extents, static extent => extent.Length is not null);

    /// <summary>The slice of a tensor of this rank that takes everything.</summary>
    public static TensorSlice Full(int rank)
    {
        SliceExtent[] extents = new SliceExtent[rank];
        Array.Fill(extents, SliceExtent.Whole);
        return new TensorSlice(extents);
    }

    /// <summary>Reads TensorFlow's text, e.g. <c>0,3:-</c>; the empty text is the slice of a scalar.</summary>
    /// <exception cref="FormatException">An item is neither <c>-</c> nor a start that is not negative and a length above zero.</exception>
    public static TensorSlice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            return Full(0);
        }

        string[] items = text.Split(':');
        SliceExtent[] extents = new SliceExtent[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            extents[i] = ParseExtent(items[i], text);
        }

        return new TensorSlice(extents);
    }

    /// <summary>Reads a full shape and a slice, as variables are saved with them, e.g. <c>10 4 0,3:-</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static (long[] FullShape, TensorSlice Slice) ParseShapeAndSlice(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ');
        if (words.Length < 2)
        {
            throw new FormatException($"Need at least two elements in shape_and_slice specification: '{text}'.");
        }

        long[] shape = new long[words.Length - 1];
        for (int i = 0; i < shape.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                throw new FormatException($"Non numerical dimension in shape_and_slice: '{text}'.");
            }
        }

        TensorSlice slice = Parse(words[^1]);
        return slice.Rank == shape.Length
            ? (shape, slice)
            : throw new FormatException($"The slice in '{text}' has {slice.Rank} dimensions where the shape has {shape.Length}.");
    }

    /// <summary>The first index and the count in each dimension of a tensor of this shape.</summary>
    /// <exception cref="ArgumentException">The rank differs, or an extent reaches out of its dimension.</exception>
    public (long[] Starts, long[] Lengths) Resolve(ReadOnlySpan<long> shape)
    {
        if (shape.Length != Rank)
        {
            throw new ArgumentException($"The slice '{this}' has {Rank} dimensions where the tensor has {shape.Length}.", nameof(shape));
        }

        long[] starts = new long[Rank];
        long[] lengths = new long[Rank];
        for (int i = 0; i < Rank; i++)
        {
            (starts[i], long? length) = (_extents[i].Start, _extents[i].Length);
            lengths[i] = length ?? shape[i];
            if (starts[i] < 0 || lengths[i] < 0 || starts[i] > shape[i] || lengths[i] > shape[i] - starts[i])
            {
                throw new ArgumentException(
                    $"Extent in dimension {i} out of bounds: shape = [{string.Join(',', shape.ToArray())}], slice = {this}.", nameof(shape));
            }
        }

        return (starts, lengths);
    }

    /// <summary>TensorFlow's text, e.g. <c>0,3:-</c>.</summary>
    public override string ToString() => string.Join(':', _extents);

    /// <inheritdoc/>
    public bool Equals(TensorSlice? other) => other is not null && _extents.AsSpan().SequenceEqual(other._extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorSlice);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (SliceExtent extent in _extents)
        {
            hash.Add(extent);
        }

        return hash.ToHashCode();
    }

    internal static TensorSlice Of(long[] starts, long[] lengths)
        => new([.. starts.Select((start, i) => new SliceExtent(start, lengths[i]))]);

    internal static TensorSlice FromProto(TensorSliceProto proto)
    {
        SliceExtent[] extents = new SliceExtent[proto.Extent.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            TensorSliceProto.Types.Extent extent = proto.Extent[i];
            bool whole = extent.HasLengthCase == TensorSliceProto.Types.Extent.HasLengthOneofCase.None || extent.Length == -1;
            extents[i] = whole ? SliceExtent.Whole : new SliceExtent(extent.Start, extent.Length);
        }

        return new TensorSlice(extents);
    }

    internal TensorSliceProto ToProto()
    {
        TensorSliceProto proto = new();
        foreach (SliceExtent extent in _extents)
        {
            TensorSliceProto.Types.Extent item = new();
            if (extent.Length is long length)
            {
                item.Start = extent.Start;
                item.Length = length;
            }

            proto.Extent.Add(item);
        }

        return proto;
    }

    private static SliceExtent ParseExtent(string item, string text)
    {
        if (item == "-")
        {
            return SliceExtent.Whole;
        }

        string[] pair = item.Split(',');
        if (pair.Length != 2
            || !long.TryParse(pair[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long start)
            || !long.TryParse(pair[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long length))
        {
            throw new FormatException($"Expected a pair of numbers or '-' but got '{item}': string = {text}.");
        }

        return start >= 0 && length > 0
            ? new SliceExtent(start, length)
            : throw new FormatException($"Expected non-negative start and positive length but got start = {start}, length = {length}: string = {text}.");
    }
}
