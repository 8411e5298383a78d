using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Reads sequence examples: features of the whole, and lists of features.</summary>
internal abstract class SequenceParsingOp(string signature) : UndifferentiatedOp(signature, "examples are no continuous values")
{
    protected readonly record struct Keys(string[] ContextSparse, string[] ContextDense, string[] ListSparse, string[] ListDense, string[] MayMiss, int FirstDefault);

    protected static string[] Texts(KernelContext c, int first, int count) => [.. Enumerable.Range(first, count).Select(i => FeatureColumns.Key(c, i))];

    protected static void Read(KernelContext c, SequenceExample[] examples, Keys keys, bool isBatch)
    {
        IReadOnlyList<DType> sparseTypes = c.Attributes.Types("context_sparse_types");
        IReadOnlyList<DType> denseTypes = c.Attributes.Types("Tcontext_dense");
        IReadOnlyList<Shape> denseShapes = c.Attributes.Shapes("context_dense_shapes");
        if (sparseTypes.Count != keys.ContextSparse.Length || denseTypes.Count != keys.ContextDense.Length || denseShapes.Count != keys.ContextDense.Length)
            throw c.InvalidArgument("There must be a type for each context key, and a shape for each dense one");
        int output = 0;
        for (int k = 0; k < keys.ContextSparse.Length; k++)
        {
            var rows = new List<(long[], Tensor)>();
            for (int i = 0; i < examples.Length; i++)
            {
                if (Context(examples[i], keys.ContextSparse[k], sparseTypes[k]) is { } values)
                    rows.Add((isBatch ? [i] : [], values));
            }

            int count = keys.ContextSparse.Length;
            FeatureColumns.OutputSparse(c, (k, count + k, (2 * count) + k), sparseTypes[k], rows, isBatch ? [examples.Length] : []);
        }

        output += 3 * keys.ContextSparse.Length;
        for (int k = 0; k < keys.ContextDense.Length; k++)
        {
            Tensor?[] rows = [.. examples.Select(e => Context(e, keys.ContextDense[k], denseTypes[k]))];
            Tensor values = FeatureColumns.Dense(c, rows, c.Input(keys.FirstDefault + k), denseShapes[k], keys.ContextDense[k]);
            c.Output(output++, isBatch ? values : values.Reshaped(Shape.Create(values.Shape.Dimensions[1..])));
        }

        Lists(c, examples, keys, isBatch, output);

        Tensor? Context(SequenceExample example, string key, DType type) =>
            FeatureColumns.Read(c, example.Context?.Feature.GetValueOrDefault(key), type, key);
    }

    private static void Lists(KernelContext c, SequenceExample[] examples, Keys keys, bool isBatch, int output)
    {
        IReadOnlyList<DType> sparseTypes = c.Attributes.Types("feature_list_sparse_types");
        IReadOnlyList<DType> denseTypes = c.Attributes.Types("feature_list_dense_types");
        IReadOnlyList<Shape> denseShapes = c.Attributes.Shapes("feature_list_dense_shapes");
        int sparse = keys.ListSparse.Length;
        if (sparseTypes.Count != sparse || denseTypes.Count != keys.ListDense.Length || denseShapes.Count != keys.ListDense.Length)
            throw c.InvalidArgument("There must be a type for each feature list key, and a shape for each dense one");
        for (int k = 0; k < sparse; k++)
        {
            var rows = new List<(long[], Tensor)>();
            long longest = 0;
            for (int i = 0; i < examples.Length; i++)
            {
                IReadOnlyList<Feature> steps = Steps(examples[i], keys.ListSparse[k]) ?? [];
                longest = Math.Max(longest, steps.Count);
                for (int t = 0; t < steps.Count; t++)
                {
                    if (FeatureColumns.Read(c, steps[t], sparseTypes[k], keys.ListSparse[k]) is { } values)
                        rows.Add((isBatch ? [i, t] : [t], values));
                }
            }

            FeatureColumns.OutputSparse(c, (output + k, output + sparse + k, output + (2 * sparse) + k), sparseTypes[k], rows, isBatch ? [examples.Length, longest] : [longest]);
        }

        output += 3 * sparse;
        for (int k = 0; k < keys.ListDense.Length; k++)
        {
            string key = keys.ListDense[k];
            int step = IntVectors.Product(denseShapes[k].Dimensions);
            IReadOnlyList<Feature>[] lists = [.. examples.Select(e => Steps(e, key)
                ?? (keys.MayMiss.Contains(key) ? [] : throw c.InvalidArgument($"Name: <unknown>, Feature list '{key}' is required but could not be found.  Did you mean to include it in feature_list_dense_missing_assumed_empty or feature_list_dense_defaults?")))];
            int longest = lists.Select(static l => l.Count).DefaultIfEmpty(0).Max();
            var parts = new List<Tensor>();
            foreach (IReadOnlyList<Feature> list in lists)
            {
                for (int t = 0; t < list.Count; t++)
                {
                    Tensor values = FeatureColumns.Read(c, list[t], denseTypes[k], key) ?? Tensor.Zeros(denseTypes[k], [0]);
                    if (values.Count != step)
                        throw c.InvalidArgument($"Feature list '{key}', index {t}.  Number of values != expected.  values size: {values.Count} but output shape: {denseShapes[k]}");
                    parts.Add(values);
                }

                parts.Add(Tensor.Zeros(denseTypes[k], [(longest - list.Count) * step]));
            }

            Shape whole = Shape.Create(isBatch ? [examples.Length, longest] : [longest]).Concatenate(denseShapes[k]);
            c.Output(output + k, FeatureColumns.Join(denseTypes[k], parts).Reshaped(whole));
            if (isBatch)
                IntVectors.Write([.. lists.Select(static l => (long)l.Count)], c.AllocateOutput(output + keys.ListDense.Length + k, [examples.Length]));
        }
    }

