namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Computes y[i] from x[i], both of one length.</summary>
/// <remarks>Aliasing: <paramref name="y"/> can begin where <paramref name="x"/> begins.</remarks>
public delegate void UnaryBody<TIn, TOut>(ReadOnlySpan<TIn> x, Span<TOut> y);

/// <summary>Computes z[i] from x[i] and y[i], all of one length.</summary>
/// <remarks>Aliasing: <paramref name="z"/> can begin where one of the others begins.</remarks>
public delegate void BinaryBody<TX, TY, TOut>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, Span<TOut> z);
