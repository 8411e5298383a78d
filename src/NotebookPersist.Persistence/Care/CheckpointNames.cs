using System.Text.RegularExpressions;

namespace NotebookPersist.Persistence;

/// <summary>What the name of a checkpoint's file tells, whether the rest of it is there or not.</summary>
internal static partial class CheckpointNames
{
    /// <summary>The prefix of the checkpoint to which a file belongs by its name; the path itself where that tells none.</summary>
    public static string PrefixOf(string path) => Part().Match(path) is { Success: true } part ? part.Groups["prefix"].Value : path;

    [GeneratedRegex(@"^(?<prefix>.+?)(\.index|\.meta|\.data-\d{5,}-of-\d{5,}|-(\d{5,}|\?{5})-of-\d{5,})$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Part();
}
