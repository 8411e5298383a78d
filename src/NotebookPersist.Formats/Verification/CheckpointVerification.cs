using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Formats.Tables;

namespace NotebookPersist.Formats;

/// <summary>All that is wrong with the files of one checkpoint: every block and every tensor is read and its checksum compared.</summary>
/// <param name="Path">The checkpoint.</param>
/// <param name="Damages">What is wrong, in the order in which it was met; empty for a sound checkpoint.</param>
/// <param name="TensorCount">How many tensors it lists; 0 where the list cannot be read.</param>
/// <param name="ByteCount">Unit: bytes of all its files.</param>
public sealed record CheckpointVerification(CheckpointPath Path, IReadOnlyList<CheckpointDamage> Damages, int TensorCount, long ByteCount)
{
    /// <summary>True where every value can be read and is right.</summary>
    public bool IsSound => Damages.All(static d => d.IsHarmless);

    /// <summary>Reads all of a checkpoint. What is wrong with one part does not hide what is wrong with another.</summary>
    /// <param name="path">The checkpoint; its files may be missing or damaged.</param>
    /// <param name="cancellation">Checked at least once every few MiB.</param>
    /// <remarks>Memory: one tensor for strings, partitioned tensors and V1; a fixed buffer for all others.</remarks>
    public static CheckpointVerification Of(CheckpointPath path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Kind == CheckpointKind.Bundle ? new BundleVerifier(path, cancellation).Verify() : OfSliceFiles(path, cancellation);
    }

    /// <summary>Reads every block of a table.</summary>
    /// <returns>False where the table cannot be read at all, or a block of entries is damaged.</returns>
    internal static bool VerifyTable(string path, List<CheckpointDamage> damages, CancellationToken cancellation)
    {
        int before = damages.Count;
        Guard(path, null, damages, () =>
        {
            using TableReader table = TableReader.Open(path);
            damages.AddRange(table.Faults(cancellation).Select(static f => Describe(f, f.Path, null)));
            if (table.UnusedBlockFault() is { } fault)
                damages.Add(new CheckpointDamage(CheckpointDamageKind.Unused, fault.Message, fault.Path, fault.ByteOffset));
        });
        return damages.Skip(before).All(static d => d.IsHarmless);
    }

    /// <summary>Does something with files and notes down what is wrong with them.</summary>
    internal static void Guard(string path, string? tensorName, List<CheckpointDamage> damages, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            damages.Add(Describe(fault, path, tensorName));
        }
    }

    private static CheckpointDamage Describe(Exception fault, string path, string? tensorName) => fault switch
    {
        CheckpointFormatException wrong => new CheckpointDamage(KindOf(wrong, tensorName), wrong.Message, wrong.Path, wrong.ByteOffset, tensorName),
        FileNotFoundException missing => new CheckpointDamage(CheckpointDamageKind.MissingFile, missing.Message, missing.FileName ?? path, null, tensorName),
        _ => new CheckpointDamage(CheckpointDamageKind.Unreadable, $"Cannot read '{path}': {fault.Message}", path, null, tensorName),
    };

    private static CheckpointDamageKind KindOf(CheckpointFormatException wrong, string? tensorName) => wrong.Fault switch
    {
        CheckpointFault.UnsupportedVersion or CheckpointFault.Unsupported => CheckpointDamageKind.Unsupported,
        CheckpointFault.Truncated => CheckpointDamageKind.Truncated,
        _ => tensorName is null ? CheckpointDamageKind.Block : CheckpointDamageKind.Tensor,
    };

    private static CheckpointVerification OfSliceFiles(CheckpointPath path, CancellationToken cancellation)
    {
        List<CheckpointDamage> damages = [];
        IReadOnlyList<string> files = [];
        Guard(path.Prefix, null, damages, () => files = SliceShardNames.Complete(path, damages));
        bool isWhole = damages.Count == 0;
        foreach (string file in files)
            isWhole &= VerifyTable(file, damages, cancellation);
        int tensorCount = 0;
        Guard(path.Prefix, null, isWhole ? damages : [], () =>
        {
            using SliceFileReader reader = SliceFileReader.Open(path);
            tensorCount = reader.Entries.Count;
            if (!isWhole)
                return;

            // The blocks are whole; whether they hold what the list promises shows when it is put together.
            foreach (CheckpointEntry entry in reader.Entries)
                Guard(path.Prefix, entry.Name, damages, () => reader.Read(entry.Name, cancellation));
        });
        return new CheckpointVerification(path, damages, tensorCount, files.Sum(static f => File.Exists(f) ? new FileInfo(f).Length : 0));
    }
}
