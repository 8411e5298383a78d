using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Bundles;

/// <summary>Which releases' checkpoints can be read.</summary>
internal static class BundleVersions
{
    /// <summary>The version that TensorFlow 1.15 writes and reads, in V1 and V2.</summary>
    public const int Current = 1;

    /// <summary>Refuses files that ask for another reader.</summary>
    /// <exception cref="CheckpointFormatException">The file's versions exclude this reader.</exception>
    public static void Require(VersionDef? versions, string path)
    {
        // The first releases wrote none.
        versions ??= new VersionDef();
        string? problem = null;
        if (versions.Producer < 0)
        {
            problem = $"Checkpoint producer version {versions.Producer} below min producer 0 supported. Please regenerate your checkpoint";
        }
        else if (versions.MinConsumer > Current)
        {
            problem = $"Checkpoint min consumer version {versions.MinConsumer} above current version {Current}. It needs a newer reader";
        }
        else if (versions.BadConsumers.Contains(Current))
        {
            problem = $"Checkpoint disallows consumer version {Current}. It needs a newer reader: this one is likely to misread it";
        }

        if (problem is not null)
            throw new CheckpointFormatException($"Cannot read '{path}': {problem}.", CheckpointFault.UnsupportedVersion, path);
    }
}
