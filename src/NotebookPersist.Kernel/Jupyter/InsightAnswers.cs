using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Answers what is asked while somebody types.</summary>
/// <param name="insight">Completes and explains.</param>
/// <param name="ending">Cancelled when the kernel ends.</param>
internal sealed class InsightAnswers(CellInsight insight, CancellationToken ending)
{
    // Whoever typed has typed on after this long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether a text is a whole cell.</summary>
    public static JsonObject IsComplete(JupyterMessage request)
    {
        var state = ScriptEngine.CheckComplete(request.ContentText("code") ?? "");
        var content = new JsonObject { ["status"] = state.ToString().ToLowerInvariant() };
        if (state == Completeness.Incomplete)
            content["indent"] = "    ";
        return content;
    }

    /// <summary>What can stand at the cursor.</summary>
    public async Task<JsonObject> CompleteAsync(JupyterMessage request)
    {
        var code = request.ContentText("code") ?? "";
        var cursor = CodePosition.ToUtf16(code, request.ContentNumber("cursor_pos") ?? int.MaxValue);
        var completion = await LimitedAsync(limit => insight.CompleteAsync(code, cursor, limit), CellCompletion.None(cursor)).ConfigureAwait(false);
        var (start, end) = (CodePosition.FromUtf16(code, completion.Start), CodePosition.FromUtf16(code, completion.End));
        var kinds = completion.Items.Select(i => (JsonNode)new JsonObject { ["text"] = i.Text, ["type"] = i.Kind, ["start"] = start, ["end"] = end });
        return ReplyContent.Ok(
            ("matches", new JsonArray([.. completion.Items.Select(i => (JsonNode)i.Text)])),
            ("cursor_start", start),
            ("cursor_end", end),
            ("metadata", new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. kinds]) }));
    }

    /// <summary>What is known of the thing at the cursor.</summary>
    public async Task<JsonObject> InspectAsync(JupyterMessage request)
    {
        var code = request.ContentText("code") ?? "";
        var cursor = CodePosition.ToUtf16(code, request.ContentNumber("cursor_pos") ?? 0);
        var isDetailed = request.ContentNumber("detail_level") > 0;
        var description = await LimitedAsync(limit => insight.DescribeAsync(code, cursor, isDetailed, limit), null).ConfigureAwait(false);
        var data = new JsonObject();
        if (description is not null)
            (data["text/plain"], data["text/markdown"]) = (description.PlainText, description.Markdown);
        return ReplyContent.Ok(("found", description is not null), ("data", data), ("metadata", new JsonObject()));
    }

    /// <summary>What is known of the thing at a place; null where nothing is.</summary>
    public Task<CellDescription?> DescribeAsync(string code, int position) => LimitedAsync(limit => insight.DescribeAsync(code, position, cancellation: limit), null);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> ask, T otherwise)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ending);
        limit.CancelAfter(Limit);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return otherwise;
        }
    }
}
