namespace NotebookPersist.Kernels;

/// <summary>Multiplies one packed panel of rows by one packed panel of columns, all sums in registers.</summary>
/// <remarks>
/// A panel of rows is <c>[ceil(k / 16)][rows][16]</c>: rows are copied sixteen elements at a time, and every element stands at a constant
/// distance from one pointer. A panel of columns is <c>[k][Columns]</c>.
/// </remarks>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    /// <summary>Rows of a full panel.</summary>
    static abstract nint Rows { get; }

    /// <summary>Columns of a panel.</summary>
    static abstract nint Columns { get; }

    /// <summary>The least number of rows not below the given one that the kernel has code for.</summary>
    static abstract nint PanelRows(nint rows);

    /// <summary>c = a b, or c += a b.</summary>
    /// <param name="rows">Rows of the panel, one of those <see cref="PanelRows"/> gives.</param>
    /// <param name="columns">Columns wanted; all of the panel's may be written.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">Panel of rows.</param>
    /// <param name="b">Panel of columns.</param>
    /// <param name="c">Where the result goes.</param>
    /// <param name="stride">Elements from one row of the result to the next.</param>
    /// <param name="accumulate">Whether the result is added to what is there.</param>
    static abstract void Run(nint rows, nint columns, nint k, T* a, T* b, T* c, nint stride, bool accumulate);
}

/// <summary>A number that the JIT knows, so that one text of a kernel gives a kernel for each size.</summary>
internal interface ISize
{
    static abstract int Value { get; }
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

internal readonly struct Size6 : ISize
{
    public static int Value => 6;
}

internal readonly struct Size8 : ISize
{
    public static int Value => 8;
}

internal readonly struct Size12 : ISize
{
    public static int Value => 12;
}