    private static IReadOnlyList<Feature>? Steps(SequenceExample example, string key) => example.FeatureLists?.FeatureList.GetValueOrDefault(key)?.Feature;
}

internal sealed class ParseSequenceExampleOp() : SequenceParsingOp("ParseSequenceExample(serialized: string, debug_name: string, context_dense_defaults: [Tcontext_dense]) -> (context_sparse_indices: Ncontext_sparse * int64, context_sparse_values: [context_sparse_types], context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: [Tcontext_dense], feature_list_sparse_indices: Nfeature_list_sparse * int64, feature_list_sparse_values: [feature_list_sparse_types], feature_list_sparse_shapes: Nfeature_list_sparse * int64, feature_list_dense_values: [feature_list_dense_types], feature_list_dense_lengths: Nfeature_list_dense * int64) where feature_list_dense_missing_assumed_empty: list(string) >= 0, context_sparse_keys: list(string) >= 0, context_dense_keys: list(string) >= 0, feature_list_sparse_keys: list(string) >= 0, feature_list_dense_keys: list(string) >= 0, Ncontext_sparse: int >= 0 = 0, Ncontext_dense: int >= 0 = 0, Nfeature_list_sparse: int >= 0 = 0, Nfeature_list_dense: int >= 0 = 0, context_sparse_types: list(float | int64 | string) >= 0 = [], Tcontext_dense: list(float | int64 | string) >= 0 = [], feature_list_dense_types: list(float | int64 | string) >= 0 = [], context_dense_shapes: list(shape) >= 0 = [], feature_list_sparse_types: list(float | int64 | string) >= 0 = [], feature_list_dense_shapes: list(shape) >= 0 = []")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument($"Expected serialized to be a vector, got shape: {c.Input(0).Shape}");
        string[] Attribute(string name) => [.. c.Attributes.Strings(name)];
        var keys = new Keys(
            Attribute("context_sparse_keys"),
            Attribute("context_dense_keys"),
            Attribute("feature_list_sparse_keys"),
            Attribute("feature_list_dense_keys"),
            Attribute("feature_list_dense_missing_assumed_empty"),
            FirstDefault: 2);
        byte[][] serialized = c.Input(0).Strings.ToArray();
        Read(c, [.. serialized.Select((b, i) => FeatureColumns.Parse<SequenceExample>(c, b, i))], keys, isBatch: true);
    }
}

internal sealed class ParseSingleSequenceExampleOp() : SequenceParsingOp("ParseSingleSequenceExample(serialized: string, feature_list_dense_missing_assumed_empty: string, context_sparse_keys: Ncontext_sparse * string, context_dense_keys: Ncontext_dense * string, feature_list_sparse_keys: Nfeature_list_sparse * string, feature_list_dense_keys: Nfeature_list_dense * string, context_dense_defaults: [Tcontext_dense], debug_name: string) -> (context_sparse_indices: Ncontext_sparse * int64, context_sparse_values: [context_sparse_types], context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: [Tcontext_dense], feature_list_sparse_indices: Nfeature_list_sparse * int64, feature_list_sparse_values: [feature_list_sparse_types], feature_list_sparse_shapes: Nfeature_list_sparse * int64, feature_list_dense_values: [feature_list_dense_types]) where Ncontext_sparse: int >= 0 = 0, Ncontext_dense: int >= 0 = 0, Nfeature_list_sparse: int >= 0 = 0, Nfeature_list_dense: int >= 0 = 0, context_sparse_types: list(float | int64 | string) >= 0 = [], Tcontext_dense: list(float | int64 | string) >= 0 = [], feature_list_dense_types: list(float | int64 | string) >= 0 = [], context_dense_shapes: list(shape) >= 0 = [], feature_list_sparse_types: list(float | int64 | string) >= 0 = [], feature_list_dense_shapes: list(shape) >= 0 = []")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 0)
            throw c.InvalidArgument($"Expected serialized to be a scalar, got shape: {c.Input(0).Shape}");
        int Number(string name) => (int)c.Attributes.Int(name);
        (int contextSparse, int contextDense) = (Number("Ncontext_sparse"), Number("Ncontext_dense"));
        (int listSparse, int listDense) = (Number("Nfeature_list_sparse"), Number("Nfeature_list_dense"));
        int first = 2;
        var keys = new Keys(
            Texts(c, first, contextSparse),
            Texts(c, first + contextSparse, contextDense),
            Texts(c, first + contextSparse + contextDense, listSparse),
            Texts(c, first + contextSparse + contextDense + listSparse, listDense),
            [.. c.Input(1).Strings.ToArray().Select(Encoding.UTF8.GetString)],
            first + contextSparse + contextDense + listSparse + listDense);
        Read(c, [FeatureColumns.Parse<SequenceExample>(c, c.Input(0).Strings[0], 0)], keys, isBatch: false);
    }
}
