namespace NotebookPersist.Kernels;

/// <summary>Rows of a left factor as a micro-kernel reads them: element (i, p) lies at <c>Data[i * Step + p / Run * BlockStep + p % Run]</c>.</summary>
internal readonly unsafe struct RowPanel<T>(T* data, nint step, nint run, nint blockStep)
    where T : unmanaged
{
    /// <summary>The first element.</summary>
    public T* Data => data;

    /// <summary>Elements from one row to the next; <see cref="Gemm.Depth"/> in packed panels.</summary>
    public nint Step => step;

    /// <summary>Elements of a row that lie together.</summary>
    public nint Run => run;

    /// <summary>Elements from one such run to the next.</summary>
    public nint BlockStep => blockStep;

    /// <summary>A packed panel <c>[ceil(k / 16)][rows][16]</c>, or some rows of one from a first one on.</summary>
    public static RowPanel<T> Packed(T* data, nint rowsOfPanel) => new(data, Gemm.Depth, Gemm.Depth, rowsOfPanel * Gemm.Depth);
}

/// <summary>Multiplies a few rows by one packed panel of columns, all sums in registers.</summary>
/// <remarks>A panel of columns is <c>[k][Columns]</c>.</remarks>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    /// <summary>Most rows of a tile.</summary>
    static abstract nint Rows { get; }

    /// <summary>Most rows of a tile of half the columns of a panel.</summary>
    static abstract nint NarrowRows { get; }

    /// <summary>Columns of a panel.</summary>
    static abstract nint Columns { get; }

    /// <summary>c = a b, or c += a b, for strips of rows that lie below each other in the result.</summary>
    /// <remarks>Many strips a call: between two calls the sums of the first are waited for. A structure of rows that was just written must not be copied, for the same reason.</remarks>
    /// <param name="strips">How many.</param>
    /// <param name="stripStep">Elements of the left factor from one strip to the next.</param>
    /// <param name="rows">Of a strip; from 1 to <see cref="Rows"/>, or <see cref="NarrowRows"/>.</param>
    /// <param name="columns">Columns of the result that are stored: all of a panel, or half.</param>
    /// <param name="k">Length of the sums; at least 1.</param>
    /// <param name="a">The rows of the first strip.</param>
    /// <param name="b">Panel of columns.</param>
    /// <param name="ahead">How far ahead of its use the panel, or what follows it, is fetched into the nearest cache. Unit: bytes.</param>
    /// <param name="c">The result.</param>
    /// <param name="stride">Elements from one row of the result to the next.</param>
    /// <param name="accumulate">Whether the result is added to what is there.</param>
    static abstract void Run(nint strips, nint stripStep, nint rows, nint columns, nint k, in RowPanel<T> a, T* b, nint ahead, T* c, nint stride, bool accumulate);
}

/// <summary>A number that the JIT knows, so that one text of a kernel gives a kernel for each size.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal readonly struct Size0 : ISize
{
    public static int Value => 0;
}

internal readonly struct Size1 : ISize
{
    public static int Value => 1;
}

internal readonly struct Size2 : ISize
{
    public static int Value => 2;
}

internal readonly struct Size3 : ISize
{
    public static int Value => 3;
}

internal readonly struct Size4 : ISize
{
    public static int Value => 4;
}

internal readonly struct Size5 : ISize
{
    public static int Value => 5;
}

internal readonly struct Size6 : ISize
{
    public static int Value => 6;
}

internal readonly struct Size7 : ISize
{
    public static int Value => 7;
}

internal readonly struct Size8 : ISize
{
    public static int Value => 8;
}

internal readonly struct Size9 : ISize
{
    public static int Value => 9;
}

internal readonly struct Size10 : ISize
{
    public static int Value => 10;
}

internal readonly struct Size11 : ISize
{
    public static int Value => 11;
}

internal readonly struct Size12 : ISize
{
    public static int Value => 12;
}

internal readonly struct Size16 : ISize
{
    public static int Value => 16;
}
