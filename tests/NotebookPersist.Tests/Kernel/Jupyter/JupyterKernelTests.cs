using System.Text;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Jupyter;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

[Collection(DefaultGraphCollection.Name)]
public sealed class JupyterKernelTests : IDisposable
{
    private readonly RunningKernel _running = new();
    private readonly TestClient _client;

    public JupyterKernelTests() => _client = _running.Client;

    public void Dispose() => _running.Dispose();

    [Fact]
    public void Kernel_info_is_answered_on_shell_and_control_between_busy_and_idle()
    {
        foreach (var channel in (Channel[])[Channel.Shell, Channel.Control])
        {
            var id = _client.Send(channel, "kernel_info_request", []);
            var reply = _client.Receive(channel);
            Assert.Equal("kernel_info_reply", reply.Type);
            Assert.Equal(id, (string?)reply.ParentHeader["msg_id"]);
            Assert.Equal("5.3", reply.ContentText("protocol_version"));
            Assert.Equal("C#", (string?)reply.Content["language_info"]!["name"]);
            Assert.Equal(["busy", "idle"], _client.Published(id).Select(m => m.ContentText("execution_state")));
        }
    }

    [Fact]
    public void A_cell_publishes_input_streams_and_result_under_its_request()
    {
        var id = Execute("Console.WriteLine(\"out\"); Console.Error.WriteLine(\"err\"); 6 * 7");
        var reply = _client.Receive(Channel.Shell);
        var published = _client.Published(id);

        Assert.Equal(("ok", 1), (reply.ContentText("status"), reply.ContentNumber("execution_count")));
        Assert.Equal(["status", "execute_input", "stream", "stream", "execute_result", "status"], published.Select(m => m.Type));
        Assert.Equal(["stdout", "stderr"], published[2..4].Select(m => m.ContentText("name")));
        Assert.Equal("42", (string?)published[4].Content["data"]!["text/plain"]);
    }

    [Fact]
    public void An_error_is_published_and_aborts_the_cells_queued_behind_it()
    {
        Execute("var a = 1;");
        _client.Receive(Channel.Shell);
        var failing = Execute("System.Threading.Thread.Sleep(500); throw new InvalidOperationException(\"boom\");");
        Execute("Console.WriteLine(\"must not run\");");
        var reply = _client.Receive(Channel.Shell);

        Assert.Equal(("error", "InvalidOperationException", "boom"), (reply.ContentText("status"), reply.ContentText("ename"), reply.ContentText("evalue")));
        Assert.Contains(_client.Published(failing), m => m.Type == "error" && m.Content["traceback"]!.AsArray().Count > 0);
        Assert.Equal("aborted", _client.Receive(Channel.Shell).ContentText("status"));
        Execute("a + 1");
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
    }

    [Fact]
    public void An_interrupt_request_stops_an_endless_cell_and_keeps_its_variables()
    {
        var id = Execute("int n = 5; Console.WriteLine(\"started\"); while (true) { }");
        while (_client.ReceivePublished() is not { Type: "stream" })
        {
        }

        _client.Send(Channel.Control, "interrupt_request", []);
        Assert.Equal("interrupt_reply", _client.Receive(Channel.Control).Type);
        var reply = _client.Receive(Channel.Shell);
        Assert.Equal(id, (string?)reply.ParentHeader["msg_id"]);
        Assert.Equal("Interrupted", reply.ContentText("ename"));

        var next = Execute("n");
        _client.Receive(Channel.Shell);
        Assert.Contains(_client.Published(next), m => m.Type == "execute_result" && (string?)m.Content["data"]!["text/plain"] == "5");
    }

    [Fact]
    public void Displays_are_updated_by_id()
    {
        var id = Execute("var shown = Display(1); shown.Update(2);");
        _client.Receive(Channel.Shell);
        var displays = _client.Published(id).Where(m => m.Type.EndsWith("display_data", StringComparison.Ordinal)).ToList();

        Assert.Equal(["display_data", "update_display_data"], displays.Select(m => m.Type));
        Assert.Equal((string?)displays[0].Content["transient"]!["display_id"], (string?)displays[1].Content["transient"]!["display_id"]);
    }

