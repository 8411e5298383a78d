using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Vectors of one width, so that one text of a kernel gives a kernel for each width.</summary>
/// <remarks>Every member is one instruction; kernels keep the vectors themselves, not a struct around them, so that they stay in registers.</remarks>
internal unsafe interface ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Elements of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Most rows of a tile two vectors wide whose sums fit the registers.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(T* from);

    static abstract void Store(TVector value, T* to);

    static abstract TVector Create(T value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left * right + sum, rounded once where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);

    /// <summary>The larger; <paramref name="right"/> where that is NaN.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>The smaller; <paramref name="right"/> where that is NaN.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>All elements together.</summary>
    static abstract T Sum(TVector value);

    /// <summary>0 where <paramref name="x"/> is less than <paramref name="limit"/>, else <paramref name="value"/>.</summary>
    static abstract TVector ZeroWhereLess(TVector x, TVector limit, TVector value);

    /// <summary>2^n of 32-bit floats, from -126 to 127.</summary>
    /// <param name="shifted">n + 1.5 * 2^23, whose lowest bits are n.</param>
    static abstract TVector PowerOfTwo(TVector shifted);
}

/// <summary>Vectors of 512 bits: 24 sums, two vectors of columns and one broadcast of 32 registers.</summary>
internal readonly unsafe struct WideLanes<T> : ILanes<Vector512<T>, T>
    where T : unmanaged, INumber<T>
{
    public static int Count => Vector512<T>.Count;

    public static int TileRows => 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Create(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> left, Vector512<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> left, Vector512<T> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> left, Vector512<T> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> sum) => Gemm.MultiplyAdd(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> left, Vector512<T> right) => Vector512.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> left, Vector512<T> right) => Vector512.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ZeroWhereLess(Vector512<T> x, Vector512<T> limit, Vector512<T> value) => Vector512.ConditionalSelect(Vector512.LessThan(x, limit), Vector512<T>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> PowerOfTwo(Vector512<T> shifted) => ((shifted.As<T, int>() << 23) + Vector512<float>.One.AsInt32()).As<int, T>();
}

/// <summary>Vectors of the machine's general width: 12 sums, two vectors of columns and one broadcast of 16 registers.</summary>
internal readonly unsafe struct GeneralLanes<T> : ILanes<Vector<T>, T>
    where T : unmanaged, INumber<T>
{
    public static int Count => Vector<T>.Count;

    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(T* from) => Vector.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<T> value, T* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Create(T value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> left, Vector<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Subtract(Vector<T> left, Vector<T> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Multiply(Vector<T> left, Vector<T> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> left, Vector<T> right, Vector<T> sum) => Gemm.MultiplyAdd(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Max(Vector<T> left, Vector<T> right) => Vector.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Min(Vector<T> left, Vector<T> right) => Vector.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector<T> value) => Vector.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ZeroWhereLess(Vector<T> x, Vector<T> limit, Vector<T> value) => Vector.ConditionalSelect(Vector.LessThan(x, limit), Vector<T>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> PowerOfTwo(Vector<T> shifted) => ((shifted.As<T, int>() << 23) + Vector<float>.One.As<float, int>()).As<int, T>();
}
