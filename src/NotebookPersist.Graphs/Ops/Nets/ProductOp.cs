using System.Numerics;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>A product of matrices of real or complex numbers.</summary>
internal abstract class ProductOp(string signature) : NumberOp(signature)
{
    protected sealed override void ComputeOther(KernelContext c, DType dtype)
    {
        if (dtype == DType.Complex128)
        {
            ComputeComplex(c, static x => x.ToArray<Complex>(), static (y, values) => values.CopyTo(y.MutableData<Complex>()));
            return;
        }

        if (dtype != DType.Complex64)
            throw c.Unsupported(dtype);
        ComputeComplex(c, static x => Array.ConvertAll(x.ToArray<Complex64>(), static z => (Complex)z), static (y, values) =>
        {
            Span<Complex64> to = y.MutableData<Complex64>();
            for (int i = 0; i < to.Length; i++)
                to[i] = (Complex64)values[i];
        });
    }

    protected abstract void ComputeComplex(KernelContext c, Func<Tensor, Complex[]> read, Action<Tensor, Complex[]> write);
}
