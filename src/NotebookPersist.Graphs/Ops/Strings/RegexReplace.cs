using System.Text;
using System.Text.RegularExpressions;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Replaces what a regular expression matches.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="pattern">The expression, a scalar.</param>
    /// <param name="rewrite">What stands in its place, a scalar; \0 is the whole match, \1 to \9 its groups.</param>
    /// <param name="replaceGlobal">Whether every match is replaced, not only the first.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.strings.regex_replace</c>: op "StaticRegexReplace" for plain texts, else "RegexReplace".</remarks>
    public static Output RegexReplace(this Graph graph, Operand input, Operand pattern, Operand rewrite, bool replaceGlobal = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var attributes = new AttributeList { { "replace_global", replaceGlobal } };
        if (pattern.Value is not { } plain || rewrite.Value is not { } replacement)
            return graph.Add<RegexReplaceOp>(name, attributes, input, pattern, rewrite);
        attributes.Add("pattern", (string)plain);
        attributes.Add("rewrite", (string)replacement);
        return graph.Add<StaticRegexReplaceOp>(name, attributes, input);
    }

    /// <summary>Whether a regular expression matches the whole of each string.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="pattern">The expression, a scalar.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.strings.regex_full_match</c>: op "StaticRegexFullMatch" for a plain text, else "RegexFullMatch".</remarks>
    public static Output RegexFullMatch(this Graph graph, Operand input, Operand pattern, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return pattern.Value is { } plain
            ? graph.Add<StaticRegexFullMatchOp>(name, new AttributeList { { "pattern", (string)plain } }, input)
            : graph.Add<RegexFullMatchOp>(name, input, pattern);
    }
}

/// <summary>Regular expressions over bytes: each byte is a character of Latin-1, so that no text is lost.</summary>
internal static class ByteRegex
{
    // Hostile patterns must not stop the run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Func<byte[], byte[]> Replace(KernelContext c, string pattern, string rewrite, bool all)
    {
        Regex regex = Parse(c, pattern);
        string replacement = Rewrite(c, rewrite, regex);
        return text => Encoding.Latin1.GetBytes(regex.Replace(Encoding.Latin1.GetString(text), replacement, all ? -1 : 1));
    }

    public static Func<byte[], bool> FullMatch(KernelContext c, string pattern)
    {
        Regex regex = Parse(c, $"\\A(?:{pattern})\\z");
        return text => regex.IsMatch(Encoding.Latin1.GetString(text));
    }

    public static string Text(byte[] utf8) => Encoding.Latin1.GetString(utf8);

    public static string Text(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static Regex Parse(KernelContext c, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException fault)
        {
            throw c.InvalidArgument($"Invalid pattern: {pattern}, error: {fault.Message}");
        }
    }

    // From the \1 of RE2 to the ${1} of .NET.
    private static string Rewrite(KernelContext c, string rewrite, Regex regex)
    {
        var text = new StringBuilder();
        for (int i = 0; i < rewrite.Length; i++)
        {
            if (rewrite[i] != '\\')
            {
                text.Append(rewrite[i] == '$' ? "$$" : rewrite[i].ToString());
                continue;
            }

            i++;
            if (i < rewrite.Length && char.IsAsciiDigit(rewrite[i]) && rewrite[i] - '0' < regex.GetGroupNumbers().Length)
                text.Append("${").Append(rewrite[i]).Append('}');
            else if (i < rewrite.Length && rewrite[i] == '\\')
                text.Append('\\');
            else
                throw c.InvalidArgument($"Invalid rewrite pattern: {rewrite}");
        }

        return text.ToString();
    }
}

internal sealed class RegexReplaceOp() : StringMapOp(
    "RegexReplace(input: string, pattern: string, rewrite: string) -> (output: string) where replace_global: bool = true")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => ByteRegex.Replace(
        c, ByteRegex.Text(StringBytes.One(c, 1)), ByteRegex.Text(StringBytes.One(c, 2)), c.Attributes.Bool("replace_global"));
}

internal sealed class StaticRegexReplaceOp() : StringMapOp(
    "StaticRegexReplace(input: string) -> (output: string) where pattern: string, rewrite: string, replace_global: bool = true")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => ByteRegex.Replace(
        c, ByteRegex.Text(c.Attributes.String("pattern")), ByteRegex.Text(c.Attributes.String("rewrite")), c.Attributes.Bool("replace_global"));
}

internal sealed class RegexFullMatchOp() : StringReadOp<bool>("RegexFullMatch(input: string, pattern: string) -> (output: bool)")
{
    protected override Func<byte[], bool> Map(KernelContext c) => ByteRegex.FullMatch(c, ByteRegex.Text(StringBytes.One(c, 1)));
}

internal sealed class StaticRegexFullMatchOp() : StringReadOp<bool>("StaticRegexFullMatch(input: string) -> (output: bool) where pattern: string")
{
    protected override Func<byte[], bool> Map(KernelContext c) => ByteRegex.FullMatch(c, ByteRegex.Text(c.Attributes.String("pattern")));
}
