using System.Text;
using NotebookPersist.Formats;

namespace NotebookPersist.Persistence;

/// <summary>What a saver's nodes write, and to which data file of a V2 checkpoint.</summary>
/// <param name="ShardCount">How many data files.</param>
/// <param name="Items">All tensors; those of one data file in the order of writing.</param>
internal sealed record SavePlan(int ShardCount, IReadOnlyList<SavePlan.Item> Items)
{
    private const int PrefixInput = 0;
    private const int NamesInput = 1;
    private const int SlicesInput = 2;
    private const int FirstTensor = 3;

    /// <summary>Reads the plan off the nodes.</summary>
    /// <returns>Null where the nodes write another format, or are not those of TensorFlow's savers: then only running them will do.</returns>
    public static SavePlan? Of(Graph graph, string saveTensorName)
    {
        var items = new List<Item>();
        int shardCount = 1;
        foreach (Operation operation in Reached(graph.GetTensorByName(saveTensorName).Operation))
        {
            if (operation.Type is "Save" or "SaveSlices")
                return null;
            if (operation.Type != "SaveV2")
                continue;
            if (Shard(operation) is not var (shard, count) || Texts(operation.Inputs[NamesInput]) is not { } names || Texts(operation.Inputs[SlicesInput]) is not { } slices
                || names.Length != operation.Inputs.Count - FirstTensor || slices.Length != names.Length)
            {
                return null;
            }

            shardCount = Math.Max(shardCount, count);
            for (int i = 0; i < names.Length; i++)
                items.Add(new Item(shard, names[i], slices[i], operation.Inputs[FirstTensor + i]));
        }

        return items.Count > 0 ? new SavePlan(shardCount, items) : null;
    }

    /// <summary>The tensors that the nodes write, whatever their format.</summary>
    public static IReadOnlyList<Output> ValuesOf(Graph graph, string saveTensorName) =>
    [
        .. Reached(graph.GetTensorByName(saveTensorName).Operation)
            .Where(static o => o.Type is "SaveV2" or "Save" or "SaveSlices")
            .SelectMany(static o => o.Inputs.Skip(o.Type == "Save" ? FirstTensor - 1 : FirstTensor))
            .Distinct(),
    ];

    private static IEnumerable<Operation> Reached(Operation root)
    {
        var seen = new HashSet<Operation> { root };
        var queue = new Queue<Operation>([root]);
        while (queue.TryDequeue(out Operation? operation))
        {
            yield return operation;

            // Behind a node that writes lies the model.
            if (operation.Type is "SaveV2" or "Save" or "SaveSlices")
                continue;
            foreach (Operation next in operation.ControlInputs.Concat(operation.Inputs.Select(static i => i.Operation)))
            {
                if (seen.Add(next))
                    queue.Enqueue(next);
            }
        }
    }

    // Which data file a node writes: a sharded saver's node takes its name from ShardedFilename, a plain one's is the checkpoint's.
    private static (int Shard, int Count)? Shard(Operation save)
    {
        Operation prefix = save.Inputs[PrefixInput].Operation;
        if (prefix.Type is "PlaceholderWithDefault" or "Placeholder" or "Const")
            return (0, 1);
        return prefix.Type == "ShardedFilename" && Number(prefix.Inputs[1]) is { } shard && Number(prefix.Inputs[2]) is { } count && shard >= 0 && shard < count
            ? (shard, count)
            : null;
    }

    private static int? Number(Output value) => value.Operation is { Type: "Const" } constant && constant.Attributes.Tensor("value") is { DType: DType.Int32, Count: 1 } number
        ? number.ItemAt<int>(0)
        : null;

    private static string[]? Texts(Output value)
    {
        if (value.Operation is not { Type: "Const" } constant)
            return null;
        string[] texts = new string[constant.Attributes.Tensor("value").Count];
        ReadOnlySpan<byte[]> strings = constant.Attributes.Tensor("value").Strings;
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(strings[i]);
        return texts;
    }

    /// <summary>One tensor to write.</summary>
    /// <param name="Shard">Number of the data file.</param>
    /// <param name="Name">Name in the checkpoint.</param>
    /// <param name="ShapeAndSlice">Empty for a whole tensor, else its full shape and which part it is.</param>
    /// <param name="Value">Gives the tensor.</param>
    public sealed record Item(int Shard, string Name, string ShapeAndSlice, Output Value)
    {
        /// <summary>Shape of the whole tensor and which part this is; null for a whole tensor.</summary>
        public (Shape FullShape, TensorSlice Slice)? Part()
        {
            if (ShapeAndSlice.Length == 0)
                return null;
            (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(ShapeAndSlice);
            return (fullShape, slice);
        }
    }
}
