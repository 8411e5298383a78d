using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What the operations that write V1 checkpoints share.</summary>
internal static class SliceFiles
{
    /// <summary>Writes the inputs after the fixed ones to a file; nothing is on disk before all of them have a value.</summary>
    /// <param name="c">Its first inputs are the file and the names.</param>
    /// <param name="slices">One for each name, empty for a whole tensor.</param>
    /// <param name="fixedInputs">How many inputs come before the tensors.</param>
    /// <exception cref="KernelException">Inputs do not fit each other, or the file cannot be written.</exception>
    public static void Write(KernelContext c, ReadOnlySpan<byte[]> slices, int fixedInputs)
    {
        string path = (string)c.Input(0);
        ReadOnlySpan<byte[]> names = c.Input(1).Strings;
        if (slices.Length != names.Length)
            throw c.InvalidArgument($"Expected {names.Length} elements for the tensor shapes and slices but got {slices.Length}.");
        if (c.InputCount != names.Length + fixedInputs)
        {
            throw c.InvalidArgument(
                $"Expected totally {names.Length + fixedInputs} inputs as input #1 (which is a string tensor of saved names) contains {names.Length} names, "
                + $"but received {c.InputCount} inputs.");
        }

        // TensorFlow lists tensors in the order of their names, as given where names are equal.
        int[] order = [.. Enumerable.Range(0, names.Length)];
        byte[][] keys = names.ToArray();
        Array.Sort(order, (a, b) => keys[a].AsSpan().SequenceCompareTo(keys[b]) is int byName and not 0 ? byName : a.CompareTo(b));
        SliceFileWriter writer = new(path);
        foreach (int i in order)
            Add(c, writer, Encoding.UTF8.GetString(names[i]), Encoding.UTF8.GetString(slices[i]), c.Input(fixedInputs + i));
        writer.Finish(c.Workers.Cancellation);
    }

    private static void Add(KernelContext c, SliceFileWriter writer, string name, string specification, Tensor tensor)
    {
        // The writer takes quint16, but TensorFlow's restoring operations do not.
        if (!SliceFileWriter.CanStore(tensor.DType) || tensor.DType == DType.QUInt16)
        {
            throw new KernelException(
                RunErrorCode.Unimplemented, $"Saving data type {tensor.DType.SignatureName()} not yet supported: tensor '{name}'. V2 checkpoints have all types.");
        }

        try
        {
            if (specification.Length == 0)
            {
                writer.Add(name, tensor);
                return;
            }

            (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(specification);
            writer.Add(name, fullShape, slice, tensor);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Cannot save tensor '{name}': {wrong.Message}", wrong);
        }
    }
}
