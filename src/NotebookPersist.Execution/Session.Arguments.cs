using NotebookPersist.Execution;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public sealed partial class Session
{
    private (Output[] Keys, Tensor[] Values) ResolveFeeds(FeedDict? feedDict)
    {
        if (feedDict is null || feedDict.Count == 0)
            return ([], []);
        var keys = new List<Output>(feedDict.Count);
        var values = new List<Tensor>(feedDict.Count);
        var known = new HashSet<Output>(feedDict.Count);
        foreach ((FeedKey key, Tensor value) in feedDict)
        {
            Output output = ResolveFeed(key);
            if (value is null)
                throw MissingFeed(output);
            if (!known.Add(output))
                throw new ArgumentException($"Tensor '{output.Name}' is fed twice, by name and by value.", nameof(feedDict));
            keys.Add(output);
            values.Add(Fit(output, value));
        }

        return ([.. keys], [.. values]);
    }

    private Output ResolveFeed(FeedKey key)
    {
        if (key.Output is { } output)
        {
            return Owns(output)
                ? output
                : throw new ArgumentException($"Cannot interpret feed key as Tensor: Tensor {output} is not an element of this graph.", nameof(key));
        }

        try
        {
            return Graph.GetTensorByName(key.Name ?? throw new ArgumentException("A feed key is missing.", nameof(key)));
        }
        catch (Exception fault) when (fault is KeyNotFoundException or ArgumentException)
        {
            throw new ArgumentException($"Cannot interpret feed key as Tensor: {fault.Message}", nameof(key), fault);
        }
    }

    private static Tensor Fit(Output output, Tensor value)
    {
        Tensor fitted = value.DType == output.DType ? value : TensorCasts.Convert(value, output.DType, $"feed '{output.Name}'");
        if (!output.Shape.IsCompatibleWith(fitted.Shape))
            throw new ArgumentException($"Cannot feed value of shape {fitted.Shape.ToPythonString()} for Tensor '{output.Name}', which has shape '{output.Shape.ToPythonString()}'.", nameof(value));
        return fitted;
    }

    private FetchPlaces Resolve(IReadOnlyList<Fetch> fetches)
    {
        var places = new FetchPlaces(fetches.Count);
        for (int i = 0; i < fetches.Count; i++)
            Resolve(fetches[i], places);
        return places;
    }

    private void Resolve(Fetch fetch, FetchPlaces places)
    {
        if (fetch.Output is { } output)
        {
            if (!Owns(output))
                throw new ArgumentException($"Fetch argument {output} cannot be interpreted as a Tensor. (Tensor {output} is not an element of this graph. It may have been removed when its cell was run again.)", nameof(fetch));
            places.Add(output);
            return;
        }

        if (fetch.Operation is { } operation)
        {
            if (!Graph.TryGetOperation(operation.Name, out Operation? own) || own != operation)
                throw new ArgumentException($"Fetch argument '{operation.Name}' cannot be interpreted as an Operation. (It is not an element of this graph. It may have been removed when its cell was run again.)", nameof(fetch));
            places.Add(operation);
            return;
        }

        string name = fetch.Name ?? throw new ArgumentException("A fetch is null. Give a tensor, an operation, or a name.", nameof(fetch));
        try
        {
            if (name.Contains(':', StringComparison.Ordinal))
                places.Add(Graph.GetTensorByName(name));
            else
                places.Add(Graph.GetOperationByName(name));
        }
        catch (Exception fault) when (fault is KeyNotFoundException or ArgumentException)
        {
            throw new ArgumentException($"Fetch argument '{name}' cannot be interpreted as a Tensor. ({fault.Message})", nameof(fetch), fault);
        }
    }

    private bool Owns(Output output) => Graph.TryGetOperation(output.Operation.Name, out Operation? own) && own == output.Operation;

    private readonly record struct PlanKey(Output[] Fetches, Operation[] Targets, Output[] Feeds)
    {
        public bool Equals(PlanKey other) => Fetches.AsSpan().SequenceEqual(other.Fetches)
            && Targets.AsSpan().SequenceEqual(other.Targets)
            && Feeds.AsSpan().SequenceEqual(other.Feeds);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (Output fetch in Fetches)
                hash.Add(fetch);
            foreach (Operation target in Targets)
                hash.Add(target);
            foreach (Output feed in Feeds)
                hash.Add(feed);
            return hash.ToHashCode();
        }
    }
}
