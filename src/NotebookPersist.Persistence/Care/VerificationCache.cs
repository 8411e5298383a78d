using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Persistence;

/// <summary>What was found in each checkpoint, so that each is read once.</summary>
/// <remarks>A checkpoint that was written again is read again.</remarks>
internal sealed class VerificationCache
{
    private readonly Dictionary<string, (DateTime Written, CheckpointVerification Result)> _results = new(StringComparer.Ordinal);

    /// <summary>Reads all of a checkpoint, unless that was done before.</summary>
    public CheckpointVerification Verify(CheckpointPath path, CancellationToken cancellation)
    {
        string key = Path.GetFullPath(path.Prefix);
        DateTime written = File.GetLastWriteTimeUtc(path.Kind == CheckpointKind.Bundle ? path.IndexPath : path.Prefix);
        if (_results.TryGetValue(key, out (DateTime Written, CheckpointVerification Result) known) && known.Written == written)
            return known.Result;
        CheckpointVerification result = CheckpointVerification.Of(path, cancellation);
        _results[key] = (written, result);
        return result;
    }

    /// <summary>How many data files the index of a bundle tells; null where it cannot be read.</summary>
    public int? ShardCount(string prefix)
    {
        if (_results.TryGetValue(Path.GetFullPath(prefix), out (DateTime Written, CheckpointVerification Result) known) && known.Result is { TensorCount: 0, IsSound: false })
            return null;
        try
        {
            using BundleReader reader = BundleReader.Open(prefix);
            return reader.ShardCount;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // Told as a damage of the index.
        }
    }
}
