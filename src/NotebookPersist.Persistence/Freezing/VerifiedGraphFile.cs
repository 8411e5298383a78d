using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Writes a graph with a note beside it, both only once the bytes on disk were read back and found right.</summary>
internal static class VerifiedGraphFile
{
    private const int ComparedAtOnce = 1 << 16;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Name of the note beside a graph.</summary>
    public static string NotePath(string path) => path + ".json";

    /// <summary>Writes both files, or neither.</summary>
    /// <param name="path">The graph's file; its folder is made where it is missing.</param>
    /// <param name="graphDef">The graph.</param>
    /// <param name="verify">Compares what was read back with the original.</param>
    /// <param name="note">Tells the note's content, given the file's size, its SHA-256 and the verdict.</param>
    /// <exception cref="GraphException">The graph is larger than 2 GiB, or computes other values than the original: nothing is written.</exception>
    /// <exception cref="CheckpointFormatException">The disk does not hold what was written; an old file is unchanged.</exception>
    /// <exception cref="IOException">A file cannot be written; an old one is unchanged.</exception>
    public static (long ByteCount, string Sha256, GraphVerification Verification) Write(
        string path, GraphDef graphDef, Func<GraphDef, GraphVerification> verify, Func<long, string, GraphVerification, JsonObject> note)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        GraphFreezer.RequireStorable(graphDef);
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        long byteCount = GraphFreezer.ByteCount(graphDef);
        using AtomicFile file = AtomicFile.Create(path, byteCount);
        MessageFile.Write(file.Stream, graphDef);
        (GraphDef stored, string sha256) = ReadBack(file, graphDef, byteCount);
        GraphVerification verification = verify(stored);
        if (verification.Outcome == VerificationOutcome.Different)
        {
            throw new GraphException(
                $"'{path}' was not written: the new graph does not compute what the original does; {verification.Reason} Allow a larger tolerance, or leave the verification out.");
        }

        using AtomicFile noteFile = AtomicFile.Create(NotePath(path));
        noteFile.Stream.Write(Encoding.UTF8.GetBytes(note(byteCount, sha256, verification).ToJsonString(Readable) + "\n"));
        noteFile.Flush();

        // Not sooner: a verification takes long, and others may save to the folder meanwhile.
        using FolderLock alone = FolderLock.Take(Path.GetDirectoryName(Path.GetFullPath(path))!, GraphFreezer.Patience); // A file has a folder.
        file.Commit();
        noteFile.Commit();
        LeftoverFiles.Sweep(path);
        return (byteCount, sha256, verification);
    }

    /// <summary>What a note says of a verification.</summary>
    public static JsonObject ToJson(GraphVerification verification) => new()
    {
        ["outcome"] = verification.Outcome switch
        {
            VerificationOutcome.Verified => "verified",
            VerificationOutcome.Different => "different",
            VerificationOutcome.NotVerified => "not verified",
            _ => "not wanted",
        },
        ["reason"] = verification.Reason,
        ["tolerance"] = verification.Tolerance,
        ["random"] = Names(verification.RandomOperations),
        ["feeds"] = new JsonArray([.. verification.Feeds.Select(static f => new JsonObject
        {
            ["name"] = f.Name,
            ["dtype"] = f.DType.Name(),
            ["shape"] = f.Shape.ToString(),
            ["made"] = f.IsMade,
        })]),
        ["outputs"] = new JsonArray([.. verification.Outputs.Select(static o => new JsonObject
        {
            ["name"] = o.Name,
            ["dtype"] = o.DType.Name(),
            ["shape"] = o.Shape.ToString(),
            ["largestDifference"] = double.IsFinite(o.Absolute) ? o.Absolute : null,
            ["relativeDifference"] = double.IsFinite(o.Relative) ? o.Relative : null,
            ["differingElements"] = o.DifferingCount,
            ["nanElements"] = o.NaNCount,
            ["reproducible"] = o.IsReproducible,
        })]),
    };

    /// <summary>What a note says of rewrites.</summary>
    public static JsonArray ToJson(IEnumerable<OptimizationStep> steps) => new([.. steps.Select(static s => new JsonObject
    {
        ["step"] = s.Name,
        ["changed"] = s.Changed,
        ["nodesBefore"] = s.NodesBefore,
        ["nodesAfter"] = s.NodesAfter,
    })]);

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(static n => (JsonNode)n)]);

    // The values in memory stand for those of the file as soon as their bytes were found equal: no second copy is held.
    private static (GraphDef Graph, string Sha256) ReadBack(AtomicFile file, GraphDef expected, long byteCount)
    {
        var nodes = expected.Node.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        using Stream bytes = file.ReadBack();
        using var hashed = new HashedStream(bytes);
        GraphDef stored = GraphDefStream.Read(hashed, byteCount, file.TemporaryPath, (node, count, stream) => Content(nodes.GetValueOrDefault(node), count, stream, file));
        if (!stored.Equals(expected) || bytes.ReadByte() >= 0)
            throw Differs(file, "its structure");
        return (stored, hashed.Sha256());
    }

    private static ByteString Content(NodeDef? node, int count, Stream stream, AtomicFile file)
    {
        ByteString expected = node?.Attr.Values.Select(static a => a.Tensor?.TensorContent).FirstOrDefault(c => c?.Length == count)
            ?? throw Differs(file, "its structure");
        byte[] chunk = new byte[Math.Min(count, ComparedAtOnce)];
        for (int start = 0; start < count; start += chunk.Length)
        {
            Span<byte> part = chunk.AsSpan(0, Math.Min(chunk.Length, count - start));
            stream.ReadExactly(part);
            if (!part.SequenceEqual(expected.Span.Slice(start, part.Length)))
                throw Differs(file, $"the value of '{node?.Name}'");
        }

        return expected;
    }

    private static CheckpointFormatException Differs(AtomicFile file, string what) => new(
        $"'{file.Path}' was not written: read back from the disk, {what} is not what was written. Check the disk and try again.", CheckpointFault.ChecksumMismatch, file.Path);

    // Passes on what is read and counts it into a hash.
    private sealed class HashedStream(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException("A hash is counted from beginning to end.");
        }

        public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override int Read(Span<byte> buffer)
        {
            int count = inner.Read(buffer);
            _hash.AppendData(buffer[..count]);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int ReadByte()
        {
            Span<byte> one = stackalloc byte[1];
            return Read(one) == 0 ? -1 : one[0];
        }

        public override void Flush()
        {
            // Nothing is held back here.
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A hash is counted while reading.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A hash is counted from beginning to end.");

        public override void SetLength(long value) => throw new NotSupportedException("A hash is counted while reading.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
