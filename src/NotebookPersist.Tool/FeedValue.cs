using System.Globalization;
using System.Text.Json;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Tool;

/// <summary>Reads a value from the command line: a number, text, a JSON array of any depth, or a .npy file after an @.</summary>
internal static class FeedValue
{
    /// <summary>The value as the element type and, where it is a single number, the shape that it is fed to.</summary>
    /// <exception cref="UsageException">The text is no such value.</exception>
    public static Tensor Parse(string text, Output target)
    {
        Tensor value;
        try
        {
            value = text.StartsWith('@') ? NpyFile.Read(text[1..]) : TensorCasts.Convert(FromText(text, target.DType), target.DType, $"feed '{target.Name}'");
        }
        catch (JsonException)
        {
            throw new UsageException($"'{text}' is no {target.DType.Name()} value for '{target.Name}'. Give a number, a JSON array such as [[1, 2], [3, 4]], or @FILE.npy.");
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new UsageException($"'{text}' is no {target.DType.Name()} value for '{target.Name}': {fault.Message}");
        }

        // A lone number is meant for a placeholder that takes one element, whatever its rank: a batch of any size takes a batch of one.
        bool single = value.Count == 1 && target.Shape.HasRank && target.Shape.Dimensions.ToArray().All(static d => d is 1 or -1);
        return single ? value.Reshaped(Enumerable.Repeat(1L, target.Shape.Rank).ToArray()) : value;
    }

    private static Tensor FromText(string text, DType type)
    {
        if (type == DType.String && !text.StartsWith('[') && !text.StartsWith('"'))
            return text;
        if (bool.TryParse(text, out bool truth))
            return truth;
        if (!text.StartsWith('[') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return type.IsInteger() && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long integer) ? integer : number;
        using JsonDocument document = JsonDocument.Parse(text);
        var sizes = new List<long>();
        for (JsonElement at = document.RootElement; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            sizes.Add(at.GetArrayLength());
            if (at.GetArrayLength() == 0)
                break;
        }

        var leaves = new List<JsonElement>();
        Flatten(document.RootElement, 0, sizes, leaves);
        long[] shape = [.. sizes];
        return leaves switch
        {
            [] => Tensor.Zeros(type, shape),
            [{ ValueKind: JsonValueKind.String }, ..] when type == DType.String => ((Tensor)leaves.Select(static l => l.GetString()!).ToArray()).Reshaped(shape),
            [{ ValueKind: JsonValueKind.True or JsonValueKind.False }, ..] => ((Tensor)leaves.Select(static l => l.GetBoolean()).ToArray()).Reshaped(shape),
            _ when type.IsInteger() => ((Tensor)leaves.Select(static l => l.GetInt64()).ToArray()).Reshaped(shape),
            _ => ((Tensor)leaves.Select(static l => l.ValueKind == JsonValueKind.String ? double.Parse(l.GetString()!, CultureInfo.InvariantCulture) : l.GetDouble()).ToArray()).Reshaped(shape),
        };
    }

    private static void Flatten(JsonElement element, int depth, List<long> sizes, List<JsonElement> leaves)
    {
        if (depth == sizes.Count)
        {
            leaves.Add(element.ValueKind != JsonValueKind.Array ? element : throw new FormatException("its rows have different depths."));
            return;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != sizes[depth])
            throw new FormatException("its rows have different lengths.");
        foreach (JsonElement item in element.EnumerateArray())
            Flatten(item, depth + 1, sizes, leaves);
    }
}
