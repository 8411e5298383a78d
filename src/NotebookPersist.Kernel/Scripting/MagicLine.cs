using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>A line of a cell that starts with <c>#!</c>: an order to the notebook rather than code.</summary>
/// <param name="Name">The magic's name with its prefix, for example "#!save".</param>
/// <param name="Arguments">The words after the name, quotes taken off.</param>
/// <param name="Text">The whole line as written.</param>
/// <param name="Line">The line in the cell, from 1.</param>
public sealed record MagicLine(string Name, IReadOnlyList<string> Arguments, string Text, int Line)
{
    /// <summary>The lines below it, where they are its text.</summary>
    public string? Body { get; init; }

    /// <summary>The magic that the lines around it are the text of; null where they are C#.</summary>
    public string? Around { get; init; }

    /// <summary>Reads a magic line.</summary>
    /// <param name="text">The line, starting with <c>#!</c>.</param>
    /// <param name="line">Its number in the cell, from 1.</param>
    /// <returns>The parsed line.</returns>
    /// <exception cref="FormatException">The line does not start with <c>#!</c>, or a quote in it is never closed.</exception>
    /// <remarks>
    /// Words are separated by blanks. Double quotes keep blanks, and within them <c>\"</c> and <c>\\</c> stand for the second character;
    /// single quotes keep everything. A backslash outside quotes is an ordinary character, so that Windows paths need no quoting.
    /// </remarks>
    public static MagicLine Parse(string text, int line)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("#!", StringComparison.Ordinal))
            throw new FormatException($"Cannot read '{trimmed}' as a magic: it does not start with '#!'.");
        var words = Split(trimmed);
        return new MagicLine(words[0], words[1..], text, line);
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else if (c == '\\' && quote == '"' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
                    word.Append(text[++i]);
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                inWord = true;
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
                inWord = true;
            }
            else if (inWord)
            {
                words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }

        if (quote != '\0')
            throw new FormatException($"Cannot read '{text}': the quote {quote} is never closed.");
        if (inWord)
            words.Add(word.ToString());
        return words;
    }
}