    [Fact]
    public void Console_questions_go_to_the_client_that_runs_the_cell()
    {
        var id = _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "Console.ReadLine() + \"!\"", ["allow_stdin"] = true });
        Assert.Equal("input_request", _client.Receive(Channel.Stdin).Type);
        _client.Send(Channel.Stdin, "input_reply", new JsonObject { ["value"] = "Ada" });
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
        Assert.Contains(_client.Published(id), m => m.Type == "execute_result" && (string?)m.Content["data"]!["text/plain"] == "Ada!");
    }

    [Fact]
    public void The_small_requests_are_answered()
    {
        Execute("int variable = 3;");
        _client.Receive(Channel.Shell);
        Assert.Equal("incomplete", Ask("is_complete_request", new JsonObject { ["code"] = "if (true) {" }).ContentText("status"));
        var completion = Ask("complete_request", new JsonObject { ["code"] = "/*😀*/ vari", ["cursor_pos"] = 10 });
        Assert.Equal(("[\"variable\"]", 6, 10), (completion.Content["matches"]!.ToJsonString(), completion.ContentNumber("cursor_start"), completion.ContentNumber("cursor_end")));
        Assert.Contains("variable = 3", Ask("inspect_request", new JsonObject { ["code"] = "variable", ["cursor_pos"] = 3 }).Content["data"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("[[1,1,\"int variable = 3;\"]]", Ask("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 5 }).Content["history"]!.ToJsonString());
        Assert.Equal("{}", Ask("comm_info_request", []).Content["comms"]!.ToJsonString());
        Assert.Equal([1, 2, 3], _client.Beat([1, 2, 3]));
    }

    [Fact]
    public void Malformed_and_wrongly_signed_messages_are_dropped_and_the_kernel_lives()
    {
        var delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");
        var empty = Encoding.ASCII.GetBytes("{}");
        var stranger = new MessageCodec("another key").Write([], "execute_request", new JsonObject { ["code"] = "Console.WriteLine(\"hacked\");" }, null);
        foreach (var channel in (Channel[])[Channel.Shell, Channel.Control, Channel.Stdin])
        {
            _client.SendRaw(channel, [0xFF]);
            _client.SendRaw(channel, delimiter);
            _client.SendRaw(channel, delimiter, empty, empty, empty, empty, empty);
            _client.SendRaw(channel, [.. stranger]);
            _client.Send(channel, "no_such_request", new JsonObject { ["code"] = 5 });
        }

        _client.SendRaw(Channel.Shell, [.. new MessageCodec("secret").Write([], "", [], null)]);
        Execute("1");
        var reply = _client.Receive(Channel.Shell);
        Assert.Equal(("ok", 1), (reply.ContentText("status"), reply.ContentNumber("execution_count")));
    }

    [Theory]
    [InlineData("{\"code\":\"\\ud800\"}")]
    [InlineData("{\"\\udfff\":1}")]
    [InlineData("{\"a\":[{\"b\":\"\\ud800x\"}]}")]
    [InlineData("{\"code\":\"1\",\"code\":\"2\"}")]
    [InlineData("[]")]
    [InlineData("{\"code\":")]
    public void Signed_messages_whose_texts_cannot_be_read_are_dropped(string content)
    {
        var frames = new MessageCodec("secret").Write([], "execute_request", new JsonObject(), null);
        byte[][] parts = [frames[2], frames[3], frames[4], Encoding.UTF8.GetBytes(content)];
        var signature = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes("secret"), parts.SelectMany(p => p).ToArray());
        var dropped = _running.Kernel.DroppedCount;
        foreach (var channel in (Channel[])[Channel.Shell, Channel.Control])
            _client.SendRaw(channel, [frames[0], Encoding.ASCII.GetBytes(Convert.ToHexStringLower(signature)), .. parts]);
        _client.Send(Channel.Control, "kernel_info_request", []);
        Assert.Equal("kernel_info_reply", _client.Receive(Channel.Control).Type);
        Assert.Equal(1, Ask("execute_request", new JsonObject { ["code"] = "1" }).ContentNumber("execution_count"));
        Assert.Equal(dropped + 2, _running.Kernel.DroppedCount);
    }

    [Fact]
    public void A_message_that_is_sent_again_is_dropped_and_counted()
    {
        var frames = new MessageCodec("secret").Write([], "execute_request", new JsonObject { ["code"] = "1" }, null);
        _client.SendRaw(Channel.Shell, [.. frames]);
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
        var dropped = _running.Kernel.DroppedCount;
        _client.SendRaw(Channel.Shell, [.. frames]);
        Execute("2");
        Assert.Equal(2, _client.Receive(Channel.Shell).ContentNumber("execution_count"));
        Assert.Equal(dropped + 1, _running.Kernel.DroppedCount);
    }

    [Fact]
    public void A_debugger_is_declined_and_passwords_are_asked_for_as_such()
    {
        var id = _client.Send(Channel.Control, "debug_request", new JsonObject { ["type"] = "request", ["seq"] = 7, ["command"] = "initialize" });
        var reply = _client.Receive(Channel.Control);
        Assert.Equal(("debug_reply", false, 7), (reply.Type, reply.ContentFlag("success"), reply.ContentNumber("request_seq")));
        Assert.Equal(["busy", "idle"], _client.Published(id).Select(m => m.ContentText("execution_state")));

        _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "ReadPassword(\"key: \").Length", ["allow_stdin"] = true });
        var question = _client.Receive(Channel.Stdin);
        Assert.Equal(("input_request", "key: ", true), (question.Type, question.ContentText("prompt"), question.ContentFlag("password")));
        _client.Send(Channel.Stdin, "input_reply", new JsonObject { ["value"] = "secret" });
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
    }

    [Fact]
    public void Clearing_and_member_completion_reach_the_client()
    {
        var id = Execute("Console.Write(1); ClearOutput(wait: true);");
        _client.Receive(Channel.Shell);
        Assert.True(Assert.Single(_client.Published(id), m => m.Type == "clear_output").ContentFlag("wait"));
        Execute("var text = \"abc\";");
        _client.Receive(Channel.Shell);

        // ToUpper is an extension method of spans too, and where one name stands for both it is a matter of chance which of them comes first.
        var completion = Ask("complete_request", new JsonObject { ["code"] = "text.ToUp", ["cursor_pos"] = 9 });
        Assert.Equal("[\"ToUpper\",\"ToUpperInvariant\"]", completion.Content["matches"]!.ToJsonString());
        Assert.All(completion.Content["metadata"]!["_jupyter_types_experimental"]!.AsArray(), kind => Assert.Equal("method", (string?)kind!["type"]));
        completion = Ask("complete_request", new JsonObject { ["code"] = "text.AsEnum", ["cursor_pos"] = 11 });
        Assert.Equal(("AsEnumerable", "method"), ((string?)completion.Content["matches"]![0], (string?)completion.Content["metadata"]!["_jupyter_types_experimental"]![0]!["type"]));
    }

    [Fact]
    public void A_request_that_cannot_be_answered_is_told_so_and_the_kernel_goes_on()
    {
        using var running = new RunningKernel(new BrokenSource());
        foreach (var type in (string[])["complete_request", "inspect_request"])
        {
            var id = running.Client.Send(Channel.Shell, type, new JsonObject { ["code"] = "#!save", ["cursor_pos"] = 6 });
            var reply = running.Client.Receive(Channel.Shell);
            Assert.Equal(type.Replace("request", "reply", StringComparison.Ordinal), reply.Type);
            Assert.Equal((id, "error", "InvalidDataException", "broken"), ((string?)reply.ParentHeader["msg_id"], reply.ContentText("status"), reply.ContentText("ename"), reply.ContentText("evalue")));
            Assert.Contains($"cannot answer '{type}': broken", (string?)Assert.Single(reply.Content["traceback"]!.AsArray()), StringComparison.Ordinal);
            Assert.Equal(["busy", "idle"], running.Client.Published(id).Select(m => m.ContentText("execution_state")));
        }

        var ran = running.Ask("execute_request", new JsonObject { ["code"] = "1" });
        Assert.Equal(("ok", 1), (ran.ContentText("status"), ran.ContentNumber("execution_count")));
    }

    [Fact]
    public async Task Shutdown_is_answered_and_ends_the_kernel_even_in_the_middle_of_a_cell()
    {
        Execute("while (true) { }");
        _client.Send(Channel.Control, "shutdown_request", new JsonObject { ["restart"] = true });
        var reply = _client.Receive(Channel.Control);
        Assert.Equal(("shutdown_reply", true), (reply.Type, reply.ContentFlag("restart")));
        await _running.Run.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private sealed class BrokenSource : IInsightSource
    {
        public IReadOnlyList<InsightMagic> Magics => throw new InvalidDataException("broken");

        public IEnumerable<string> NamesFor(string method) => throw new InvalidDataException("broken");

        public IEnumerable<string> ValuesFor(InsightParameter parameter) => throw new InvalidDataException("broken");
    }

    private string Execute(string code) => _running.Execute(code);

    private JupyterMessage Ask(string type, JsonObject content) => _running.Ask(type, content);
}
