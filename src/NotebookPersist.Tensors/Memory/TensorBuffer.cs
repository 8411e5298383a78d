using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NotebookPersist.Memory;

/// <summary>A run of bytes that tensors share; knows how many slots of a running plan still use it.</summary>
/// <remarks>
/// Buffers are managed arrays: whoever holds a tensor keeps its bytes alive. A pooled buffer goes back to its pool when the last
/// slot lets go of it, unless it escaped to somebody who keeps it. Thread safety: the counts are atomic, the bytes are not guarded.
/// </remarks>
public sealed class TensorBuffer
{
    private readonly byte[] _array;
    private readonly int _offset;
    private BufferPool? _pool;
    private int _users;
    private int _holders;
    private int _version;

    internal TensorBuffer(byte[] array, int offset, int byteCount, BufferPool? pool = null)
    {
        _array = array;
        _offset = offset;
        ByteCount = byteCount;
        _pool = pool;
    }

    /// <summary>Unit: bytes.</summary>
    public int ByteCount { get; }

    /// <summary>All bytes.</summary>
    public Span<byte> Bytes => _array.AsSpan(_offset, ByteCount);

    /// <summary>All bytes, for asynchronous or lazy readers.</summary>
    public Memory<byte> Memory => _array.AsMemory(_offset, ByteCount);

    /// <summary>The array behind the bytes.</summary>
    internal byte[] Array => _array;

    /// <summary>Where in the array the bytes start.</summary>
    internal int Offset => _offset;

    /// <summary>True while exactly one slot uses this pooled buffer, so that a kernel may write its result over it.</summary>
    public bool IsExclusive => _pool is not null && Volatile.Read(ref _users) == 1;

    /// <summary>True while no slot uses this pooled buffer and nobody outside the run keeps it.</summary>
    public bool IsIdle => _pool is not null && Volatile.Read(ref _users) == 0;

    /// <summary>True while some slot of a running plan has these bytes.</summary>
    public bool IsInUse => Volatile.Read(ref _users) > 0;

    /// <summary>True for the bytes of variables, constants and fed values: whoever gets them out of a run must copy.</summary>
    public bool IsShared { get; private set; }

    /// <summary>True while somebody relies on the bytes staying as they are: whoever would write over them writes elsewhere.</summary>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <summary>True for the bytes of variables and constants: whoever writes to them says so by <see cref="Touch"/>.</summary>
    public bool IsTracked { get; private set; }

    /// <summary>Changes whenever tracked bytes do, so that what was computed of them can be kept until then.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>A buffer of its own, not zeroed, outside any pool.</summary>
    /// <param name="byteCount">Unit: bytes.</param>
    public static TensorBuffer Allocate(long byteCount) => LargeArrays.Allocate(byteCount, pool: null);

    /// <summary>Buffers of their own, not zeroed, outside any pool; small ones share blocks of memory.</summary>
    /// <param name="byteCounts">Unit: bytes; one a buffer.</param>
    /// <remarks>For values that come and go together: a block is given back when the last of its buffers is.</remarks>
    public static TensorBuffer[] AllocateMany(IReadOnlyList<long> byteCounts)
    {
        ArgumentNullException.ThrowIfNull(byteCounts);
        return LargeArrays.AllocateMany(byteCounts);
    }

    /// <summary>Shares bytes that somebody else made; nobody may write to them afterwards.</summary>
    public static TensorBuffer Wrap(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            ? new TensorBuffer(segment.Array!, segment.Offset, segment.Count) // TryGetArray gives no segment without one.
            : new TensorBuffer(bytes.ToArray(), 0, bytes.Length);

    /// <summary>One more slot uses the buffer.</summary>
    public void Retain() => Interlocked.Increment(ref _users);

    /// <summary>One slot less; the last one gives a pooled buffer back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _pool?.Return(this);
    }

    /// <summary>Somebody outside the run keeps these bytes: they never go back to a pool.</summary>
    public void Escape() => _pool = null;

    /// <summary>A variable, a graph or whoever feeds runs keeps these bytes, and may write over them.</summary>
    public void Share()
    {
        Escape();
        IsShared = true;
    }

    /// <summary>A variable or a constant keeps these bytes, and tells of every change.</summary>
    public void Track()
    {
        Share();
        IsTracked = true;
    }

    /// <summary>The bytes were changed, or are about to be.</summary>
    public void Touch() => Interlocked.Increment(ref _version);

    /// <summary>From now on the bytes stay as they are.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    public void Unhold() => Interlocked.Decrement(ref _holders);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);
}
