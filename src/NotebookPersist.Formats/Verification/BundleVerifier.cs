using System.Buffers;
using Microsoft.Win32.SafeHandles;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats;

/// <summary>Reads all of a V2 checkpoint and notes down what is wrong.</summary>
internal sealed class BundleVerifier(CheckpointPath path, CancellationToken cancellation)
{
    private const int ChunkByteCount = 1 << 20;

    private readonly List<CheckpointDamage> _damages = [];

    public CheckpointVerification Verify()
    {
        long byteCount = File.Exists(path.IndexPath) ? new FileInfo(path.IndexPath).Length : 0;
        int tensorCount = 0;
        if (CheckpointVerification.VerifyTable(path.IndexPath, _damages, cancellation))
        {
            CheckpointVerification.Guard(path.IndexPath, null, _damages, () =>
            {
                using BundleReader reader = BundleReader.Open(path.Prefix);
                tensorCount = reader.Entries.Count;
                foreach (IGrouping<int, Piece> shard in Pieces(reader).GroupBy(static p => p.Stored.ShardId).OrderBy(static s => s.Key))
                    byteCount += VerifyShard(reader, shard.Key, [.. shard.OrderBy(static p => p.Stored.Offset)]);
                VerifyPartitioned(reader);
            });
        }

        return new CheckpointVerification(path, _damages, tensorCount, byteCount);
    }

    // A slice is stored under a key of its own.
    private static IEnumerable<Piece> Pieces(BundleReader reader)
    {
        foreach (CheckpointEntry entry in reader.Entries)
        {
            if (!entry.IsPartitioned)
            {
                yield return new Piece(entry.Name, entry.Name, entry.DType, reader.Stored(entry.Name));
                continue;
            }

            foreach (TensorSlice slice in entry.Slices)
            {
                string key = TensorName.Decode(SliceKey.Encode(TensorName.Encode(entry.Name), slice));
                if (reader.TryGetStored(key, out BundleEntryProto? stored) && stored.Slices.Count == 0)
                    yield return new Piece(entry.Name, $"{entry.Name}' slice '{slice}", entry.DType, stored);
            }
        }
    }

    private long VerifyShard(BundleReader reader, int number, Piece[] pieces)
    {
        string file = CheckpointPath.DataPath(path.Prefix, number, reader.ShardCount);
        if (!File.Exists(file))
        {
            _damages.Add(new CheckpointDamage(
                CheckpointDamageKind.MissingFile,
                $"The data file '{file}' is missing: it holds {pieces.Length} of the stored pieces, and the index tells of {reader.ShardCount} data files.",
                file));
            return 0;
        }

        long byteCount = 0;
        CheckpointVerification.Guard(file, null, _damages, () =>
        {
            using SafeFileHandle data = RegularFile.OpenHandle(file, FileOptions.SequentialScan);
            byteCount = RandomAccess.GetLength(data);
            VerifyPieces(reader, file, data, byteCount, pieces);
        });
        return byteCount;
    }

    private void VerifyPieces(BundleReader reader, string file, SafeFileHandle data, long byteCount, Piece[] pieces)
    {
        Piece[] cut = [.. pieces.Where(p => p.Stored.Offset + p.Stored.Size > byteCount)];
        if (cut.Length > 0)
        {
            long end = cut.Max(static p => p.Stored.Offset + p.Stored.Size);
            _damages.Add(new CheckpointDamage(
                CheckpointDamageKind.Truncated,
                $"The data file '{file}' ends at byte {byteCount}, the index tells of {end} bytes: {cut.Length} of its {pieces.Length} stored pieces are cut off, the first is '{cut[0].Shown}'.",
                file,
                byteCount));
        }

        List<CheckpointDamage> wrong = [];
        int compared = 0;
        foreach (Piece piece in pieces.Where(p => p.Stored.Offset + p.Stored.Size <= byteCount))
        {
            cancellation.ThrowIfCancellationRequested();
            compared += piece.Stored.Size > 0 ? 1 : 0;
            if (piece.DType.HasFixedSize())
                Compare(file, data, piece, wrong);
            else if (piece.Name == piece.Shown)
                CheckpointVerification.Guard(file, piece.Name, wrong, () => reader.Read(piece.Name, cancellation));
        }

        // One flipped bit spoils one tensor; where none of several fits, the index is of another file.
        if (compared > 1 && wrong.Count(static w => w.Kind == CheckpointDamageKind.Tensor) == compared)
        {
            _damages.Add(new CheckpointDamage(
                CheckpointDamageKind.ForeignFile,
                $"The data file '{file}' is of another checkpoint than the index: none of the {compared} checksums fits. The first is that of '{pieces[0].Shown}'.",
                file,
                wrong[0].ByteOffset));
            return;
        }

        _damages.AddRange(wrong);
    }

