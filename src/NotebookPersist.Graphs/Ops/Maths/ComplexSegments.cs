using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Rows of complex numbers, reduced by segments.</summary>
internal static class ComplexSegments
{
    /// <summary>Takes each row into its segment; rows with negative numbers belong to none.</summary>
    public static Tensor Reduce(Tensor data, long[] ids, Shape shape, int width, Complex empty, Func<Complex, Complex, Complex> join)
    {
        ReadOnlySpan<Complex> rows = WideElements.Widened(data).Data<Complex>();
        Tensor result = Tensor.Uninitialized(DType.Complex128, shape);
        Span<Complex> into = result.MutableData<Complex>();
        into.Fill(empty);
        for (int row = 0; row < ids.Length; row++)
        {
            Interruption.Check(row);
            for (int i = 0; i < width && ids[row] >= 0; i++)
            {
                int at = ((int)ids[row] * width) + i;
                into[at] = join(into[at], rows[(row * width) + i]);
            }
        }

        return result;
    }
}
