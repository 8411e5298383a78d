using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Jupyter;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

/// <summary>Requests with everything that the protocol lets a client ask for, and with what it does not.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class JupyterRequestTests : IDisposable
{
    private readonly RunningKernel _running = new();
    private readonly TestClient _client;

    public JupyterRequestTests() => _client = _running.Client;

    public void Dispose() => _running.Dispose();

    [Fact]
    public void What_is_not_to_be_remembered_has_no_number_and_is_shown_all_the_same()
    {
        Assert.Equal(1, Run("1").ContentNumber("execution_count"));
        string id = _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "int kept = 6; kept * 7", ["store_history"] = false });
        JupyterMessage reply = _client.Receive(Channel.Shell);
        Assert.Equal(("ok", 1), (reply.ContentText("status"), reply.ContentNumber("execution_count")));
        List<JupyterMessage> published = _client.Published(id);
        Assert.Equal(["status", "execute_input", "execute_result", "status"], published.Select(static m => m.Type));
        Assert.Equal((1, 1, "42"), (published[1].ContentNumber("execution_count"), published[2].ContentNumber("execution_count"), (string?)published[2].Content["data"]!["text/plain"]));
        Assert.Equal(2, Run("kept").ContentNumber("execution_count"));
        Assert.Equal("[[1,1,\"1\"],[1,2,\"kept\"]]", Ask("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 9 }).Content["history"]!.ToJsonString());
        Assert.Equal("1", Value("Out[1]"));
    }

    [Fact]
    public void A_silent_request_shows_nothing_of_its_own_and_its_error_stops_no_other()
    {
        Run("1");
        string silent = _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "Thread.Sleep(300); throw new InvalidOperationException(\"quiet\");", ["silent"] = true });
        string next = _running.Execute("2");
        JupyterMessage reply = _client.Receive(Channel.Shell);
        Assert.Equal(("error", "quiet", 1), (reply.ContentText("status"), reply.ContentText("evalue"), reply.ContentNumber("execution_count")));
        Assert.Equal(["status", "status"], _client.Published(silent).Select(static m => m.Type));
        reply = _client.Receive(Channel.Shell);
        Assert.Equal(("ok", 2), (reply.ContentText("status"), reply.ContentNumber("execution_count")));
        Assert.Contains(_client.Published(next), static m => m.Type == "execute_result");
    }

    [Fact]
    public void A_client_may_ask_that_an_error_stops_no_other()
    {
        _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "Thread.Sleep(300); throw new Exception();", ["stop_on_error"] = false });
        _running.Execute("2");
        Assert.Equal("error", _client.Receive(Channel.Shell).ContentText("status"));
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
    }

    [Fact]
    public void Each_user_expression_has_an_outcome_of_its_own()
    {
        JupyterMessage reply = Ask("execute_request", new JsonObject
        {
            ["code"] = "int n = 4;",
            ["user_expressions"] = new JsonObject { ["good"] = "n * 2", ["thrown"] = "int.Parse(\"x\")", ["wrong"] = "n +", ["unknown"] = "nothing", ["number"] = 5, ["empty"] = "" },
        });
        Assert.Equal("ok", reply.ContentText("status"));
        var values = (JsonObject)reply.Content["user_expressions"]!;
        Assert.Equal("8", (string?)values["good"]!["data"]!["text/plain"]);
        Assert.Equal(("error", "FormatException"), ((string?)values["thrown"]!["status"], (string?)values["thrown"]!["ename"]));
        Assert.Equal(["CompilationError", "CompilationError"], new[] { "wrong", "unknown" }.Select(name => (string?)values[name]!["ename"]));
        Assert.Equal("5", (string?)values["number"]!["data"]!["text/plain"]);
        Assert.Equal("ok", (string?)values["empty"]!["status"]);
        Assert.Equal("ok", Run("n").ContentText("status"));
    }

    [Fact]
    public void History_is_told_by_range_tail_and_search()
    {
        foreach (string cell in new[] { "int a = 1;", "a + 1", "int b = 2;", "a + 1", "// [x]*" })
            Run(cell);
        Assert.Equal("[[1,2,\"a + 1\"],[1,3,\"int b = 2;\"]]", History(new JsonObject { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = 2, ["stop"] = 4 }));
        Assert.Equal("[[1,5,\"// [x]*\"]]", History(new JsonObject { ["hist_access_type"] = "range", ["session"] = 1, ["start"] = 5 }));
        Assert.Equal("[]", History(new JsonObject { ["hist_access_type"] = "range", ["session"] = 7 }));
        Assert.Equal("[[1,4,[\"a + 1\",\"2\"]],[1,5,[\"// [x]*\",null]]]", History(new JsonObject { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = true }));
        Assert.Equal("[]", History(new JsonObject { ["hist_access_type"] = "tail", ["n"] = 0 }));
        Assert.Equal("[[1,2,\"a + 1\"],[1,4,\"a + 1\"]]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "a*", ["n"] = 9 }));
        Assert.Equal("[[1,4,\"a + 1\"]]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "a*", ["unique"] = true }));
        Assert.Equal("[[1,1,\"int a = 1;\"],[1,3,\"int b = 2;\"]]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "int ? = *" }));
        Assert.Equal("[[1,1,\"int a = 1;\"],[1,3,\"int b = 2;\"]]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "int [ab] = *" }));
        Assert.Equal("[[1,5,\"// [x]*\"]]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "// [[]x][*]" }));
        Assert.Equal("[]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "" }));
        Assert.Equal("[]", History(new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "[" }));
    }

    [Fact]
    public void Positions_are_counted_in_code_points_wherever_they_are()
    {
        Run("int vari = 2;");
        const string code = "/*😀😀*/ vari";
        JupyterMessage completion = Ask("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = 11 });
        Assert.Equal((7, 11), (completion.ContentNumber("cursor_start"), completion.ContentNumber("cursor_end")));
        foreach (int position in new[] { -5, 0, 3, 4, 11, 12, 1_000_000, int.MaxValue, int.MinValue })
        {
            completion = Ask("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = position });
            Assert.Equal("ok", completion.ContentText("status"));
            Assert.InRange(completion.ContentNumber("cursor_start")!.Value, 0, completion.ContentNumber("cursor_end")!.Value);
            Assert.InRange(completion.ContentNumber("cursor_end")!.Value, 0, 11);
            Assert.Equal("ok", Ask("inspect_request", new JsonObject { ["code"] = code, ["cursor_pos"] = position, ["detail_level"] = 1 }).ContentText("status"));
        }

        Assert.Contains("vari", Ask("inspect_request", new JsonObject { ["code"] = code, ["cursor_pos"] = 9 }).Content["data"]!.ToJsonString(), StringComparison.Ordinal);
        foreach (JsonNode? odd in new JsonNode?[] { null, "5", 1.5, true, new JsonArray() })
            Assert.Equal("ok", Ask("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = odd?.DeepClone() }).ContentText("status"));
    }

    [Theory]
    [InlineData("", "complete")]
    [InlineData("\n\n", "complete")]
    [InlineData("// only a comment", "complete")]
    [InlineData("/* open", "incomplete")]
    [InlineData("var s = \"\"\"\n  text", "incomplete")]
    [InlineData("var s = $$\"\"\"\n{{x", "incomplete")]
    [InlineData("var s = @\"open", "incomplete")]
    [InlineData("if (true)", "incomplete")]
    [InlineData("class A {", "incomplete")]
    [InlineData("var x = )", "invalid")]
    [InlineData("#!", "complete")]
    [InlineData("#!who", "complete")]
    [InlineData("#!markdown", "incomplete")]
    [InlineData("#!markdown\n# T\n", "complete")]
    [InlineData("#r \"nuget: A, 1.0\"", "complete")]
    [InlineData("#if true\nint x;", "incomplete")]
    [InlineData("\"\ud83d\ude00", "invalid")]
    public void A_text_is_told_to_be_whole_or_not(string code, string status) =>
        Assert.Equal(status, Ask("is_complete_request", new JsonObject { ["code"] = code }).ContentText("status"));

    [Fact]
    public void Two_threads_of_a_cell_that_ask_at_once_are_both_answered()
    {
        string id = _client.Send(Channel.Shell, "execute_request", new JsonObject
        {
            ["code"] = "var answers = await Task.WhenAll(Task.Run(() => Console.ReadLine()), Task.Run(() => ReadPassword(\"P\")));\nstring.Join(',', answers.Order())",
            ["allow_stdin"] = true,
        });
        for (int i = 0; i < 2; i++)
        {
            JupyterMessage question = _client.Receive(Channel.Stdin);
            _client.Send(Channel.Stdin, "input_reply", new JsonObject { ["value"] = question.ContentFlag("password") == true ? "secret" : "line" });
        }

        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
        Assert.Contains(_client.Published(id), static m => m.Type == "execute_result" && (string?)m.Content["data"]!["text/plain"] == "line,secret");
    }

    [Fact]
    public void A_question_is_refused_where_nobody_can_answer_and_ended_by_an_interrupt()
    {
        JupyterMessage refused = Ask("execute_request", new JsonObject { ["code"] = "Console.ReadLine()", ["allow_stdin"] = false });
        Assert.Contains("nobody can type", refused.ContentText("evalue"), StringComparison.Ordinal);
        _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "Console.ReadLine()", ["allow_stdin"] = true });
        Assert.Equal("input_request", _client.Receive(Channel.Stdin).Type);
        _client.Send(Channel.Control, "interrupt_request", []);
        Assert.Equal("Interrupted", _client.Receive(Channel.Shell).ContentText("ename"));

        // An answer that comes too late is nobody's.
        _client.Send(Channel.Stdin, "input_reply", new JsonObject { ["value"] = "late" });
        _client.Send(Channel.Shell, "execute_request", new JsonObject { ["code"] = "ReadLine(\"again\")", ["allow_stdin"] = true });
        Assert.Equal("again", _client.Receive(Channel.Stdin).ContentText("prompt"));
        _client.Send(Channel.Stdin, "input_reply", new JsonObject { ["value"] = 5 });
        Assert.Equal("ok", _client.Receive(Channel.Shell).ContentText("status"));
    }

    [Fact]
    public void Messages_of_connections_that_are_not_there_and_updates_of_what_nobody_shows_do_no_harm()
    {
        foreach (string type in new[] { "comm_msg", "comm_close" })
            Assert.Equal(["status", "status"], _client.Published(_client.Send(Channel.Shell, type, new JsonObject { ["comm_id"] = "gone", ["data"] = new JsonObject() })).Select(static m => m.Type));
        Assert.Contains(_client.Published(_client.Send(Channel.Shell, "comm_open", new JsonObject { ["comm_id"] = "c", ["target_name"] = "nobody" })), static m => m.Type == "comm_close");
        Assert.Equal("ok", Run("var shown = Display(1); ClearOutput(); shown.Update(2);").ContentText("status"));
    }

    private JupyterMessage Run(string code)
    {
        _running.Execute(code);
        return _client.Receive(Channel.Shell);
    }

    private string? Value(string code)
    {
        string id = _running.Execute(code);
        _client.Receive(Channel.Shell);
        return (string?)_client.Published(id).Single(static m => m.Type == "execute_result").Content["data"]!["text/plain"];
    }

    private string History(JsonObject content) => Ask("history_request", content).Content["history"]!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private JupyterMessage Ask(string type, JsonObject content) => _running.Ask(type, content);
}
