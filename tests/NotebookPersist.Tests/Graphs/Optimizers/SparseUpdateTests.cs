using Xunit;

namespace NotebookPersist.Tests.Graphs.Optimizers;

/// <summary>Optimizers on gradients of gathered rows, against the rules computed row by row.</summary>
public sealed class SparseUpdateTests
{
    private const double Rate = 0.1;

    private static readonly float[] Start = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly int[] Places = [2, 0, 2];
    private static readonly double[] Weights = [1, -2, 0.5, 4, 3, 1];

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (string name in new[] { "GradientDescent", "Momentum", "Nesterov", "Adagrad", "Adadelta", "RMSProp", "CenteredRMSProp", "Ftrl", "FtrlV2", "Adam" })
        {
            cases.Add(name, false);
            cases.Add(name, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_with_a_gradient_are_changed_by_their_sums_and_others_are_not(string name, bool resource)
    {
        var graph = new Graph();
        Variable table = graph.Variable(Tensor.Of<float>([4, 2], Start), "table", useResource: resource);
        Output rows = graph.Gather(table, Places);
        Output loss = graph.ReduceSum(rows * Tensor.Of<float>([3, 2], [.. Weights.Select(static w => (float)w)]));
        Operation step = Make(name).Minimize(loss);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        double[] expected = [.. Start];
        var rule = new Rule(name);
        for (int i = 1; i <= 4; i++)
        {
            session.Run(step);
            // Row 0 has one gradient, row 2 the sum of two.
            double[] gradient = [Weights[2], Weights[3], 0, 0, Weights[0] + Weights[4], Weights[1] + Weights[5], 0, 0];
            for (int k = 0; k < expected.Length; k++)
            {
                if (name == "Adam" || k is 0 or 1 or 4 or 5)
                    expected[k] = rule.Step(k, expected[k], gradient[k], i);
            }

            float[] found = session.Run(table.Value)!.ToArray<float>();
            for (int k = 0; k < found.Length; k++)
                Assert.True(Math.Abs(found[k] - expected[k]) < 2e-5 * Math.Max(1, Math.Abs(expected[k])), $"Step {i}, element {k}: {found[k]} instead of {expected[k]}.");
        }
    }

    [Theory]
    [InlineData("GradientDescent", false, "GradientDescent/update_table/ScatterSub", "ScatterSub")]
    [InlineData("GradientDescent", true, "GradientDescent/update_table/ResourceScatterAdd", "ResourceScatterAdd")]
    [InlineData("Momentum", false, "Momentum/update_table/SparseApplyMomentum", "SparseApplyMomentum")]
    [InlineData("Momentum", true, "Momentum/update_table/ResourceSparseApplyMomentum", "ResourceSparseApplyMomentum")]
    [InlineData("Adagrad", false, "Adagrad/update_table/SparseApplyAdagrad", "SparseApplyAdagrad")]
    [InlineData("Adam", false, "Adam/update_table/AssignSub", "AssignSub")]
    public void Updates_are_TensorFlows_nodes(string name, bool resource, string node, string type)
    {
        var graph = new Graph();
        Variable table = graph.Variable(Tensor.Of<float>([4, 2], Start), "table", useResource: resource);
        Output rows = graph.Gather(table, Places);
        Make(name).Minimize(graph.ReduceSum(rows));
        Operation update = graph.GetOperationByName(node);
        Assert.Equal(type, update.Type);
        Assert.Equal("loc:@table", update.Attributes.Strings("_class").Single());
        if (name is "Momentum" or "Adagrad")
        {
            Assert.Equal("Unique", graph.GetOperationByName($"{name}/update_table/Unique").Type);
            Assert.Equal("UnsortedSegmentSum", graph.GetOperationByName($"{name}/update_table/UnsortedSegmentSum").Type);
        }
    }

    private static Optimizer Make(string name) => name switch
    {
        "GradientDescent" => new GradientDescentOptimizer(Rate),
        "Momentum" => new MomentumOptimizer(Rate, 0.9),
        "Nesterov" => new MomentumOptimizer(Rate, 0.9, useNesterov: true),
        "Adagrad" => new AdagradOptimizer(Rate),
        "Adadelta" => new AdadeltaOptimizer(Rate),
        "RMSProp" => new RMSPropOptimizer(Rate, momentum: 0.5),
        "CenteredRMSProp" => new RMSPropOptimizer(Rate, momentum: 0.5, centered: true),
        "Ftrl" => new FtrlOptimizer(Rate, l1: 0.01, l2: 0.02),
        "FtrlV2" => new FtrlOptimizer(Rate, l1: 0.01, l2: 0.02, l2Shrinkage: 0.1),
        _ => new AdamOptimizer(Rate),
    };

    // The rules of TensorFlow's documentation, one element at a time in double.
    private sealed class Rule(string name)
    {
        private readonly double[] _first = [.. Enumerable.Repeat(name is "Adagrad" or "Ftrl" or "FtrlV2" ? 0.1 : name.EndsWith("RMSProp", StringComparison.Ordinal) ? 1.0 : 0.0, 8)];
        private readonly double[] _second = new double[8];
        private readonly double[] _third = new double[8];

        public double Step(int k, double v, double g, int step)
        {
            ref double a = ref _first[k], b = ref _second[k], c = ref _third[k];
            switch (name)
            {
                case "GradientDescent":
                    return v - (Rate * g);
                case "Momentum" or "Nesterov":
                    a = (a * 0.9) + g;
                    return v - (Rate * (name == "Momentum" ? a : g + (0.9 * a)));
                case "Adagrad":
                    a += g * g;
                    return v - (Rate * g / Math.Sqrt(a));
                case "Adadelta":
                    a = (0.95 * a) + (0.05 * g * g);
                    double update = Math.Sqrt(b + 1e-8) / Math.Sqrt(a + 1e-8) * g;
                    b = (0.95 * b) + (0.05 * update * update);
                    return v - (Rate * update);
                case "RMSProp":
                    a += (g * g - a) * 0.1;
                    b = (0.5 * b) + (Rate * g / Math.Sqrt(a + 1e-10));
                    return v - b;
                case "CenteredRMSProp":
                    a += (g * g - a) * 0.1;
                    c += (g - c) * 0.1;
                    b = (0.5 * b) + (Rate * g / Math.Sqrt(a - (c * c) + 1e-10));
                    return v - b;
                case "Ftrl" or "FtrlV2":
                    double n = a + (g * g);
                    b += g + (name == "FtrlV2" ? 2 * 0.1 * v : 0) - ((Math.Sqrt(n) - Math.Sqrt(a)) / Rate * v);
                    a = n;
                    return Math.Abs(b) > 0.01 ? ((0.01 * Math.Sign(b)) - b) / ((Math.Sqrt(n) / Rate) + 0.04) : 0;
                default:
                    a += (g - a) * 0.1;
                    b += (g * g - b) * 0.001;
                    return v - (Rate * Math.Sqrt(1 - Math.Pow(0.999, step)) / (1 - Math.Pow(0.9, step)) * a / (Math.Sqrt(b) + 1e-8));
            }
        }
    }
}
