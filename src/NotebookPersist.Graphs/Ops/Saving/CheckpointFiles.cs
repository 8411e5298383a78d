using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What the restoring operations share: opening by prefix, and reading with the expected type.</summary>
internal static class CheckpointFiles
{
    /// <summary>Opens the checkpoint of a prefix, V2 where there is an index, else V1.</summary>
    /// <exception cref="KernelException">There is none, or its files are damaged.</exception>
    public static CheckpointReader Open(string prefix)
    {
        try
        {
            return CheckpointReader.Open(prefix);
        }
        catch (FileNotFoundException missing)
        {
            throw new KernelException(RunErrorCode.NotFound, $"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {prefix}. {missing.Message}", missing);
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, damage.Message, damage);
        }
    }

    /// <summary>Reads a tensor or a part of it.</summary>
    /// <exception cref="KernelException">It is not there, has another type, or its bytes are damaged.</exception>
    public static Tensor Read(CheckpointReader reader, string name, string shapeAndSlice, DType dtype, CancellationToken cancellation)
    {
        if (!reader.TryFind(name, out CheckpointEntry? entry))
            throw new KernelException(RunErrorCode.NotFound, $"Key {name} not found in checkpoint '{reader.Prefix}'.");
        if (entry.DType != dtype)
        {
            throw new KernelException(
                RunErrorCode.InvalidArgument,
                $"tensor_name = {name}; expected dtype {dtype.SignatureName()} does not equal original dtype {entry.DType.SignatureName()} in '{reader.Prefix}'.");
        }

        try
        {
            if (shapeAndSlice.Length == 0)
                return reader.Read(name, cancellation);
            (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(shapeAndSlice);
            if (entry.Shape != Shape.Create(fullShape))
            {
                throw new KernelException(
                    RunErrorCode.InvalidArgument,
                    $"tensor_name = {name}; shape in shape_and_slice spec {Shape.Create(fullShape)} does not match the shape stored in checkpoint '{reader.Prefix}': {entry.Shape}");
            }

            return reader.Read(name, slice, cancellation);
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, damage.Message, damage);
        }
        catch (FileNotFoundException missing)
        {
            throw new KernelException(RunErrorCode.NotFound, missing.Message, missing);
        }
        catch (Exception badSlice) when (badSlice is FormatException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"tensor_name = {name}; {badSlice.Message}", badSlice);
        }
    }
}
