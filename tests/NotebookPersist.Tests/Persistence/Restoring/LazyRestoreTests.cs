using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Restoring;

public sealed class LazyRestoreTests : IDisposable
{
    private static readonly RestoreOptions Lazily = new() { Lazy = true };

    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly Saver _saver;

    public LazyRestoreTests()
    {
        for (int i = 0; i < 3; i++)
            _graph.Variable(_graph.Fill(new[] { 5000 }, i + 1f), name: $"w{i}");
        _graph.Variable(new[] { "a", "b" }, name: "words");
        _graph.AssignAdd(_graph.GetTensorByName("w0:0"), _graph.Fill(new[] { 5000 }, 10f), name: "more");
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
        _saver = new Saver(graph: _graph);
        _saver.Save(_session, _folder["m"], writeMetaGraph: false);
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_are_those_of_an_eager_restore()
    {
        using var lazy = new Session(_graph);
        _saver.Restore(lazy, _folder["m"], Lazily);
        Assert.All(lazy.Variables.All, static v => Assert.True(v.IsInitialized));
        Assert.Equal(2f, lazy.Run("w1:0")!.ToArray<float>()[4999]);
        await _saver.Verification;
        Assert.All(lazy.Variables.All, static v => Assert.False(v.IsDeferred));
        DirectRestoreTests.RequireEqual(_session, lazy);
    }

    [Fact]
    public async Task Damage_is_told_by_first_use_by_the_verification_and_by_dispose()
    {
        CheckpointFiles.FlipLastByte(_folder["m"]);
        using var lazy = new Session(_graph);
        _saver.Restore(lazy, _folder["m"], Lazily);
        CheckpointFormatException use = Assert.Throws<CheckpointFormatException>(() => lazy.Variables.Find("words")!.Value);
        Assert.Contains("'words'", use.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["m"], use.Message, StringComparison.Ordinal);
        Assert.IsType<CheckpointFormatException>(Assert.Throws<RunException>(() => lazy.Run("words:0")).InnerException!.InnerException);
        CheckpointFormatException background = await Assert.ThrowsAsync<CheckpointFormatException>(() => _saver.Verification);
        Assert.Equal(CheckpointFault.ChecksumMismatch, background.Fault);
        Assert.Throws<CheckpointFormatException>(_saver.Dispose);
        _saver.Dispose();

        // The others are as good as ever.
        Assert.Equal(1f, lazy.Run("w0:0")!.ToArray<float>()[0]);
        Assert.Throws<CheckpointFormatException>(() => lazy.Variables.Find("words")!.Value);
    }

    [Theory]
    [InlineData(false, "zz/last/read", "Identity")]
    [InlineData(false, "again", "AssignAdd")]
    [InlineData(false, "zz/last", "VariableV2")]
    [InlineData(true, "zz/last/Read/ReadVariableOp", "ReadVariableOp")]
    public void Damage_in_a_value_that_a_node_uses_names_tensor_file_and_node(bool useResource, string node, string type)
    {
        Variable last = _graph.Variable(_graph.Fill(new[] { 50 }, 1f), name: "zz/last", useResource: useResource);
        _graph.ReduceSum(last.Value, name: "sum");
        if (!useResource)
            _graph.AssignAdd(last.Reference, _graph.Fill(new[] { 50 }, 1f), name: "again");
        _session.Run(last.Initializer);
        var saver = new Saver([last], name: "one");
        saver.Save(_session, _folder["d"], writeMetaGraph: false);
        CheckpointFiles.FlipLastByte(_folder["d"]);
        using var lazy = new Session(_graph);
        saver.Restore(lazy, _folder["d"], Lazily);

        RunException fault = Assert.Throws<RunException>(() => lazy.Run(type is "AssignAdd" or "VariableV2" ? node + ":0" : "sum:0"));

        Assert.Equal(RunErrorCode.DataLoss, fault.Code);
        Assert.Equal((node, type), (fault.NodeName, fault.OpName));
        Assert.Contains("'zz/last'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["d.data-00000-of-00001"], fault.Message, StringComparison.Ordinal);
        Assert.Contains("Checksum does not match", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"[[node {node} (op: {type})", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Updates_change_neither_the_file_nor_what_was_promised_to_others()
    {
        byte[] before = File.ReadAllBytes(_folder["m.data-00000-of-00001"]);
        using var lazy = new Session(_graph);
        _saver.Restore(lazy, _folder["m"], Lazily);
        lazy.Run("more");
        lazy.Run("more");
        Assert.Equal(21f, lazy.Run("w0:0")!.ToArray<float>()[0]);
        await _saver.Verification;
        Assert.Equal(21f, lazy.Run("w0:0")!.ToArray<float>()[0]);
        Assert.Equal(before, File.ReadAllBytes(_folder["m.data-00000-of-00001"]));
    }

    [Fact]
    public async Task An_asynchronous_save_of_promised_values_writes_them()
    {
        using var lazy = new Session(_graph);
        _saver.Restore(lazy, _folder["m"], Lazily);
        Task<string> saved = _saver.SaveAsync(lazy, _folder["n"], writeMetaGraph: false);
        lazy.Run("more");
        await saved;
        Assert.Equal(File.ReadAllBytes(_folder["m.data-00000-of-00001"]), File.ReadAllBytes(_folder["n.data-00000-of-00001"]));
        Assert.Equal(11f, lazy.Run("w0:0")!.ToArray<float>()[0]);
    }

    [Fact]
    public void A_checkpoint_that_is_overwritten_or_deleted_meanwhile_still_gives_what_was_promised()
    {
        using var lazy = new Session(_graph);
        _saver.Restore(lazy, _folder["m"], Lazily);
        _session.Run("more");
        _saver.Save(_session, _folder["m"], writeMetaGraph: false);
        foreach (string file in Directory.EnumerateFiles(_folder.Path, "m.*"))
            File.Delete(file);
        Assert.Equal([1f, 2f, 3f], Enumerable.Range(0, 3).Select(i => lazy.Run($"w{i}:0")!.ToArray<float>()[7]));
    }

    [Fact]
    public void A_file_that_is_too_short_is_told_at_once()
    {
        using (FileStream data = File.OpenWrite(_folder["m.data-00000-of-00001"]))
            data.SetLength(data.Length - 1);
        using var lazy = new Session(_graph);
        CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() => _saver.Restore(lazy, _folder["m"], Lazily));
        Assert.Equal(CheckpointFault.Truncated, fault.Fault);
        Assert.DoesNotContain(lazy.Variables.All, static v => v.IsInitialized);
    }

    [Fact]
    public void A_value_that_was_assigned_meanwhile_stays()
    {
        using var reading = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var cell = new VariableCell("v", DType.Float32);
        cell.Defer(Shape.Scalar, () =>
        {
            reading.Set();
            goOn.Wait();
            return 1f;
        });
        var reader = new Thread(() => _ = cell.Value);
        reader.Start();
        reading.Wait();
        var writer = new Thread(() => cell.Assign(2f));
        writer.Start();
        goOn.Set();
        reader.Join();
        writer.Join();
        Assert.Equal(2f, (float)cell.Value!);
        Assert.False(cell.IsDeferred);
    }

    [Fact]
    public void A_promise_tells_its_shape_and_is_not_kept_by_being_looked_at()
    {
        var store = new VariableStore();
        VariableCell cell = store.Get("", "v", DType.Float32, new long[] { 2 });
        cell.Defer(new long[] { 2 }, static () => throw new IOException("It was read."));
        Assert.Same(cell, store.Get("", "v", DType.Float32, new long[] { -1 }));
        Assert.NotSame(cell, store.Get("", "v", DType.Float32, new long[] { 3 }));
        Assert.True(cell.IsDeferred);
    }
}
