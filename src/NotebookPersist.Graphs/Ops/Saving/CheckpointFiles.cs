using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
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
            throw NotFound(prefix, missing);
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
        bool isOld = reader.Kind != CheckpointKind.Bundle;
        if (!reader.TryFind(name, out CheckpointEntry? entry))
        {
            throw new KernelException(
                RunErrorCode.NotFound,
                isOld ? $"Tensor name \"{name}\" not found in checkpoint files {reader.Prefix}" : $"Key {name} not found in checkpoint '{reader.Prefix}'.");
        }

        if (entry.DType != dtype)
            throw new KernelException(RunErrorCode.InvalidArgument, OtherType(reader.Prefix, name, dtype, entry.DType, isOld));
        try
        {
            if (shapeAndSlice.Length == 0)
                return reader.Read(name, cancellation);
            (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(shapeAndSlice);
            if (entry.Shape != Shape.Create(fullShape))
            {
                throw new KernelException(
                    RunErrorCode.InvalidArgument,
                    isOld
                        ? $"Shape in shape_and_slice spec does not match the shape in the save file: {Written(fullShape)}, save file shape: {Written(entry.Shape.ToArray())}: "
                            + $"tensor_name = {name} in '{reader.Prefix}'."
                        : $"tensor_name = {name}; shape in shape_and_slice spec {Written(fullShape)} does not match the shape stored in checkpoint: {Written(entry.Shape.ToArray())}, "
                            + $"read from '{reader.Prefix}'.");
            }

            return reader.Read(name, slice, cancellation);
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(damage.Fault == CheckpointFault.BadSlices ? RunErrorCode.InvalidArgument : RunErrorCode.DataLoss, damage.Message, damage);
        }
        catch (FileNotFoundException missing)
        {
            throw new KernelException(RunErrorCode.NotFound, $"{missing.FileName}; No such file or directory. {missing.Message}", missing);
        }
        catch (Exception badSlice) when (badSlice is FormatException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"tensor_name = {name}; {badSlice.Message}", badSlice);
        }
    }

    // TensorFlow writes shapes without spaces.
    private static string Written(long[] shape) => $"[{string.Join(',', shape)}]";

    private static string OtherType(string prefix, string name, DType expected, DType stored, bool isOld) => isOld
        ? $"Expected to restore a tensor of type {expected.SignatureName()}, got a tensor of type {stored.SignatureName()} instead: tensor_name = {name} in '{prefix}'."
        : $"tensor_name = {name}; expected dtype {expected.SignatureName()} does not equal original dtype {stored.SignatureName()} in '{prefix}'.";

    private static KernelException NotFound(string prefix, FileNotFoundException missing)
    {
        if (Directory.Exists(prefix))
        {
            return new KernelException(
                RunErrorCode.DataLoss,
                $"Unable to open table file {prefix}: Failed precondition: {prefix}; Is a directory: perhaps your file is in a different file format and you need to use a different "
                + $"restore operator? {missing.Message}",
                missing);
        }

        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } parent ? parent : ".";
        return Directory.Exists(folder)
            ? new KernelException(
                RunErrorCode.NotFound, $"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {prefix}. {missing.Message}", missing)
            : new KernelException(
                RunErrorCode.InvalidArgument,
                $"Unsuccessful TensorSliceReader constructor: Failed to get matching files on {prefix}: Not found: {folder}; No such file or directory. {missing.Message}",
                missing);
    }
}
