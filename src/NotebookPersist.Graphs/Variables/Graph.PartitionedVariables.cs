using System.Globalization;
using NotebookPersist.Protos;

namespace NotebookPersist;

public sealed partial class Graph
{
    private readonly Dictionary<string, PartitionedVariable> _gotPartitioned = new(StringComparer.Ordinal);

    private bool TryGotPartitioned(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PartitionedVariable? variable)
    {
        if (!_gotPartitioned.TryGetValue(name, out variable))
            return false;
        if (variable.Parts.All(p => _byName.GetValueOrDefault(p.OperationName) == p.Operation))
            return true;
        _gotPartitioned.Remove(name);
        variable = null;
        return false;
    }

    private PartitionedVariable GetPartitioned(
        string name,
        Shape? shape,
        DType dtype,
        IInitializer? initializer,
        bool trainable,
        IReadOnlyList<string>? collections,
        Func<Output, Output?>? regularizer,
        bool? useResource,
        Partitioner? partitioner)
    {
        if (TryGotVariable(name, out _))
            throw new GraphException($"A partitioner was provided, but an unpartitioned version of the variable was found: {name}. Perhaps a variable of the same name was already created without partitioning?", name);
        initializer ??= CurrentVariableScope.Initializer;
        Shape known = (initializer as ConstantInitializer)?.ShapeFor(shape) ?? shape ?? NotebookPersist.Shape.Unknown;
        if (TryGotPartitioned(name, out PartitionedVariable? existing))
            return ReusedPartitioned(existing, name, shape, dtype, partitioner is null ? null : Partitions(name, existing.Shape, dtype, partitioner));
        if (CurrentVariableScope.Reuse == VariableReuse.Existing)
            throw new GraphException($"PartitionedVariable {name} does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?", name);
        if (!known.IsFullyKnown)
            throw new GraphException($"Shape of a new partitioned variable ({name}) must be fully defined, but instead was {known.ToPythonString()}.", name);

        initializer ??= DefaultInitializer(name, dtype);
        IReadOnlyList<int> partitions = Partitions(name, known, dtype, partitioner!); // Without one, only what exists is asked for.
        int axis = Math.Max(0, partitions.ToList().FindIndex(static p => p > 1));
        var parts = new Variable[partitions[axis]];
        long[] offset = new long[known.Rank];
        for (int i = 0; i < parts.Length; i++)
        {
            long[] size = known.Dimensions.ToArray();
            size[axis] = (known[axis] / parts.Length) + (i < known[axis] % parts.Length ? 1 : 0);
            parts[i] = MakePart(name, i, known, [.. offset], size);
            offset[axis] += size[axis];
        }

        return _gotPartitioned[name] = new PartitionedVariable(name, known, parts, partitions, axis);

        Variable MakePart(string whole, int index, Shape full, long[] start, long[] length)
        {
            string part = string.Create(CultureInfo.InvariantCulture, $"{whole}/part_{index}");
            Shape partShape = length;
            Variable variable = MakeGot(
                part,
                part,
                () => initializer is IPartInitializer parted ? parted.BuildPart(this, full, start, partShape, dtype) : initializer.Build(this, partShape, dtype),
                dtype,
                partShape,
                trainable,
                collections,
                regularizer,
                useResource);
            var slice = new SaveSliceInfoDef { FullName = whole };
            slice.FullShape.AddRange(full.Dimensions.ToArray());
            slice.VarOffset.AddRange(start);
            slice.VarShape.AddRange(length);
            variable.Slice = slice;
            return variable;
        }
    }

    private PartitionedVariable ReusedPartitioned(PartitionedVariable existing, string name, Shape? shape, DType dtype, IReadOnlyList<int>? partitions)
    {
        if (CurrentVariableScope.Reuse == VariableReuse.Inherit)
            throw new GraphException($"Partitioned variable with name {name} already exists. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope?", name);
        if (shape is not null && !shape.IsCompatibleWith(existing.Shape))
            throw new GraphException($"Trying to reuse partitioned variable {name}, but specified shape {shape.ToPythonString()} and found shape {existing.Shape.ToPythonString()}.", name);
        if (dtype != existing.DType)
            throw new GraphException($"Trying to reuse partitioned variable {name}, but specified dtype {dtype.Name()} and found dtype {existing.DType.Name()}.", name);
        return partitions is null || partitions.SequenceEqual(existing.Partitions)
            ? existing
            : throw new GraphException($"Trying to reuse partitioned variable {name}, but specified partitions [{string.Join(", ", partitions)}] and found partitions [{string.Join(", ", existing.Partitions)}].", name);
    }

    private static IReadOnlyList<int> Partitions(string name, Shape shape, DType dtype, Partitioner partitioner)
    {
        IReadOnlyList<int> partitions = partitioner(shape, dtype);
        if (partitions.Count != shape.Rank)
            throw new GraphException($"Partitioner of variable {name} returned a partition list that does not match the variable's rank: [{string.Join(", ", partitions)}] for shape {shape.ToPythonString()}.", name);
        for (int i = 0; i < partitions.Count; i++)
        {
            if (partitions[i] < 1)
                throw new GraphException($"Partitioner of variable {name} returned zero partitions for some axes: [{string.Join(", ", partitions)}].", name);
            if (partitions[i] > Math.Max(1, shape[i]))
                throw new GraphException($"Partitioner of variable {name} asks for {partitions[i]} parts along axis {i}, which has {shape[i]} elements.", name);
        }

        return partitions.Count(static p => p > 1) <= 1
            ? partitions
            : throw new GraphException($"Can only slice a variable along one dimension: shape {shape.ToPythonString()}, partitioning [{string.Join(", ", partitions)}].", name);
    }
}
