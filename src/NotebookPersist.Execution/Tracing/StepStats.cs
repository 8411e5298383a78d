using System.Globalization;
using System.Text;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>What each operation of one run took.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class StepStats
{
    private const string DeviceName = "/job:localhost/replica:0/task:0/device:CPU:0";

    internal StepStats(DateTimeOffset startedAt, TimeSpan elapsed, IReadOnlyList<NodeStats> nodes) => (StartedAt, Elapsed, Nodes) = (startedAt, elapsed, nodes);

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Every time an operation ran, in the order in which they ended; in loops the same one many times.</summary>
    public IReadOnlyList<NodeStats> Nodes { get; }

    /// <summary>Totals by type of operation, the longest first.</summary>
    public IReadOnlyList<OpTypeStats> ByType() =>
    [
        .. Nodes.GroupBy(static n => n.OpType, StringComparer.Ordinal)
            .Select(static g => new OpTypeStats(g.Key, g.Count(), Sum(g), g.Sum(static n => n.OutputByteCount)))
            .OrderByDescending(static t => t.OwnDuration).ThenBy(static t => t.OpType, StringComparer.Ordinal),
    ];

    /// <summary>The trace as TensorFlow's message.</summary>
    public Protos.StepStats ToProto()
    {
        var device = new DeviceStepStats { Device = DeviceName };
        long origin = (StartedAt - DateTimeOffset.UnixEpoch).Ticks;
        foreach (NodeStats node in Nodes)
        {
            long start = origin + node.Start.Ticks;
            device.NodeStats.Add(new NodeExecStats
            {
                NodeName = node.Name,
                TimelineLabel = $"{node.Name} = {node.OpType}({string.Join(", ", node.Inputs)})",
                AllStartMicros = start / TimeSpan.TicksPerMicrosecond,
                OpEndRelMicros = node.Duration.Ticks / TimeSpan.TicksPerMicrosecond,
                AllEndRelMicros = node.Duration.Ticks / TimeSpan.TicksPerMicrosecond,
                AllStartNanos = start * TimeSpan.NanosecondsPerTick,
                OpEndRelNanos = node.Duration.Ticks * TimeSpan.NanosecondsPerTick,
                AllEndRelNanos = node.Duration.Ticks * TimeSpan.NanosecondsPerTick,
                Memory = { new AllocatorMemoryUsed { AllocatorName = "cpu", TotalBytes = node.OutputByteCount } },
            });
        }

        return new Protos.StepStats { DevStats = { device } };
    }

    /// <summary>A table by type of operation.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"Type",-32}{"Runs",8}{"Time us",14}{"Bytes",16}\n");
        foreach (OpTypeStats type in ByType())
            text.Append(CultureInfo.InvariantCulture, $"{type.OpType,-32}{type.RunCount,8}{type.OwnDuration.TotalMicroseconds,14:0.0}{type.OutputByteCount,16:N0}\n");
        return text.ToString();
    }

    private static TimeSpan Sum(IEnumerable<NodeStats> nodes) => nodes.Aggregate(TimeSpan.Zero, static (sum, node) => sum + node.OwnDuration);
}
