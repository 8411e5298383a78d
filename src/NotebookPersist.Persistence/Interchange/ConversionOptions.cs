using System.Diagnostics.CodeAnalysis;

namespace NotebookPersist;

/// <summary>What is converted, and how.</summary>
public sealed record ConversionOptions
{
    /// <summary>The kind to write; null to tell it from the target's name.</summary>
    public ModelKind? To { get; init; }

    /// <summary>Whether a graph is written as text; null to tell it from the target's name.</summary>
    public bool? AsText { get; init; }

    /// <summary>Names of the tensors to take, with <c>*</c> and <c>?</c>; null for all.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>New names by the names in the source.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether what the target cannot hold, or what is damaged in the source, is left out and listed; else it is an error and nothing is written.</summary>
    public bool Skip { get; init; }

    /// <summary>Whether fields of later releases, which a graph as text cannot hold, are an error; else they are left out and listed.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether a file or checkpoint that is there already is replaced; else it is an error. The source itself never is.</summary>
    public bool Replace { get; init; } = true;

    /// <summary>What a word of the command line means by a kind to write.</summary>
    /// <param name="word">v2, v1, safetensors, npz, npy, pb or pbtxt, or a name of <see cref="ModelKinds.Name"/>; null for none.</param>
    /// <param name="kind">The kind of tensors; null for none, or for a graph.</param>
    /// <param name="asText">For a graph whether as text; else null.</param>
    public static bool TryParseKind(string? word, out ModelKind? kind, out bool? asText)
    {
        asText = word switch { "pb" => false, "pbtxt" => true, _ => null };
        kind = word switch
        {
            "v2" or "checkpoint-v2" => ModelKind.CheckpointV2,
            "v1" or "checkpoint-v1" => ModelKind.CheckpointV1,
            "safetensors" => ModelKind.SafeTensors,
            "npz" => ModelKind.Npz,
            "npy" => ModelKind.Npy,
            _ => null,
        };
        return word is null || kind is not null || asText is not null;
    }

    /// <summary>Reads renames as users write them, <c>old=new</c>.</summary>
    /// <param name="words">One a rename, or several separated by commas.</param>
    /// <param name="map">New names by old ones.</param>
    /// <param name="fault">What is wrong: the rest of a sentence that begins with the option's name.</param>
    public static bool TryParseMap(IEnumerable<string> words, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? map, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(words);
        map = null;
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string word in words.SelectMany(static w => w.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (word.Split('=', 2) is not [{ Length: > 0 } old, { Length: > 0 } renamed])
            {
                fault = $"takes names as old=new; '{word}' was given.";
                return false;
            }

            if (old.AsSpan().IndexOfAny('*', '?') >= 0)
            {
                fault = $"takes whole names, without * and ?; '{word}' was given.";
                return false;
            }

            if (!parsed.TryAdd(old, renamed))
            {
                fault = $"gives '{old}' two names.";
                return false;
            }
        }

        (map, fault) = (parsed, null);
        return true;
    }
}
