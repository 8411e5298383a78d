using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>For each point the nearest of some centers, and the squares of their distances; what models of k-means give as their answer.</summary>
internal sealed class NearestNeighborsOp() : UndifferentiatedOp(
    "NearestNeighbors(points: float, centers: float, k: int64) -> (nearest_center_indices: int64, nearest_center_distances: float)", "centers are chosen, not computed")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape points = c.WithRank(0, 2);
        c.WithRank(1, 2);
        c.Output(0, [points[0], -1]);
        c.Output(1, [points[0], -1]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor points, Tensor centers, Tensor limit) = (c.Input(0), c.Input(1), c.Input(2));
        if (points.Rank != 2 || centers.Rank != 2 || points.Shape[1] != centers.Shape[1])
            throw c.InvalidArgument($"points and centers must be matrices with as many columns, got {points.Shape} and {centers.Shape}");
        if (limit.Rank != 0 || limit.Item<long>() <= 0)
            throw c.InvalidArgument($"k must be a positive scalar, got {limit}");
        (int count, int width, int all) = ((int)points.Shape[0], (int)points.Shape[1], (int)centers.Shape[0]);
        int taken = (int)Math.Min(limit.Item<long>(), all);
        Tensor indices = c.AllocateOutput(0, [count, taken]), distances = c.AllocateOutput(1, [count, taken]);
        float[] squares = new float[all];
        int[] order = new int[all];
        for (int i = 0; i < count; i++)
        {
            Interruption.Check();
            ReadOnlySpan<float> point = points.Data<float>().Slice(i * width, width);
            for (int j = 0; j < all; j++)
                (squares[j], order[j]) = (Distance(point, centers.Data<float>().Slice(j * width, width)), j);
            // Of equally near centers the first comes first.
            Array.Sort(order, (a, b) => squares[a] != squares[b] ? squares[a].CompareTo(squares[b]) : a.CompareTo(b));
            for (int j = 0; j < taken; j++)
            {
                indices.MutableData<long>()[(i * taken) + j] = order[j];
                distances.MutableData<float>()[(i * taken) + j] = squares[order[j]];
            }
        }
    }

    private static float Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }
}
