using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>How far a save in the background has come.</summary>
/// <param name="Progress">Bytes written and bytes in all.</param>
/// <param name="Elapsed">Since the save was asked for.</param>
public sealed record SaveStatus(SaveProgress Progress, TimeSpan Elapsed)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        if (Progress.TotalByteCount == 0)
            return $"Saving '{Progress.Prefix}' in the background.";
        double rate = Progress.WrittenByteCount / 1e6 / Math.Max(Elapsed.TotalSeconds, 1e-3);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Saving '{Progress.Prefix}' in the background: {Figures.Bytes(Progress.WrittenByteCount)} of {Figures.Bytes(Progress.TotalByteCount)}, {rate:0} MB/s.");
    }
}
