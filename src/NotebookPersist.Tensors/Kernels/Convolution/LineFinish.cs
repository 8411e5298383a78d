using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>An epilogue over lines of images whose channels need not fill vectors: as many positions go together as do.</summary>
internal readonly unsafe struct LineFinish<T>
    where T : unmanaged, INumber<T>
{
    private readonly RowFinish<T> _single;
    private readonly RowFinish<T> _several;
    private readonly nint _channels;
    private readonly nint _together;

    /// <summary>Spreads the bias.</summary>
    /// <param name="finish">What is done.</param>
    /// <param name="channels">Channels of a position.</param>
    /// <param name="room">Holds the bias of several positions as long as this lives: a vector of elements for each channel.</param>
    public LineFinish(RowFinish<T> finish, int channels, T* room)
    {
        (_single, _several, _channels, _together) = (finish, finish, channels, 1);
        while (Vector<T>.IsSupported && channels > 0 && _channels * _together % Vector<T>.Count != 0)
            _together *= 2;
        if (finish.Bias is null || _together == 1)
            return;
        for (nint i = 0; i < _channels * _together; i++)
            room[i] = finish.Bias[i % _channels];
        _several = finish.With(room);
    }

    /// <summary>Finishes a line of sums that were just stored.</summary>
    /// <param name="sums">The first one.</param>
    /// <param name="positions">Number of positions.</param>
    public void Apply(T* sums, nint positions)
    {
        nint together = positions / _together;
        nint length = _channels * _together;
        _several.Apply(sums, together, 0, length, length);
        _single.Apply(sums + (together * length), positions - (together * _together), 0, _channels, _channels);
    }
}
