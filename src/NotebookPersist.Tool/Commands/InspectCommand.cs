using System.CommandLine;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Protos;
using NotebookPersist.Tool.Json;

namespace NotebookPersist.Tool.Commands;

/// <summary>Lists what a model file holds.</summary>
internal static class InspectCommand
{
    // One name of a megabyte would make a megabyte of blanks of every other.
    private const int WidestColumn = 200;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A checkpoint by any of its names, a .meta, .pb or .pbtxt file, or a folder." };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var tensor = new Option<string?>("--tensor") { Description = "Shows the values of one tensor.", HelpName = "name" };
        var verify = new Option<bool>("--verify") { Description = "Reads every tensor and compares its checksum." };
        var command = new Command("inspect", "Lists the tensors, operations, collections and signatures of a model file.") { path, json, tensor, verify };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(path), parsed.GetValue(json), parsed.GetValue(tensor), parsed.GetValue(verify), cancellation)));
        return command;
    }

    private static int Run(string path, bool json, string? tensorName, bool verify, CancellationToken cancellation)
    {
        ModelInspection inspection = ModelInspection.Of(path, verify, cancellation);
        if (CheckpointStates.TwoMeanings(path) is { } note)
            Console.Error.WriteLine($"notebookpersist: {PlainNames.Of(note)}");
        Tensor? tensor = tensorName is null ? null : ModelInspection.ReadTensor(path, tensorName, cancellation);
        if (json)
            Console.WriteLine(InspectionJson.Of(inspection, tensorName, tensor).ToJsonString(TensorJson.Options));
        else
            Print(inspection, tensorName, tensor);
        foreach (InspectedTensor damaged in (inspection.Tensors ?? []).Where(static t => t.Fault is not null))
            Console.Error.WriteLine($"notebookpersist: {PlainNames.Of(damaged.Name)}: {PlainNames.OfLines(damaged.Fault!)}");
        return inspection.IsSound ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(ModelInspection inspection, string? tensorName, Tensor? tensor)
    {
        Console.WriteLine($"{inspection.Kind.Name()}  {PlainNames.Of(inspection.Path)}");
        if (tensor is not null)
        {
            Console.WriteLine($"{PlainNames.Of(tensorName!)}  {tensor.DType.Name()} {tensor.Shape}\n{TensorText.Elements(tensor)}");
            return;
        }

        foreach (string notice in inspection.Notes)
            Console.WriteLine($"note: {PlainNames.Of(notice)}");
        if (inspection.Tensors is { } tensors)
            PrintTensors(tensors);
        if (inspection.ObjectGraph is { } objects)
            Console.WriteLine($"\n{PlainNames.OfLines(objects.ToString()!)}");
        if (inspection.Operations is { } operations)
        {
            Console.WriteLine($"\n{operations.Count} operations");
            int width = Math.Min(operations.Select(static o => PlainNames.Of(o.Name).Length).DefaultIfEmpty(0).Max(), WidestColumn);
            foreach (InspectedOperation operation in operations)
                Console.WriteLine($"  {PlainNames.Of(operation.Name).PadRight(width)}  {PlainNames.Of(operation.Type)}({string.Join(", ", operation.Inputs.Select(PlainNames.Of))})");
        }

        foreach ((string key, IReadOnlyList<string> items) in inspection.Collections ?? new Dictionary<string, IReadOnlyList<string>>())
            Console.WriteLine($"collection {PlainNames.Of(key)}: {string.Join(", ", items.Select(PlainNames.Of))}");
        foreach ((string key, SignatureDef signature) in inspection.Signatures ?? new Dictionary<string, SignatureDef>())
            Console.WriteLine($"signature {PlainNames.Of(key)}: {Names(signature.Inputs)} -> {Names(signature.Outputs)}  ({PlainNames.Of(signature.MethodName)})");
    }

    private static void PrintTensors(IReadOnlyList<InspectedTensor> tensors)
    {
        int width = Math.Min(tensors.Select(static t => PlainNames.Of(t.Name).Length).DefaultIfEmpty(0).Max(), WidestColumn);
        foreach (InspectedTensor t in tensors)
            Console.WriteLine($"  {PlainNames.Of(t.Name).PadRight(width)}  {t.DType.Name(),-9} {t.Shape,-20} {MagicReport.Bytes(t.ByteCount),10}{(t.IsVerified ? t.Fault is null ? "  ok" : "  DAMAGED" : "")}{(t.FriendlyName is { } friendly ? $"  {PlainNames.Of(friendly)}" : "")}");
        Console.WriteLine($"{tensors.Count} tensor{(tensors.Count == 1 ? "" : "s")}, {Totals.Of(tensors.Select(static t => Totals.ElementsOf(t.Shape))):N0} elements, {MagicReport.Bytes(Totals.Of(tensors.Select(static t => t.ByteCount)))}");
    }

    private static string Names(IEnumerable<KeyValuePair<string, TensorInfo>> tensors) => string.Join(", ", tensors.Select(static t => $"{PlainNames.Of(t.Key)} = {PlainNames.Of(t.Value.Name)}"));
}
