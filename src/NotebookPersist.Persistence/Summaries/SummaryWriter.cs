using System.Globalization;
using System.Net;
using Google.Protobuf;
using NotebookPersist.Formats.Records;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Appends summaries and graphs to an event file, which TensorBoard shows.</summary>
/// <remarks>
/// Thread safety: all members may be called from several threads. What was added is on the disk's way after <see cref="Flush"/>, and by itself at the
/// next event after <c>flushSecs</c>. Source: TensorFlow 1.15's <c>tf.summary.FileWriter</c>.
/// </remarks>
public sealed class SummaryWriter : IDisposable
{
    private const string FileVersion = "brain.Event:2";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _flushAfter;
    private readonly string _suffix;
    private readonly HashSet<string> _describedTags = new(StringComparer.Ordinal);
    private readonly HashSet<string> _runTags = new(StringComparer.Ordinal);
    private FileStream _stream;
    private RecordWriter _records;
    private DateTimeOffset _flushed;
    private bool _closed;

    /// <summary>Starts a file in a folder, which is made where it is missing.</summary>
    /// <param name="logdir">The folder.</param>
    /// <param name="graph">A graph to write at once; null for none.</param>
    /// <param name="flushSecs">Unit: seconds after which what was added is flushed.</param>
    /// <param name="filenameSuffix">Comes after the file's name.</param>
    /// <param name="time">The clock.</param>
    public SummaryWriter(string logdir, Graph? graph = null, double flushSecs = 120, string filenameSuffix = "", TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(logdir);
        ArgumentOutOfRangeException.ThrowIfNegative(flushSecs);
        ArgumentNullException.ThrowIfNull(filenameSuffix);
        _time = time ?? TimeProvider.System;
        _flushAfter = TimeSpan.FromSeconds(flushSecs);
        (LogDir, _suffix) = (logdir, filenameSuffix);
        (_stream, _records) = Open();
        if (graph is not null)
        {
            AddGraph(graph);
            AddMetaGraph(MetaGraphFiles.Export(null, graph));
        }
    }

    /// <summary>The folder.</summary>
    public string LogDir { get; }

    /// <summary>Path of the event file.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Adds a summary as a run gave it.</summary>
    /// <param name="summary">A message of type Summary, as a string. Shape: [].</param>
    /// <param name="globalStep">The training step; 0 where none.</param>
    /// <exception cref="ArgumentException">It is no such message.</exception>
    public void AddSummary(Tensor summary, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (summary.DType != DType.String || summary.Count != 1)
            throw new ArgumentException($"A summary is one string, not {summary.DType.Name()} {summary.Shape}. Fetch the output of a summary, or of a merged one.", nameof(summary));
        try
        {
            AddSummary(Summary.Parser.ParseFrom(summary.Strings[0]), globalStep);
        }
        catch (InvalidProtocolBufferException damage)
        {
            throw new ArgumentException($"The string is no message of type Summary: {damage.Message}", nameof(summary), damage);
        }
    }

    /// <summary>Adds a summary made by hand.</summary>
    /// <param name="summary">The message; it is not changed.</param>
    /// <param name="globalStep">The training step; 0 where none.</param>
    public void AddSummary(Summary summary, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        Summary written = summary.Clone();
        lock (_lock)
        {
            // What describes a tag is written once in a file.
            foreach (Summary.Types.Value value in written.Value.Where(static v => v.Metadata is not null))
            {
                if (!_describedTags.Add(value.Tag))
                    value.Metadata = null;
            }

            Add(new Event { Summary = written }, globalStep);
        }
    }

    /// <summary>Adds a graph.</summary>
    public void AddGraph(Graph graph, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Add(new Event { GraphDef = graph.ToGraphDef(addShapes: true).ToByteString() }, globalStep);
    }

    /// <summary>Adds a graph with its collections.</summary>
    public void AddMetaGraph(MetaGraphDef metaGraphDef, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(metaGraphDef);
        Add(new Event { MetaGraphDef = metaGraphDef.ToByteString() }, globalStep);
    }

    /// <summary>Adds the trace of a run.</summary>
    /// <param name="runMetadata">The trace.</param>
    /// <param name="tag">Its name, which must be new.</param>
    /// <param name="globalStep">The training step; 0 where none.</param>
    /// <exception cref="ArgumentException">The name is in use.</exception>
    public void AddRunMetadata(RunMetadata runMetadata, string tag, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(runMetadata);
        ArgumentNullException.ThrowIfNull(tag);
        lock (_lock)
        {
            if (!_runTags.Add(tag))
                throw new ArgumentException($"The provided tag was already used for this event type: '{tag}'.", nameof(tag));
            Add(new Event { TaggedRunMetadata = new TaggedRunMetadata { Tag = tag, RunMetadata = runMetadata.ToProto().ToByteString() } }, globalStep);
        }
    }

    /// <summary>Adds a start, a stop or a checkpoint of a session.</summary>
    public void AddSessionLog(SessionLog sessionLog, long? globalStep = null)
    {
        ArgumentNullException.ThrowIfNull(sessionLog);
        Add(new Event { SessionLog = sessionLog }, globalStep);
    }

    /// <summary>Hands everything that was added to the disk.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _stream.Flush(flushToDisk: true);
            _flushed = _time.GetUtcNow();
        }
    }

    /// <summary>Flushes and closes the file; adding fails until <see cref="Reopen"/>.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            Flush();
            _stream.Dispose();
            _closed = true;
        }
    }

    /// <summary>Starts a new file in the same folder, after <see cref="Close"/>.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            if (!_closed)
                return;
            (_stream, _records) = Open();
            _closed = false;
        }
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose() => Close();

    private (FileStream Stream, RecordWriter Records) Open()
    {
        Directory.CreateDirectory(LogDir);
        DateTimeOffset now = _time.GetUtcNow();
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Dns.GetHostName()}{_suffix}");
        FileStream stream = Create(System.IO.Path.Combine(LogDir, name));
        Path = stream.Name;
        _flushed = now;
        _describedTags.Clear();
        _runTags.Clear();
        var records = new RecordWriter(stream);
        records.Write(new Event { WallTime = Seconds(now), FileVersion = FileVersion }.ToByteArray());
        stream.Flush();
        return (stream, records);
    }

    // Two writers that start in one second must not write over each other, as they would in TensorFlow.
    private static FileStream Create(string path)
    {
        for (int number = 0; ; number++)
        {
            string free = number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
            try
            {
                return new FileStream(free, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (File.Exists(free))
            {
                // Taken: try the next number.
            }
        }
    }

    private void Add(Event written, long? globalStep)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            DateTimeOffset now = _time.GetUtcNow();
            written.WallTime = Seconds(now);
            written.Step = globalStep ?? 0;
            _records.Write(written.ToByteArray());
            if (now - _flushed >= _flushAfter)
                Flush();
        }
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
