using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>The factors L and U of a square matrix whose rows are reordered so that the largest number of each column leads.</summary>
public sealed class LuFactors
{
    /// <summary>Factorises a matrix.</summary>
    public LuFactors(ComplexMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Rows;
        Packed = matrix.Copy();
        RowOrder = [.. Enumerable.Range(0, n)];
        for (int k = 0; k < n; k++)
        {
            Interruption.Check();
            int pivot = k;
            for (int row = k + 1; row < n; row++)
            {
                if (Complex.Abs(Packed[row, k]) > Complex.Abs(Packed[pivot, k]))
                    pivot = row;
            }

            Complex lead = Packed[pivot, k];
            if (lead == Complex.Zero)
            {
                IsSingular = true;
                continue;
            }

            Packed.SwapRows(pivot, k);
            (RowOrder[pivot], RowOrder[k]) = (RowOrder[k], RowOrder[pivot]);
            for (int row = k + 1; row < n; row++)
            {
                Complex factor = Packed[row, k] / lead;
                Packed[row, k] = factor;
                for (int column = k + 1; column < n; column++)
                    Packed[row, column] -= factor * Packed[k, column];
            }
        }
    }

    /// <summary>U on and above the diagonal, L below it; L's diagonal is all ones.</summary>
    public ComplexMatrix Packed { get; }

    /// <summary>Which row of the matrix each row of the factors is.</summary>
    public int[] RowOrder { get; }

    /// <summary>Whether a column had nothing but zeros to lead it.</summary>
    public bool IsSingular { get; }

    /// <summary>The X of A X = B.</summary>
    public ComplexMatrix Solve(ComplexMatrix rightSide)
    {
        ArgumentNullException.ThrowIfNull(rightSide);
        int n = Packed.Rows;
        var x = new ComplexMatrix(n, rightSide.Columns);
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < x.Columns; column++)
                x[row, column] = rightSide[RowOrder[row], column];
        }

        Triangular.Solve(Packed, x, lower: true, adjoint: false, unitDiagonal: true);
        Triangular.Solve(Packed, x, lower: false, adjoint: false, unitDiagonal: false);
        return x;
    }
}
