using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Formats;
using NotebookPersist.Tool;
using NotebookPersist.Tool.Json;
using Xunit;

namespace NotebookPersist.Tests.Tool;

/// <summary>What commands write as JSON parses everywhere, whatever a model holds, and has the members that <c>JSON.md</c> tells.</summary>
public sealed partial class JsonReportTests : IDisposable
{
    private static readonly string[] _oddNames = ["a\nb", "a\"b\\", "\u0000", "ünï/名", "\u202Eevil", "x\u001b[31m", "\udc80\udcff", "😀", " ", "{\"a\":1}", "a\udc80b"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_of_any_bytes_stay_apart_and_steer_no_terminal()
    {
        WriteOdd(_folder["m"], 1f);
        JsonElement json = Parsed(InspectionJson.Of(ModelInspection.Of(_folder["m"], verify: true)));
        string[] names = [.. json.GetProperty("tensors").EnumerateArray().Select(static t => t.GetProperty("name").GetString()!)];
        Assert.Equal(_oddNames.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("\\x80\\xff", names);
        Assert.Contains("a\nb", names);
        Assert.Contains("😀", names);
        Assert.All(_oddNames.Select(PlainNames.Of), static n => Assert.DoesNotContain(n, static c => char.IsControl(c) || c == '\u202E'));
        Assert.Equal("x\\x1b[31m", PlainNames.Of("x\u001b[31m"));
        Assert.Equal("one\n\ttwo\\x07", PlainNames.OfLines("one\r\n\ttwo\u0007"));
    }

    [Fact]
    public void Values_that_JSON_has_no_number_for_are_words()
    {
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            writer.Add("f", (Tensor)new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.MaxValue, float.Epsilon });
            writer.Finish();
        }

        Tensor tensor = ModelInspection.ReadTensor(_folder["m"], "f");
        JsonElement json = Parsed(InspectionJson.Of(ModelInspection.Of(_folder["m"]), "f", tensor));
        JsonElement values = json.GetProperty("values");
        Assert.Equal(["NaN", "Infinity", "-Infinity"], values.EnumerateArray().Take(3).Select(static v => v.GetString()));
        Assert.Equal(float.MaxValue, values[4].GetSingle());
        Assert.Equal(float.Epsilon, values[5].GetSingle());
        Assert.Equal(["f"], json.GetProperty("tensors").EnumerateArray().Select(static t => t.GetProperty("name").GetString()));

        using (BundleWriter writer = BundleWriter.Create(_folder["n"]))
        {
            writer.Add("f", (Tensor)new[] { 1f, float.PositiveInfinity, 2f, 0f, float.MaxValue, 1f });
            writer.Finish();
        }

        JsonElement changed = Parsed(DiffJson.Of(ModelDiff.Of(_folder["m"], _folder["n"]))).GetProperty("tensors")[0];
        Assert.Equal("changed", changed.GetProperty("change").GetString());
        Assert.True(changed.GetProperty("relativeL2").ValueKind is JsonValueKind.Number or JsonValueKind.String);
        Assert.True(changed.GetProperty("nonFinite").GetInt64() > 0);
    }

