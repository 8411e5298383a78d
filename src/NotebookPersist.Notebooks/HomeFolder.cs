namespace NotebookPersist.Notebooks;

/// <summary>The user's own folder, as shells write it.</summary>
public static class HomeFolder
{
    private const string Mark = "~";

    /// <summary>A path, or a word of any kind, with <c>~</c> at its beginning replaced by the user's own folder.</summary>
    /// <returns>The word itself where it begins with no such mark, or nobody knows the folder.</returns>
    public static string Expand(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word != Mark && !word.StartsWith("~/", StringComparison.Ordinal) && !word.StartsWith(@"~\", StringComparison.Ordinal))
            return word;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length == 0 ? word : home + word[Mark.Length..];
    }
}
