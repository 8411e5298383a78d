using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Jupyter;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

/// <summary>Connections between cells and the page.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class JupyterCommTests : IDisposable
{
    private readonly RunningKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void The_page_opens_a_registered_target_talks_to_it_and_closes_it()
    {
        Run("""
            int sum = 0;
            Comms.Register("adder", (comm, data) =>
            {
                sum = (int)data["start"]!;
                comm.Received += message => { sum += (int)message["n"]!; Console.WriteLine(sum); comm.Send(new { sum }); };
                comm.Closed += _ => sum = -1;
            });
            """);
        Assert.Equal(["status", "status"], Send("comm_open", "c1", new JsonObject { ["start"] = 10 }, "adder").Select(m => m.Type));
        var messages = Send("comm_msg", "c1", new JsonObject { ["n"] = 5 });
        Assert.Equal(["status", "stream", "comm_msg", "status"], messages.Select(m => m.Type));
        var answer = messages.Single(m => m.Type == "comm_msg");
        Assert.Equal(("c1", 15), (answer.ContentText("comm_id"), (int)answer.Content["data"]!["sum"]!));
        Assert.Equal("15\n", messages.Single(m => m.Type == "stream").ContentText("text"));
        Assert.Equal("{\"c1\":{\"target_name\":\"adder\"}}", List());
        Assert.Equal("{}", List("another"));

        Send("comm_close", "c1", []);
        Assert.Equal("{}", List());
        Assert.Equal("-1", Run("sum"));
        Assert.Equal(["status", "status"], Send("comm_msg", "c1", new JsonObject { ["n"] = 5 }).Select(m => m.Type));
        Assert.Equal("-1", Run("sum"));
    }

    [Fact]
    public void A_target_that_nobody_registered_is_closed()
    {
        var messages = Send("comm_open", "c1", [], "nobody");
        Assert.Equal("c1", messages.Single(m => m.Type == "comm_close").ContentText("comm_id"));
        Assert.Equal("{}", List());
        Send("comm_open", "", [], "nobody");
        Send("comm_close", "c2", []);
    }

    [Fact]
    public void A_handler_that_fails_says_so_and_one_that_fails_at_the_opening_closes_it()
    {
        Run("Comms.Register(\"bad\", _ => throw new InvalidOperationException(\"not today\"));\nComms.Register(\"late\", comm => comm.Received += _ => throw new ArgumentException(\"not so\"));");
        var opened = Send("comm_open", "c1", [], "bad");
        Assert.Equal("not today", opened.Single(m => m.Type == "error").ContentText("evalue"));
        Assert.Contains(opened, m => m.Type == "comm_close");
        Assert.Equal("{}", List());

        Send("comm_open", "c2", [], "late");
        Assert.Equal("not so", Send("comm_msg", "c2", []).Single(m => m.Type == "error").ContentText("evalue"));
        Assert.Contains("c2", List(), StringComparison.Ordinal);
        Assert.Equal("42", Run("6 * 7"));
    }

    [Fact]
    public void A_cell_opens_sends_and_closes_in_the_order_of_its_output()
    {
        var id = _kernel.Execute("var chart = Comms.Connect(\"chart\", new { title = \"loss\" });\nConsole.WriteLine(\"on\");\nchart.Send(new { y = 1.5 });\nvar wasOpen = chart.IsOpen;\nchart.Close();\n$\"{wasOpen} {chart.IsOpen}\"");
        Assert.Equal("ok", _kernel.Client.Receive(Channel.Shell).ContentText("status"));
        var messages = _kernel.Client.Published(id);
        Assert.Equal(["comm_open", "stream", "comm_msg", "comm_close", "execute_result"], messages.Select(m => m.Type).Where(t => t is not ("status" or "execute_input")));
        var opened = messages.Single(m => m.Type == "comm_open");
        Assert.Equal(("chart", "loss"), (opened.ContentText("target_name"), (string?)opened.Content["data"]!["title"]));
        Assert.Equal("True False", (string?)messages.Single(m => m.Type == "execute_result").Content["data"]!["text/plain"]);

        _kernel.Execute("chart.Send(new { y = 2 });");
        Assert.Contains("the connection is closed", _kernel.Client.Receive(Channel.Shell).ContentText("evalue"), StringComparison.Ordinal);
        _kernel.Execute("Comms.Connect(\"chart\", 5)");
        Assert.Contains("becomes no JSON object", _kernel.Client.Receive(Channel.Shell).ContentText("evalue"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_handler_is_interrupted()
    {
        Run("Comms.Register(\"endless\", comm => { Console.WriteLine(\"on\"); while (true) { } });");
        var id = _kernel.Client.Send(Channel.Shell, "comm_open", new JsonObject { ["comm_id"] = "c1", ["target_name"] = "endless", ["data"] = new JsonObject() });
        _kernel.WaitFor(id, "stream");
        _kernel.Client.Send(Channel.Control, "interrupt_request", []);
        Assert.Equal("Interrupted", _kernel.WaitFor(id, "error").ContentText("ename"));
        Assert.Equal("42", Run("6 * 7"));
    }

    private string? Run(string code)
    {
        var id = _kernel.Execute(code);
        var reply = _kernel.Client.Receive(Channel.Shell);
        Assert.True(reply.ContentText("status") == "ok", reply.Content.ToJsonString());
        return (string?)_kernel.Client.Published(id).SingleOrDefault(m => m.Type == "execute_result")?.Content["data"]!["text/plain"];
    }

    private List<JupyterMessage> Send(string type, string id, JsonObject data, string? target = null)
    {
        var content = new JsonObject { ["comm_id"] = id, ["data"] = data };
        if (target is not null)
            content["target_name"] = target;
        return _kernel.Client.Published(_kernel.Client.Send(Channel.Shell, type, content));
    }

    private string List(string? target = null) =>
        _kernel.Ask("comm_info_request", target is null ? [] : new JsonObject { ["target_name"] = target }).Content["comms"]!.ToJsonString();
}
