namespace NotebookPersist.Tests.Persistence.Restoring;

/// <summary>Spoils checkpoints.</summary>
internal static class CheckpointFiles
{
    /// <summary>Changes the last byte of the only data file, which is the last tensor's.</summary>
    public static void FlipLastByte(string prefix)
    {
        using FileStream data = File.Open(prefix + ".data-00000-of-00001", FileMode.Open, FileAccess.ReadWrite);
        data.Position = data.Length - 1;
        int last = data.ReadByte();
        data.Position = data.Length - 1;
        data.WriteByte((byte)(last ^ 1));
    }
}
