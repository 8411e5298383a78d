namespace NotebookPersist.Persistence;

/// <summary>What two names of variables have in common.</summary>
internal static class NameParts
{
    // Deeper scopes are none that a person made; all of a hostile name of a million slashes would not fit memory.
    private const int MostScopes = 64;

    /// <summary>The scopes that a name is in, outermost first: of <c>a/b/c</c> these are <c>a</c> and <c>a/b</c>.</summary>
    public static IEnumerable<string> Scopes(string name)
    {
        int count = 0;
        for (int at = name.IndexOf('/', StringComparison.Ordinal); at > 0 && count < MostScopes; at = name.IndexOf('/', at + 1), count++)
            yield return name[..at];
    }

    /// <summary>How many letters two names share at their start and, beyond those, at their end.</summary>
    public static int SharedLetters(string left, string right)
    {
        int most = Math.Min(left.Length, right.Length), start = 0, end = 0;
        while (start < most && left[start] == right[start])
            start++;
        while (end < most - start && left[^(end + 1)] == right[^(end + 1)])
            end++;
        return start + end;
    }

    /// <summary>How many segments between slashes two names share at their start.</summary>
    public static int SharedHead(string[] left, string[] right)
    {
        int count = 0;
        while (count < left.Length && count < right.Length && left[count] == right[count])
            count++;
        return count;
    }

    /// <summary>How many segments between slashes two names share at their end.</summary>
    public static int SharedTail(string[] left, string[] right)
    {
        int count = 0;
        while (count < left.Length && count < right.Length && left[^(count + 1)] == right[^(count + 1)])
            count++;
        return count;
    }

    /// <summary>True where one name is in a scope and is else the other, or is the other with something after a slash.</summary>
    public static bool ShareEnd(string left, string right)
    {
        (string shorter, string longer) = left.Length < right.Length ? (left, right) : (right, left);
        return longer.StartsWith(shorter + "/", StringComparison.Ordinal) || longer.EndsWith("/" + shorter, StringComparison.Ordinal);
    }
}