    [Fact]
    public void Every_member_is_told_in_the_document_and_what_is_told_is_there()
    {
        WriteOdd(_folder["a-1"], 1f);
        WriteOdd(_folder["a-2"], 2f);
        using (BundleWriter writer = BundleWriter.Create(_folder["b-1"]))
        {
            writer.Add("renamed", SampleTensors.OfType(DType.Float64, 5));
            writer.Add("reshaped", (Tensor)new[] { 1f, 2f });
            writer.Add("damaged", (Tensor)new[] { 1f, 2f, 3f });
            writer.Finish();
        }

        using (BundleWriter writer = BundleWriter.Create(_folder["b-2"]))
        {
            writer.Add("new", SampleTensors.OfType(DType.Float64, 5));
            writer.Add("reshaped", (Tensor)new[,] { { 1f }, { 2f } });
            writer.Add("damaged", (Tensor)new[] { 1f, 2f, 3f });
            writer.Finish();
        }

        byte[] data = File.ReadAllBytes(_folder["b-2.data-00000-of-00001"]);
        data[^1] ^= 1;
        File.WriteAllBytes(_folder["b-2.data-00000-of-00001"], data);
        File.WriteAllBytes(_folder["a-1.index.tempstate77"], [1]);
        File.SetLastWriteTimeUtc(_folder["a-1.index.tempstate77"], DateTime.UnixEpoch);
        string graph = WriteGraph();

        Dictionary<string, SortedSet<string>> told = Told();
        Require("inspect", told, InspectionJson.Of(ModelInspection.Of(_folder["b-2"], verify: true)), InspectionJson.Of(ModelInspection.Of(graph)),
            InspectionJson.Of(ModelInspection.Of(_folder["a-1"]), " ", ModelInspection.ReadTensor(_folder["a-1"], " ")),
            InspectionJson.Of(ModelInspection.Of(SharedFiles.Enumerate("fixtures", "*.meta").First())),
            InspectionJson.Of(ModelInspection.Of(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-main-op/00000123"))),
            InspectionJson.Of(ModelInspection.Of(ObjectCheckpoint())));
        Require("diff", told, DiffJson.Of(ModelDiff.Of(_folder["a-1"], _folder["a-2"])), DiffJson.Of(ModelDiff.Of(_folder["b-1"], _folder["b-2"])), DiffJson.Of(ModelDiff.Of(graph, WriteGraph("AddV2"))));
        Require("doctor", told, DoctorJson.Of(CheckpointDoctor.Examine(_folder.Path)), DoctorJson.Of(CheckpointDoctor.Repair(_folder.Path)));
    }

    private void Require(string form, Dictionary<string, SortedSet<string>> told, params JsonObject[] reports)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonObject report in reports)
        {
            JsonElement json = Parsed(report);
            Assert.Equal($"notebookpersist/{form}/1", json.GetProperty("schema").GetString());
            Collect(json, "", found);
        }

        Assert.Empty(told[form].Except(found));
        Assert.Empty(found.Except(told[form]));
    }

    // Members below names that come from files are one, '*'.
    private static void Collect(JsonElement json, string path, SortedSet<string> found)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in json.EnumerateArray())
                Collect(item, path + "[]", found);
            return;
        }

        if (json.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            bool isFree = FreeNames().IsMatch(path);
            string name = $"{path}.{(isFree ? "*" : member.Name)}".TrimStart('.');
            if (!isFree)
                found.Add(name);
            Collect(member.Value, name, found);
        }
    }

    // Lines of the tables: | `member` | ...
    private static Dictionary<string, SortedSet<string>> Told()
    {
        var told = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        string form = "";
        foreach (string line in File.ReadLines(Path.Combine(RepositoryFiles.Root, "src/NotebookPersist.Tool/JSON.md")))
        {
            if (line.StartsWith("## `", StringComparison.Ordinal))
                told[form = line.Split('`')[1].Split(' ')[0]] = new SortedSet<string>(StringComparer.Ordinal);
            else if (line.StartsWith("| `", StringComparison.Ordinal) && form.Length > 0)
                told[form].Add(line.Split('`')[1]);
        }

        return told;
    }

    private static JsonElement Parsed(JsonObject json) => JsonDocument.Parse(json.ToJsonString(TensorJson.Options)).RootElement;

    private static string ObjectCheckpoint() => SharedFiles.Enumerate("fixtures", "*.index").First(static p =>
    {
        using Checkpoint checkpoint = Checkpoint.Open(p);
        return checkpoint.Tensors.Any(static t => t.Name == ObjectGraph.Key) && File.Exists(p.Replace(".index", ".data-00000-of-00001", StringComparison.Ordinal));
    });

    private string WriteGraph(string type = "SomeLaterOp")
    {
        var graph = new GraphDef { Versions = new VersionDef { Producer = 1087 }, Node = { new NodeDef { Name = "a", Op = "NoOp" }, new NodeDef { Name = "b", Op = type } } };
        string path = _folder[type + ".pb"];
        File.WriteAllBytes(path, [.. graph.ToByteArray(), 0xFA, 0x07, 1, 65]);
        return path;
    }

    private static void WriteOdd(string prefix, float value)
    {
        using BundleWriter writer = BundleWriter.Create(prefix);
        foreach (string name in _oddNames.OrderBy(NotebookPersist.Formats.Coding.TensorName.Encode, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))))
            writer.Add(name, value);
        writer.Finish();
    }

    [GeneratedRegex(@"^(collections|signatures|signatures\.\*\.(inputs|outputs))$")]
    private static partial Regex FreeNames();
}
