using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Eigenvalues of each square matrix, with its eigenvectors where those are wanted, else an empty tensor in their place.</summary>
internal abstract class SpectralOp(string signature) : MatrixBatchOp(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape shape = SquareShape(c);
        long n = shape.HasRank ? c.Merge(shape[^1], shape[^2]) : -1;
        c.Output(0, OuterOf(shape, n));
        c.Output(1, c.Attributes.Bool("compute_v") ? OuterOf(shape, n, n) : [0]);
    }
}
