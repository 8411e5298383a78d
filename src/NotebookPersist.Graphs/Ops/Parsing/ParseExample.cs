using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

internal sealed class ParseExampleOp() : UndifferentiatedOp("ParseExample(serialized: string, names: string, sparse_keys: Nsparse * string, dense_keys: Ndense * string, dense_defaults: [Tdense]) -> (sparse_indices: Nsparse * int64, sparse_values: [sparse_types], sparse_shapes: Nsparse * int64, dense_values: [Tdense]) where Nsparse: int >= 0, Ndense: int >= 0, sparse_types: list(float | int64 | string) >= 0, Tdense: list(float | int64 | string) >= 0, dense_shapes: list(shape) >= 0", "examples are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        int sparse = (int)c.Attributes.Int("Nsparse");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        long count = c.Input(0).Rank == 1 ? c.Input(0)[0] : -1;
        for (int i = 0; i < sparse; i++)
        {
            c.Output(i, [-1, 2]);
            c.Output(sparse + i, [-1]);
            c.Output((2 * sparse) + i, [2]);
        }

        for (int i = 0; i < shapes.Count && (3 * sparse) + i < c.OutputCount; i++)
            c.Output((3 * sparse) + i, Shape.Create([count]).Concatenate(shapes[i]));
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument($"Expected serialized to be a vector, got shape: {c.Input(0).Shape}");
        (int sparse, int dense) = ((int)c.Attributes.Int("Nsparse"), (int)c.Attributes.Int("Ndense"));
        IReadOnlyList<DType> sparseTypes = c.Attributes.Types("sparse_types");
        IReadOnlyList<DType> denseTypes = c.Attributes.Types("Tdense");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        if (shapes.Count != dense || sparseTypes.Count != sparse)
            throw c.InvalidArgument("len(dense_keys) != len(dense_shapes), or len(sparse_keys) != len(sparse_types)");
        byte[][] serialized = c.Input(0).Strings.ToArray();
        Example[] examples = [.. serialized.Select((b, i) => FeatureColumns.Parse<Example>(c, b, i))];
        for (int k = 0; k < sparse; k++)
        {
            string key = FeatureColumns.Key(c, 2 + k);
            var rows = new List<(long[], Tensor)>();
            for (int i = 0; i < examples.Length; i++)
            {
                if (FeatureColumns.Read(c, examples[i].Features?.Feature.GetValueOrDefault(key), sparseTypes[k], key) is { } values)
                    rows.Add(([i], values));
            }

            FeatureColumns.OutputSparse(c, (k, sparse + k, (2 * sparse) + k), sparseTypes[k], rows, [examples.Length]);
        }

        for (int k = 0; k < dense; k++)
        {
            string key = FeatureColumns.Key(c, 2 + sparse + k);
            Tensor?[] rows = [.. examples.Select(e => FeatureColumns.Read(c, e.Features?.Feature.GetValueOrDefault(key), denseTypes[k], key))];
            c.Output((3 * sparse) + k, FeatureColumns.Dense(c, rows, c.Input(2 + sparse + dense + k), shapes[k], key));
        }
    }
}

internal sealed class ParseSingleExampleOp() : UndifferentiatedOp("ParseSingleExample(serialized: string, dense_defaults: [Tdense]) -> (sparse_indices: num_sparse * int64, sparse_values: [sparse_types], sparse_shapes: num_sparse * int64, dense_values: [Tdense]) where num_sparse: int >= 0, sparse_keys: list(string) >= 0, dense_keys: list(string) >= 0, sparse_types: list(float | int64 | string) >= 0, Tdense: list(float | int64 | string) >= 0, dense_shapes: list(shape) >= 0", "examples are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        int sparse = (int)c.Attributes.Int("num_sparse");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        for (int i = 0; i < sparse; i++)
        {
            c.Output(i, [-1, 1]);
            c.Output(sparse + i, [-1]);
            c.Output((2 * sparse) + i, [1]);
        }

        for (int i = 0; i < shapes.Count && (3 * sparse) + i < c.OutputCount; i++)
            c.Output((3 * sparse) + i, shapes[i]);
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 0)
            throw c.InvalidArgument($"Expected serialized to be a scalar, got shape: {c.Input(0).Shape}");
        IReadOnlyList<string> sparseKeys = c.Attributes.Strings("sparse_keys");
        IReadOnlyList<string> denseKeys = c.Attributes.Strings("dense_keys");
        IReadOnlyList<DType> sparseTypes = c.Attributes.Types("sparse_types");
        IReadOnlyList<DType> denseTypes = c.Attributes.Types("Tdense");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        if (sparseKeys.Count != sparseTypes.Count || denseKeys.Count != shapes.Count || denseKeys.Count != denseTypes.Count)
            throw c.InvalidArgument("There must be a type for each key, and a shape for each dense key");
        var example = FeatureColumns.Parse<Example>(c, c.Input(0).Strings[0], 0);
        int sparse = sparseKeys.Count;
        for (int k = 0; k < sparse; k++)
        {
            Tensor? values = FeatureColumns.Read(c, example.Features?.Feature.GetValueOrDefault(sparseKeys[k]), sparseTypes[k], sparseKeys[k]);
            FeatureColumns.OutputSparse(c, (k, sparse + k, (2 * sparse) + k), sparseTypes[k], values is null ? [] : [([], values)], []);
        }

        for (int k = 0; k < denseKeys.Count; k++)
        {
            Tensor? values = FeatureColumns.Read(c, example.Features?.Feature.GetValueOrDefault(denseKeys[k]), denseTypes[k], denseKeys[k]);
            Tensor rows = FeatureColumns.Dense(c, [values], c.Input(1 + k), shapes[k], denseKeys[k]);
            c.Output((3 * sparse) + k, rows.Reshaped(Shape.Create(rows.Shape.Dimensions[1..])));
        }
    }
}
