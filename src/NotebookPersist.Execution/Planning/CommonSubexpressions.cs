using NotebookPersist.Protos;

namespace NotebookPersist.Execution.Planning;

/// <summary>Computes once what several operations of the same type, attributes and inputs would compute.</summary>
internal sealed class CommonSubexpressions : PlanPass
{
    // Comparing large constants costs more than computing twice what depends on them.
    private const int LargestConstant = 1024;

    private readonly Dictionary<Key, Operation> _known = [];

    protected override bool TryReplace(Operation before, Operation now)
    {
        if (now.ControlInputs.Count > 0 || !ControlFlow.IsPure(now) || before.Outputs.Any(IsFed) || (now.Inputs.Count == 0 && !IsSmallConstant(now)))
            return false;
        var key = new Key(now);
        if (_known.TryAdd(key, now))
            return false;
        Operation same = _known[key];
        for (int i = 0; i < before.Outputs.Count; i++)
            Map(before[i], same[i]);
        return true;
    }

    private static bool IsSmallConstant(Operation operation) => operation.Definition is ConstOp && TryConstant(operation[0], out Tensor? value) && value.ByteCount <= LargestConstant;

    private sealed class Key(Operation operation) : IEquatable<Key>
    {
        private readonly Operation _operation = operation;

        public bool Equals(Key? other)
        {
            if (other is null || _operation.Type != other._operation.Type || _operation.Definition != other._operation.Definition || !_operation.Inputs.SequenceEqual(other._operation.Inputs))
                return false;
            var left = Meaningful(_operation).ToDictionary(StringComparer.Ordinal);
            int count = 0;
            foreach ((string name, AttrValue value) in Meaningful(other._operation))
            {
                if (!left.TryGetValue(name, out AttrValue? same) || !same.Equals(value))
                    return false;
                count++;
            }

            return count == left.Count;
        }

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_operation.Type);
            foreach (Output input in _operation.Inputs)
                hash.Add(input);
            if (_operation.Inputs.Count == 0 && TryConstant(_operation[0], out Tensor? value))
            {
                hash.Add(value.Shape);
                if (value.Buffer is { } buffer)
                    hash.AddBytes(buffer.Bytes);
            }

            return hash.ToHashCode();
        }

        // Annotations say nothing of the result.
        private static IEnumerable<KeyValuePair<string, AttrValue>> Meaningful(Operation operation) => operation.Attributes.Where(static a => !a.Key.StartsWith('_'));
    }
}
