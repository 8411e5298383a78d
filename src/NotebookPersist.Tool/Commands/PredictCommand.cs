using System.CommandLine;
using System.Text.Json.Nodes;
using NotebookPersist.Protos;

namespace NotebookPersist.Tool.Commands;

/// <summary>Runs a model on values from the command line.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A frozen .pb, a .meta or checkpoint, or a SavedModel folder." };
        var feeds = new Option<string[]>("--feed") { Description = "Values: NAME=VALUE with a number, text or JSON array, or NAME=@FILE.npy.", HelpName = "name=value", AllowMultipleArgumentsPerToken = true };
        var fetches = new Option<string[]>("--fetch") { Description = "What to compute.", HelpName = "name", AllowMultipleArgumentsPerToken = true };
        var signature = new Option<string?>("--signature") { Description = "Signature of a SavedModel whose names feeds and fetches use.", HelpName = "key" };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new Command("predict", "Runs a model on given values.") { model, feeds, fetches, signature, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(model), parsed.GetValue(feeds) ?? [], parsed.GetValue(fetches) ?? [], parsed.GetValue(signature), parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(string path, string[] feeds, string[] fetches, string? signatureKey, bool json, CancellationToken cancellation)
    {
        using LoadedModel model = LoadedModel.Load(path, cancellation);
        SignatureDef? signature = SignatureOf(model, signatureKey);
        if (fetches.Length == 0)
            fetches = signature is null ? throw new UsageException("Nothing to compute: name it with --fetch NAME.") : [.. signature.Outputs.Keys];
        var values = new FeedDict();
        foreach (string feed in feeds)
        {
            int equals = feed.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException($"--feed takes NAME=VALUE; '{feed}' was given.");
            Output target = Find(model.Graph, feed[..equals], signature?.Inputs);
            values[target] = FeedValue.Parse(feed[(equals + 1)..], target);
        }

        Output[] outputs = [.. fetches.Select(f => Find(model.Graph, f, signature?.Outputs))];
        Tensor?[] results = model.Session.Run([.. outputs.Select(static o => (Fetch)o)], values, cancellation);
        string[] keys = [.. fetches.Zip(outputs, (f, o) => signature?.Outputs.ContainsKey(f) == true ? f : o.Name)];
        Write(keys, results, json);
        return ExitCode.Done;
    }

    // Only operations give no value, and none is fetched here.
    private static void Write(string[] keys, Tensor?[] results, bool json)
    {
        if (json)
        {
            var fetched = new JsonObject();
            for (int i = 0; i < keys.Length; i++)
                fetched[keys[i]] = TensorJson.Of(results[i]!);
            Console.WriteLine(new JsonObject { ["fetches"] = fetched }.ToJsonString(TensorJson.Options));
            return;
        }

        for (int i = 0; i < keys.Length; i++)
            Console.WriteLine($"{keys[i]}  {results[i]!.DType.Name()} {results[i]!.Shape}\n{TensorText.Elements(results[i]!)}");
    }

    private static SignatureDef? SignatureOf(LoadedModel model, string? key)
    {
        if (key is null)
            return model.Signatures.GetValueOrDefault("serving_default");
        return model.Signatures.GetValueOrDefault(key)
            ?? throw new UsageException($"The model has no signature '{key}'. Signatures there: {(model.Signatures.Count == 0 ? "none" : string.Join(", ", model.Signatures.Keys))}.");
    }

    private static Output Find(Graph graph, string name, IEnumerable<KeyValuePair<string, TensorInfo>>? signature)
    {
        string tensor = signature?.FirstOrDefault(s => s.Key == name).Value?.Name ?? name;
        try
        {
            return graph.GetTensorByName(tensor.Contains(':', StringComparison.Ordinal) ? tensor : tensor + ":0");
        }
        catch (KeyNotFoundException fault)
        {
            string known = signature is null ? "" : $" Names of the signature: {string.Join(", ", signature.Select(static s => s.Key))}.";
            throw new KeyNotFoundException(fault.Message + known, fault);
        }
    }
}
