using System.Text.Json.Nodes;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Tool.Json;

/// <summary>What <c>doctor --json</c> writes.</summary>
internal static class DoctorJson
{
    public static JsonObject Of(DoctorReport report)
    {
        JsonObject json = JsonText.Begin("doctor");
        json["path"] = JsonText.Of(report.Path);
        json["healthy"] = report.IsHealthy;
        json["lastGood"] = JsonText.Of(report.LastGood);
        json["checkpoints"] = new JsonArray([.. report.Checkpoints.Select(Of)]);
        json["findings"] = new JsonArray([.. report.Findings.Select(Of)]);
        json["repairs"] = new JsonArray([.. report.Repairs.Select(Of)]);
        return json;
    }

    private static JsonObject Of(ExaminedCheckpoint checkpoint) => new()
    {
        ["prefix"] = JsonText.Of(checkpoint.Prefix),
        ["kind"] = checkpoint.Kind == CheckpointKind.Bundle ? "checkpoint-v2" : "checkpoint-v1",
        ["tensors"] = checkpoint.TensorCount,
        ["bytes"] = checkpoint.ByteCount,
        ["sound"] = checkpoint.IsSound,
        ["listed"] = checkpoint.IsListed,
        ["newest"] = checkpoint.IsNewest,
    };

    private static JsonObject Of(Finding finding) => new()
    {
        ["kind"] = JsonText.NameOf(finding.Kind),
        ["severity"] = JsonText.NameOf(finding.Severity),
        ["what"] = JsonText.Of(finding.What),
        ["path"] = JsonText.Of(finding.Path),
        ["byteOffset"] = finding.ByteOffset,
        ["tensor"] = JsonText.Of(finding.TensorName),
        ["remedy"] = JsonText.Of(finding.Remedy),
        ["repairable"] = finding.IsRepairable,
    };

    private static JsonObject Of(DoctorRepair repair) => new()
    {
        ["what"] = JsonText.Of(repair.What),
        ["path"] = JsonText.Of(repair.Path),
        ["done"] = repair.IsDone,
        ["problem"] = JsonText.Of(repair.Problem),
    };
}
