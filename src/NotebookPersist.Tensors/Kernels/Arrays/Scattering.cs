using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Writes rows to the places that positions name, one after another, so that updates of one place add up.</summary>
public static class Scattering
{
    /// <summary>Applies an update row to each place.</summary>
    /// <param name="target">Changed in place.</param>
    /// <param name="starts">First element of each place; inside the target with the whole row.</param>
    /// <param name="rowSize">Elements of a row.</param>
    /// <param name="updates">A row for each place, or a single element for all.</param>
    /// <param name="kind">What becomes of the elements.</param>
    /// <returns>False for element types without the arithmetic.</returns>
    public static bool TryApply(Tensor target, int[] starts, int rowSize, Tensor updates, ScatterKind kind)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(updates);
        if (starts.Length == 0 || rowSize == 0)
            return true;
        bool single = updates.Count == 1 && (long)starts.Length * rowSize != 1;
        if (kind == ScatterKind.Update)
        {
            RawElements.Run(target.DType, new UpdateLoop(target, starts, rowSize, updates, single));
            return true;
        }

        if (target.DType == DType.String && kind == ScatterKind.Add)
        {
            Append(target, starts, rowSize, updates, single);
            return true;
        }

        if (target.DType == DType.Bool && kind is (ScatterKind.Add or ScatterKind.Subtract))
        {
            Flip(target, starts, rowSize, updates, single, kind == ScatterKind.Add);
            return true;
        }

        if (target.DType is DType.BFloat16 or DType.Complex64)
        {
            // Summed in the wider type and rounded once.
            Tensor wide = WideElements.Widened(target);
            if (!TryApply(wide, starts, rowSize, WideElements.Widened(updates), kind))
                return false;
            WideElements.Narrow(wide, target);
            return true;
        }

        bool ordered = kind is ScatterKind.Minimum or ScatterKind.Maximum;
        if (!NumberLoops.IsSupported(target.DType) || (ordered && target.DType.IsComplex()))
            return false;
        NumberLoops.Run(target.DType, new ArithmeticLoop(target, starts, rowSize, updates, single, kind));
        return true;
    }

    // Texts are added by writing them one after another.
    private static void Append(Tensor target, int[] starts, int rowSize, Tensor updates, bool single)
    {
        Span<byte[]> texts = target.Raw<byte[]>();
        for (int i = 0; i < starts.Length * rowSize; i++)
        {
            ref byte[] text = ref texts[starts[i / rowSize] + (i % rowSize)];
            text = [.. text, .. updates.Strings[single ? 0 : i]];
        }
    }

    // As numbers, truth values add up to true where any is, and differ where they are not the same.
    private static void Flip(Tensor target, int[] starts, int rowSize, Tensor updates, bool single, bool add)
    {
        Span<bool> truths = target.MutableData<bool>();
        for (int i = 0; i < starts.Length * rowSize; i++)
        {
            ref bool truth = ref truths[starts[i / rowSize] + (i % rowSize)];
            bool update = updates.Data<bool>()[single ? 0 : i];
            truth = add ? truth | update : truth ^ update;
        }
    }

    private readonly record struct UpdateLoop(Tensor Target, int[] Starts, int RowSize, Tensor Updates, bool Single) : IElementLoop
    {
        public void Run<T>()
        {
            Span<T> target = Target.Raw<T>();
            ReadOnlySpan<T> updates = Updates.Raw<T>();
            for (int i = 0; i < Starts.Length; i++)
            {
                Interruption.Check(i);
                Span<T> row = target.Slice(Starts[i], RowSize);
                if (Single)
                    row.Fill(updates[0]);
                else
                    updates.Slice(i * RowSize, RowSize).CopyTo(row);
            }
        }
    }

    private readonly record struct ArithmeticLoop(Tensor Target, int[] Starts, int RowSize, Tensor Updates, bool Single, ScatterKind Kind) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            Span<T> target = Target.MutableData<T>();
            ReadOnlySpan<T> updates = Updates.Data<T>();
            for (int i = 0; i < Starts.Length; i++)
            {
                Interruption.Check(i);
                Span<T> row = target.Slice(Starts[i], RowSize);
                for (int j = 0; j < row.Length; j++)
                {
                    T update = updates[Single ? 0 : (i * RowSize) + j];
                    row[j] = Kind switch
                    {
                        ScatterKind.Add => unchecked(row[j] + update),
                        ScatterKind.Subtract => unchecked(row[j] - update),
                        ScatterKind.Multiply => unchecked(row[j] * update),
                        ScatterKind.Divide => row[j] / update,
                        ScatterKind.Minimum => Below(update, row[j]) ? update : row[j],
                        _ => Below(row[j], update) ? update : row[j],
                    };
                }
            }
        }

        private static bool Below<T>(T left, T right)
            where T : unmanaged, INumberBase<T> => Comparer<T>.Default.Compare(left, right) < 0;
    }
}
