namespace NotebookPersist.Notebooks.Tables;

/// <summary>Tones in the words of the stylesheet.</summary>
internal static class CellTones
{
    public static string ToClass(this CellTone tone) => tone switch
    {
        CellTone.Good => "good",
        CellTone.Warning => "warn",
        CellTone.Bad => "bad",
        _ => "",
    };
}
