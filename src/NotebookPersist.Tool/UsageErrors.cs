using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace NotebookPersist.Tool;

/// <summary>What is wrong with a command line, in one line: which word, what was expected, what was probably meant.</summary>
internal static partial class UsageErrors
{
    /// <summary>The words without those that only the shell, or a habit from other tools, put there: <c>help X</c> is <c>X --help</c>.</summary>
    public static string[] Normalize(string[] words)
    {
        string[] normal = [.. words.Select(Expand)];
        return normal is ["help", .. string[] rest] ? [.. rest, "--help"] : normal;
    }

    /// <summary>Makes empty words an error for every argument and option of a command and those below.</summary>
    public static void RefuseEmpty(Command command)
    {
        foreach (Argument argument in command.Arguments)
            argument.Validators.Add(result => RefuseEmpty(result, result.Tokens, $"<{argument.Name}>"));
        foreach (Option option in command.Options)
            option.Validators.Add(result => RefuseEmpty(result, result.Tokens, option.Name));
        foreach (Command below in command.Subcommands)
            RefuseEmpty(below);
    }

    /// <summary>The messages; empty where the words fit.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return [];
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.FirstOrDefault(static t => t.StartsWith('-')) is { } option)
            return [$"{Called(command)} has no option '{option}'.{Meant(option.Split('=')[0], Options(parsed.CommandResult))}"];
        if (parsed.UnmatchedTokens is [{ } word, ..])
        {
            return command.Subcommands.Count > 0
                ? [$"There is no command '{word}'.{Meant(word, command.Subcommands.Select(static c => c.Name))}"]
                : [$"{Called(command)} takes no '{word}': it is one word too many."];
        }

        if (command.Subcommands.Count > 0)
            return [$"A command is missing: {string.Join(", ", command.Subcommands.Select(static c => c.Name))}."];
        string[] missing = [.. command.Arguments
            .Where(a => a.Arity.MinimumNumberOfValues > 0 && (parsed.GetResult(a)?.Tokens.Count ?? 0) == 0)
            .Select(static a => $"<{a.Name}>")];
        return missing.Length > 0
            ? [$"{Called(command)} needs {string.Join(" and ", missing)}."]
            : [.. parsed.Errors.Select(Sentence).Distinct()];
    }

    private static string Expand(string word)
    {
        int equals = word.StartsWith('-') ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        return word[..(equals + 1)] + Notebooks.HomeFolder.Expand(word[(equals + 1)..]);
    }

    private static void RefuseEmpty(SymbolResult result, IReadOnlyList<Token> tokens, string name)
    {
        if (tokens.Any(static t => t.Value.Length == 0))
            result.AddError($"{name} is empty.");
    }

    private static string Sentence(ParseError error)
    {
        if (Unparsed().Match(error.Message) is not { Success: true } unparsed)
            return error.Message;
        string? unit = error.SymbolResult is OptionResult { Option.HelpName: "seconds" or "minutes" } option ? option.Option.HelpName : null;
        string expected = unparsed.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "a whole number" : "a number";
        return $"{unparsed.Groups["name"].Value} expects {expected}{(unit is null ? "" : $" of {unit}")}; '{unparsed.Groups["word"].Value}' was given.";
    }

    private static IEnumerable<string> Options(CommandResult? command)
    {
        for (CommandResult? c = command; c is not null; c = c.Parent as CommandResult)
        {
            foreach (Option option in c.Command.Options.Where(o => c == command || o.Recursive))
                yield return option.Name;
        }
    }

    private static string Meant(string word, IEnumerable<string> names) => NearNames.Of(word, names, 1) is [string near] ? $" Did you mean '{near}'?" : "";

    private static string Called(Command command) => command is RootCommand ? "notebookpersist" : $"'{command.Name}'";

    [GeneratedRegex(@"^Cannot parse argument '(?<word>.*)' for (option|command) '(?<name>[^']*)' as expected type '(?<type>.*)'", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Unparsed();
}
