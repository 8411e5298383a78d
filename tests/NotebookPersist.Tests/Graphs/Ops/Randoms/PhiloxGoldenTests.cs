using System.Globalization;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Randoms;

/// <summary>Random operations against the numbers that TensorFlow 1.15 drew for the same seeds.</summary>
public sealed class PhiloxGoldenTests
{
    [Fact]
    public void Two_runs_of_every_random_operation_give_TensorFlows_numbers_bit_for_bit()
    {
        string folder = SharedFiles.Path("golden-tf115/ops/random");
        var graph = new Graph();
        var known = new Dictionary<string, Output>(StringComparer.Ordinal);
        foreach (string[] words in File.ReadLines(Path.Combine(folder, "script.txt")).Select(static l => l.Split(' ')))
        {
            if (words[0] == "const")
                known[words[1]] = graph.Constant(Parameter(words), name: words[1]);
            else if (words[0] == "node")
                known[words[1]] = Node(graph, known, words);
        }

        string[] names = [.. known.Where(static k => k.Value.Operation.Type != "Const").Select(static k => k.Key)];
        using var session = new Session(graph);
        int compared = 0;
        for (int run = 1; run <= 2; run++)
        {
            Tensor?[] values = session.Run([.. names.Select(n => (Fetch)known[n])]);
            for (int i = 0; i < names.Length; i++)
            {
                Tensor expected = NpyFile.Read(Path.Combine(folder, $"run{run}_{names[i]}.npy"));
                Assert.Equal(expected.Shape, values[i]!.Shape);
                Assert.True(expected.Bytes.SequenceEqual(values[i]!.Bytes), $"Run {run} of '{names[i]}': expected {expected}, got {values[i]}.");
                compared++;
            }
        }

        Assert.Equal(86, compared);
    }

    private static Output Node(Graph graph, Dictionary<string, Output> known, string[] words)
    {
        var attributes = new AttributeList();
        var inputs = new List<Operand>();
        foreach (string word in words[3..])
        {
            string[] pair = word.Split('=');
            if (pair.Length == 1)
                inputs.Add(known[word]);
            else if (DTypes.TryParse(pair[1], out DType type))
                attributes.Add(pair[0], type);
            else
                attributes.Add(pair[0], long.Parse(pair[1], CultureInfo.InvariantCulture));
        }

        return graph.AddOperation(words[2], words[1], attributes, [.. inputs])[0];
    }

    private static Tensor Parameter(string[] words)
    {
        int[] shape = [.. words[3].Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static d => int.Parse(d, CultureInfo.InvariantCulture))];
        int count = shape.Aggregate(1, static (a, b) => a * b);
        string[] formula = words[4].Split(':');
        double[] numbers = formula[0] == "vals"
            ? [.. formula[1].Split(',').Select(static v => double.Parse(v, CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(0, count).Select(i => double.Parse(formula[1], CultureInfo.InvariantCulture) + (double.Parse(formula[2], CultureInfo.InvariantCulture) * i))];
        return words[2] == "float"
            ? Tensor.Of<float>(shape, Array.ConvertAll(numbers, static n => (float)n))
            : Tensor.Of<int>(shape, Array.ConvertAll(numbers, static n => (int)n));
    }
}
