using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Makes a dataset.</summary>
internal abstract class DatasetOp(string signature) : UndifferentiatedOp(signature, "the elements of a dataset are data")
{
    protected const string Element = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1";

    // A dataset may call functions, and whoever folds constants cannot store it.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.Output(0, Tensor.OfObjects(DType.Variant, Shape.Scalar, [Make(c)]));

    protected abstract Dataset Make(KernelContext c);

    /// <summary>A scalar input of type int64.</summary>
    protected static long Long(KernelContext c, int input) => c.Input(input) is { Count: 1 } scalar
        ? scalar.ItemAt<long>(0)
        : throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' must be a scalar, got shape {c.Input(input).Shape}.");

    /// <summary>Inputs from one on, fit to be kept.</summary>
    protected static Tensor[] Kept(KernelContext c, int first, int count) => [.. Enumerable.Range(first, count).Select(i => TensorList.Kept(c.Input(i)))];

    /// <summary>The elements through a function, whose further arguments are inputs.</summary>
    protected static Dataset Map(KernelContext c, Dataset input, string attribute, int firstArgument, int argumentCount)
    {
        NameAttrList function = c.Attributes.Function(attribute);
        Tensor[] arguments = Kept(c, firstArgument, argumentCount);
        return new Dataset(run =>
        {
            Func<Tensor[]?> next = input.Open(run);
            return () => next() is { } element ? run.Call(function, [.. element, .. arguments]) : null;
        });
    }
}

/// <summary>A dataset of the elements of another one as they are: how they are computed is all that the operation asks for.</summary>
internal abstract class PassingDatasetOp(string name, string inputs, string attributes) : DatasetOp($"{name}(input_dataset: variant{inputs}) -> (handle: variant) where {attributes}")
{
    protected sealed override Dataset Make(KernelContext c) => Dataset.Of(c, 0);
}

internal sealed class PrefetchDatasetOp() : PassingDatasetOp("PrefetchDataset", ", buffer_size: int64", Element + ", slack_period: int = 0, legacy_autotune: bool = true");

internal sealed class OptimizeDatasetOp() : PassingDatasetOp("OptimizeDataset", ", optimizations: string", Element + ", optimization_configs: list(string) = []");

internal sealed class ModelDatasetOp() : PassingDatasetOp("ModelDataset", "", "algorithm: int = 0, cpu_budget: int = 0, " + Element);

internal sealed class MaxIntraOpParallelismDatasetOp() : PassingDatasetOp("MaxIntraOpParallelismDataset", ", max_intra_op_parallelism: int64", Element);

internal sealed class PrivateThreadPoolDatasetOp() : PassingDatasetOp("PrivateThreadPoolDataset", ", num_threads: int64", Element);

internal sealed class NonSerializableDatasetOp() : PassingDatasetOp("NonSerializableDataset", "", Element);

internal sealed class AssertNextDatasetOp() : PassingDatasetOp("AssertNextDataset", ", transformations: string", Element);

internal sealed class LatencyStatsDatasetOp() : PassingDatasetOp("LatencyStatsDataset", ", tag: string", Element);

internal sealed class ExperimentalMaxIntraOpParallelismDatasetOp() : PassingDatasetOp("ExperimentalMaxIntraOpParallelismDataset", ", max_intra_op_parallelism: int64", Element);

internal sealed class ExperimentalPrivateThreadPoolDatasetOp() : PassingDatasetOp("ExperimentalPrivateThreadPoolDataset", ", num_threads: int64", Element);

internal sealed class ExperimentalNonSerializableDatasetOp() : PassingDatasetOp("ExperimentalNonSerializableDataset", "", Element);

internal sealed class ExperimentalAssertNextDatasetOp() : PassingDatasetOp("ExperimentalAssertNextDataset", ", transformations: string", Element);

internal sealed class ExperimentalLatencyStatsDatasetOp() : PassingDatasetOp("ExperimentalLatencyStatsDataset", ", tag: string", Element);
