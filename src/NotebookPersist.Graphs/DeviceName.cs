using System.Globalization;

namespace NotebookPersist;

/// <summary>A device as nodes ask for it, part by part; a part that is null is left open.</summary>
/// <remarks>Source: TensorFlow's device strings, <c>/job:ps/replica:0/task:1/device:GPU:0</c>.</remarks>
internal sealed record DeviceName(string? Job = null, string? Replica = null, string? Task = null, string? Type = null, string? Index = null)
{
    /// <summary>Reads a device string, long or of the old short form <c>/gpu:0</c>.</summary>
    /// <returns>Null where the text is none: files hold what TensorFlow never checked.</returns>
    public static DeviceName? TryParse(string text)
    {
        var device = new DeviceName();
        foreach (string part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split(':');
            DeviceName? read = words switch
            {
                ["job", var job] => device with { Job = job },
                ["replica", var replica] => device with { Replica = replica },
                ["task", var task] => device with { Task = task },
                ["device", var type, var index] => device with { Type = type, Index = index },
                ["device", var type] => device with { Type = type },
                [var type, var index] when IsOldType(type) => device with { Type = type.ToUpperInvariant(), Index = index },
                [var type] when IsOldType(type) => device with { Type = type.ToUpperInvariant() },
                _ => null,
            };
            if (read is null)
                return null;
            device = read;
        }

        return device with { Index = device.Index == "*" ? null : device.Index };
    }

    /// <summary>The device in its long form; a text that is none stays as it is.</summary>
    public static string Canonical(string text) => TryParse(text)?.ToString() ?? text;

    /// <summary>What is asked for inside, and outside where that leaves something open.</summary>
    public static string Merge(string outer, string inner)
    {
        if (TryParse(inner) is not { } wanted)
            return inner;
        return (TryParse(outer) is { } open ? wanted.Or(open) : wanted).ToString();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string job = Job is null ? "" : $"/job:{Job}";
        string replica = Replica is null ? "" : $"/replica:{Replica}";
        string task = Task is null ? "" : $"/task:{Task}";
        string type = Type is null ? "" : string.Create(CultureInfo.InvariantCulture, $"/device:{Type}:{Index ?? "*"}");
        return job + replica + task + type;
    }

    private static bool IsOldType(string type) => type.Equals("cpu", StringComparison.OrdinalIgnoreCase) || type.Equals("gpu", StringComparison.OrdinalIgnoreCase);

    private DeviceName Or(DeviceName open) => new(Job ?? open.Job, Replica ?? open.Replica, Task ?? open.Task, Type ?? open.Type, Index ?? open.Index);
}
