using System.CommandLine;
using System.Globalization;
using NotebookPersist.Formats.Npy;

namespace NotebookPersist.Tool;

/// <summary>The options of commands that verify what they write: <c>--no-verify</c>, <c>--tolerance</c> and <c>--feed</c>.</summary>
internal sealed class VerifyArguments
{
    private readonly Option<bool> _none = new("--no-verify") { Description = "Writes without running the graphs." };
    private readonly Option<double?> _tolerance;
    private readonly Option<string[]> _feeds = new("--feed")
    {
        Description = "Values to verify with, NAME=@FILE.npy; by default made from the placeholders' shapes.",
        HelpName = "name=@file",
        AllowMultipleArgumentsPerToken = true,
    };

    public VerifyArguments(double tolerance) => _tolerance = new Option<double?>("--tolerance")
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"Largest difference that counts as equal, as a part of the output's largest value; by default {tolerance:G1}, after rewrites {VerifyOptions.OptimizedTolerance:G1}."),
        HelpName = "number",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_none);
        command.Options.Add(_tolerance);
        command.Options.Add(_feeds);
    }

    /// <exception cref="UsageException">A feed or the tolerance is not well formed.</exception>
    public VerifyOptions Read(ParseResult parsed)
    {
        double? tolerance = parsed.GetValue(_tolerance);
        if (tolerance is { } number && !(number >= 0))
            throw new UsageException($"--tolerance takes a number of at least 0; {number.ToString(CultureInfo.InvariantCulture)} was given.");
        FeedDict? feed = null;
        foreach (string text in parsed.GetValue(_feeds) ?? [])
        {
            int equals = text.IndexOf("=@", StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException($"--feed takes NAME=@FILE.npy; '{text}' was given.");
            (feed ??= new FeedDict())[text[..equals]] = NpyFile.Read(text[(equals + 2)..]);
        }

        return new VerifyOptions { IsWanted = !parsed.GetValue(_none), Tolerance = tolerance, Feed = feed };
    }
}
