using System.Numerics;

namespace NotebookPersist.Kernels.Recurrent;

/// <summary>Connectionist temporal classification, in logarithms and double precision.</summary>
/// <remarks>Source: Graves et al., "Connectionist Temporal Classification" (2006). The last class is the blank.</remarks>
public static class Temporal
{
    /// <summary>Probabilities of one sequence of a batch.</summary>
    /// <param name="logits">Shape: [time, batch, classes].</param>
    /// <param name="row">Which sequence.</param>
    /// <param name="batch">Number of sequences.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="length">Steps that count.</param>
    /// <returns>Shape: [length, classes].</returns>
    public static double[] Softmax<T>(ReadOnlySpan<T> logits, int row, int batch, int classes, int length)
        where T : unmanaged, INumber<T>
    {
        double[] y = new double[length * classes];
        for (int t = 0; t < length; t++)
        {
            Interruption.Check();
            ReadOnlySpan<T> from = logits.Slice(((t * batch) + row) * classes, classes);
            Span<double> to = y.AsSpan(t * classes, classes);
            double largest = double.NegativeInfinity;
            double sum = 0;
            for (int k = 0; k < classes; k++)
                largest = Math.Max(largest, double.CreateTruncating(from[k]));
            for (int k = 0; k < classes; k++)
                sum += to[k] = Math.Exp(double.CreateTruncating(from[k]) - largest);
            foreach (ref double p in to)
                p /= sum;
        }

        return y;
    }

    /// <summary>The negative logarithm of the labels' probability, and its gradient by the logits.</summary>
    /// <param name="y">Probabilities. Shape: [length, classes].</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="labels">Classes without blanks.</param>
    /// <param name="mergeRepeated">Equal classes in a row stand for one label.</param>
    public static (double Loss, double[] Gradient) Loss(double[] y, int classes, int[] labels, bool mergeRepeated)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(labels);
        int blank = classes - 1;
        int[] path = new int[(2 * labels.Length) + 1];
        for (int u = 0; u < path.Length; u++)
            path[u] = u % 2 == 0 ? blank : labels[u / 2];
        int length = y.Length / classes;
        double[] forward = Sums(y, classes, path, blank, mergeRepeated, length, backward: false);
        double[] backward = Sums(y, classes, path, blank, mergeRepeated, length, backward: true);
        double total = double.NegativeInfinity;
        for (int u = 0; u < path.Length; u++)
        {
            Interruption.Check();
            total = Add(total, forward[u] + backward[u] - Log(y[path[u]]));
        }

        double[] gradient = (double[])y.Clone();
        if (double.IsNegativeInfinity(total))
            return (double.PositiveInfinity, gradient);
        for (int t = 0; t < length; t++)
        {
            Interruption.Check();
            for (int u = 0; u < path.Length; u++)
            {
                // Both sums hold the step's own probability.
                double share = forward[(t * path.Length) + u] + backward[(t * path.Length) + u] - Log(y[(t * classes) + path[u]]) - total;
                if (!double.IsNaN(share))
                    gradient[(t * classes) + path[u]] -= Math.Exp(share);
            }
        }

        return (-total, gradient);
    }

    private static double[] Sums(double[] y, int classes, int[] path, int blank, bool mergeRepeated, int length, bool backward)
    {
        int n = path.Length;
        double[] sums = new double[length * n];
        Array.Fill(sums, double.NegativeInfinity);
        for (int step = 0; step < length; step++)
        {
            Interruption.Check();
            int t = backward ? length - 1 - step : step;
            int before = backward ? t + 1 : t - 1;
            for (int i = 0; i < n; i++)
            {
                int u = backward ? n - 1 - i : i;
                double sum = double.NegativeInfinity;
                if (step == 0)
                {
                    sum = i <= 1 ? 0 : sum;
                }
                else
                {
                    int side = backward ? 1 : -1;
                    if (mergeRepeated || path[u] == blank)
                        sum = sums[(before * n) + u];
                    if (i > 0)
                        sum = Add(sum, sums[(before * n) + u + side]);
                    if (i > 1 && path[u] != blank && !(mergeRepeated && path[u] == path[u + (2 * side)]))
                        sum = Add(sum, sums[(before * n) + u + (2 * side)]);
                }

                sums[(t * n) + u] = sum + Log(y[(t * classes) + path[u]]);
            }
        }

        return sums;
    }

    private static double Log(double p) => p > 0 ? Math.Log(p) : double.NegativeInfinity;

    private static double Add(double a, double b)
    {
        double larger = Math.Max(a, b);
        return double.IsNegativeInfinity(larger) ? larger : larger + Math.Log(Math.Exp(a - larger) + Math.Exp(b - larger));
    }
}
