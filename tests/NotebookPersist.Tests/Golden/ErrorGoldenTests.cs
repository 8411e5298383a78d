using System.Text.RegularExpressions;
using Xunit;

namespace NotebookPersist.Tests.Golden;

public sealed partial class ErrorGoldenTests
{
    /// <summary>What is looked up before a run is refused in the words of TensorFlow's Python layer, which its C++ layer, the source of the files, lacks.</summary>
    private static readonly Dictionary<string, string> _saidByPython = new(StringComparer.Ordinal)
    {
        ["m1"] = "Cannot feed value of shape (2, 3) for Tensor 'p:0', which has shape '(2, 2)'",
        ["doesnotexist"] = "The name 'doesnotexist:0' refers to a Tensor which does not exist. The operation, 'doesnotexist', does not exist in the graph.",
    };

    [Fact]
    public void Runs_that_TensorFlow_refuses_are_refused_in_its_words()
    {
        using var golden = new ErrorGoldenCase();
        golden.Run();

        Assert.Equal(8, golden.Errors.Count);
        Assert.All(golden.Errors, static error =>
        {
            (string fetch, string expected, Exception? actual) = error;
            Assert.True(actual is not null, $"'{fetch}' ran, where TensorFlow says: {expected}");
            if (_saidByPython.TryGetValue(fetch, out string? words))
            {
                Assert.IsAssignableFrom<ArgumentException>(actual);
                Assert.Contains(words, actual.Message, StringComparison.Ordinal);
                return;
            }

            Match parts = TensorFlowError().Match(expected);
            Assert.Contains(parts.Groups["message"].Value, actual.Message, StringComparison.Ordinal);
            var fault = Assert.IsType<RunException>(actual);
            Assert.Equal(parts.Groups["node"].Value, fault.NodeName);
            Assert.Equal(parts.Groups["code"].Value.Replace(" ", "", StringComparison.Ordinal), fault.Code.ToString(), ignoreCase: true);
        });
    }

    [Fact]
    public void A_matrix_product_of_fed_matrices_that_do_not_fit_names_both_shapes()
    {
        var graph = new Graph();
        Output p = graph.Placeholder(DType.Float32, name: "p");
        Output product = graph.AddOperation("MatMul", "m1", null, p, p)[0];
        using var session = new Session(graph);

        var fault = Assert.Throws<RunException>(() => session.Run(product, new FeedDict { [p] = new float[2, 3] }));

        Assert.Contains("Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]", fault.Message, StringComparison.Ordinal);
        Assert.Equal("m1", fault.NodeName);
    }

    [GeneratedRegex(@"^(?<code>[A-Za-z ]+): (?<message>.*)\s+\[\[\{\{node (?<node>[^}]+)\}\}\]\]$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TensorFlowError();
}