    private void Compare(string file, SafeFileHandle data, Piece piece, List<CheckpointDamage> wrong)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkByteCount);
        try
        {
            uint crc = 0;
            for (long position = 0; position < piece.Stored.Size;)
            {
                cancellation.ThrowIfCancellationRequested();
                int wanted = (int)Math.Min(ChunkByteCount, piece.Stored.Size - position);
                int count = RandomAccess.Read(data, chunk.AsSpan(0, wanted), piece.Stored.Offset + position);
                if (count == 0)
                    break; // Cut while it was read: the checksum cannot fit.
                crc = Crc32C.Extend(crc, chunk.AsSpan(0, count));
                position += count;
            }

            uint expected = Crc32C.Unmask(piece.Stored.Crc32C);
            if (crc != expected)
            {
                wrong.Add(new CheckpointDamage(
                    CheckpointDamageKind.Tensor,
                    $"The bytes of tensor '{piece.Shown}' are wrong: '{file}' holds {piece.Stored.Size} bytes at byte {piece.Stored.Offset} whose checksum is 0x{crc:X8}, the index tells 0x{expected:X8}.",
                    file,
                    piece.Stored.Offset,
                    piece.Name));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            wrong.Add(new CheckpointDamage(CheckpointDamageKind.Unreadable, $"Cannot read tensor '{piece.Shown}' of '{file}': {fault.Message}", file, piece.Stored.Offset, piece.Name));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        CheckpointVerification.Guard(path.IndexPath, piece.Name, wrong, () => CompareSize(piece, wrong));
    }

    private void CompareSize(Piece piece, List<CheckpointDamage> wrong)
    {
        Int128 size = (Int128)ShapeProtos.ToConcreteShape(piece.Stored.Shape, piece.Shown, path.IndexPath).ElementCount * piece.DType.Size();
        if (size != piece.Stored.Size)
        {
            wrong.Add(new CheckpointDamage(
                CheckpointDamageKind.Tensor,
                $"The index '{path.IndexPath}' contradicts itself: tensor '{piece.Shown}' takes {size} bytes by type and shape, {piece.Stored.Size} are told.",
                path.IndexPath,
                null,
                piece.Name));
        }
    }

    // That slices cover their tensor without a gap shows when it is put together.
    private void VerifyPartitioned(BundleReader reader)
    {
        HashSet<string> known = [.. _damages.Select(static d => d.TensorName).OfType<string>()];
        bool lacksFiles = _damages.Exists(static d => d.Kind is CheckpointDamageKind.MissingFile or CheckpointDamageKind.ForeignFile or CheckpointDamageKind.Truncated);
        foreach (CheckpointEntry entry in reader.Entries.Where(e => e.IsPartitioned && !lacksFiles && !known.Contains(e.Name)))
            CheckpointVerification.Guard(path.Prefix, entry.Name, _damages, () => reader.Read(entry.Name, cancellation));
    }

    private sealed record Piece(string Name, string Shown, DType DType, BundleEntryProto Stored);
}
