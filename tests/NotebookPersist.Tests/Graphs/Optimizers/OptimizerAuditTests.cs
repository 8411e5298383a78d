using Xunit;

namespace NotebookPersist.Tests.Graphs.Optimizers;

/// <summary>Every optimizer: names of hyperparameters, slots and updates, and the rules in double, one element at a time.</summary>
public sealed class OptimizerAuditTests
{
    private const double Rate = 0.2;

    private static readonly double[] Gradients = [1, -2, 0.5, 4, -3, 0];

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (string name in Names.Keys)
        {
            cases.Add(name, false);
            cases.Add(name, true);
        }

        return cases;
    }

    // From TensorFlow 1.15's python/training: update, slots, constants.
    private static readonly Dictionary<string, (string Update, string[] Slots, string[] Constants)> Names = new(StringComparer.Ordinal)
    {
        ["GradientDescent"] = ("ApplyGradientDescent", [], ["learning_rate"]),
        ["Momentum"] = ("ApplyMomentum", ["v/Momentum"], ["learning_rate", "momentum"]),
        ["Nesterov"] = ("ApplyMomentum", ["v/Momentum"], ["learning_rate", "momentum"]),
        ["Adagrad"] = ("ApplyAdagrad", ["v/Adagrad"], ["learning_rate"]),
        ["Adadelta"] = ("ApplyAdadelta", ["v/Adadelta", "v/Adadelta_1"], ["lr", "rho", "epsilon"]),
        ["Adam"] = ("ApplyAdam", ["v/Adam", "v/Adam_1"], ["learning_rate", "beta1", "beta2", "epsilon"]),
        ["RMSProp"] = ("ApplyRMSProp", ["v/RMSProp", "v/RMSProp_1"], ["learning_rate", "decay", "momentum", "epsilon"]),
        ["Centered"] = ("ApplyCenteredRMSProp", ["v/RMSProp", "v/RMSProp_1", "v/RMSProp_2"], ["learning_rate", "decay", "momentum", "epsilon"]),
        ["Ftrl"] = ("ApplyFtrl", ["v/Ftrl", "v/Ftrl_1"], Ftrl),
        ["FtrlPower"] = ("ApplyFtrl", ["v/Ftrl", "v/Ftrl_1"], Ftrl),
        ["FtrlShrinkage"] = ("ApplyFtrlV2", ["v/accum", "v/linear"], Ftrl),
        ["ProximalGradientDescent"] = ("ApplyProximalGradientDescent", [], ["learning_rate", "l1_regularization_strength", "l2_regularization_strength"]),
        ["ProximalAdagrad"] = ("ApplyProximalAdagrad", ["v/ProximalAdagrad"], ["learning_rate", "l1_regularization_strength", "l2_regularization_strength"]),
        ["AdagradDA"] = ("ApplyAdagradDA", ["v/AdagradDA", "v/AdagradDA_1"], ["learning_rate"]),
    };

    private static string[] Ftrl => ["learning_rate", "l1_regularization_strength", "l2_regularization_strength", "l2_shrinkage_regularization_strength", "learning_rate_power"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nodes_and_slots_have_TensorFlows_names(string name, bool resource)
    {
        (Graph graph, Variable variable, _, Optimizer optimizer, _) = Build(name, resource, DType.Float32, useLocking: true);
        (string update, string[] slots, string[] constants) = Names[name];
        string scope = optimizer.Name;
        Assert.Equal(constants.Select(c => $"{scope}/{c}"), graph.Operations.Where(o => o.Type == "Const" && o.Name.StartsWith(scope + "/", StringComparison.Ordinal) && constants.Contains(o.Name[(scope.Length + 1)..])).Select(static o => o.Name));
        Operation node = graph.GetOperationByName($"{scope}/update_v/{(resource ? "Resource" : "")}{update}");
        Assert.True(node.Attributes.Bool("use_locking"));
        Assert.Equal("loc:@v", node.Attributes.Strings("_class").Single());
        Assert.Equal(slots, optimizer.SlotNames.Select(s => optimizer.GetSlot(variable, s)!.OperationName));
        Assert.All(optimizer.SlotNames, s => Assert.Equal(resource, optimizer.GetSlot(variable, s)!.IsResource));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_are_those_of_the_rule(string name, bool resource)
    {
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            (Graph graph, Variable variable, Variable step, _, Operation train) = Build(name, resource, type, useLocking: false);
            using var session = new Session(graph);
            session.Run(graph.GlobalVariablesInitializer());
            double[] expected = [1, 2, 3, -4, -0.1, 0.5];
            var rule = new Rule(name, expected.Length);
            for (int i = 1; i <= 4; i++)
            {
                session.Run(train);
                for (int k = 0; k < expected.Length; k++)
                    expected[k] = rule.Step(k, expected[k], Gradients[k], i);
                Tensor found = session.Run(variable.Value)!;
                // The decays of Adam are float32 constants, near 1, whatever the variable's type.
                double tolerance = type == DType.Float32 || name == "Adam" ? 2e-5 : 1e-6;
                for (int k = 0; k < expected.Length; k++)
                {
                    double value = found.ItemAt<double>(k);
                    Assert.True(Math.Abs(value - expected[k]) < tolerance * Math.Max(1, Math.Abs(expected[k])), $"{type}, step {i}, element {k}: {value} instead of {expected[k]}.");
                }
            }

            Assert.Equal(4, session.Run(step.Value)!.Item<long>());
        }
    }

    [Theory]
    [InlineData("ProximalGradientDescent")]
    [InlineData("ProximalAdagrad")]
    [InlineData("AdagradDA")]
    public void Rows_are_updated_alone(string name)
    {
        foreach (bool resource in new[] { false, true })
        {
            var graph = new Graph();
            Variable table = graph.Variable(Tensor.Of<float>([3, 2], [1, 2, 3, 4, 5, 6]), "v", useResource: resource);
            Variable step = graph.Variable(0L, "global_step", trainable: false, useResource: resource);
            Output loss = graph.ReduceSum(graph.Gather(table, new[] { 2, 0, 2 }) * Tensor.Of<float>([3, 2], [1, -2, 0.5f, 4, 3, 1]));
            Operation train = Make(name, step, false).Minimize(loss, step);
            using var session = new Session(graph);
            session.Run(graph.GlobalVariablesInitializer());
            session.Run(train);
            var rule = new Rule(name, 6);
            double[] gradient = [0.5, 4, 0, 0, 4, -1];
            float[] found = session.Run(table.Value)!.ToArray<float>();
            for (int k = 0; k < 6; k++)
                Assert.Equal(k is 2 or 3 ? k + 1 : rule.Step(k, k + 1, gradient[k], 1), found[k], 1e-5);
        }
    }

    private static (Graph Graph, Variable Variable, Variable Step, Optimizer Optimizer, Operation Train) Build(string name, bool resource, DType type, bool useLocking)
    {
        var graph = new Graph();
        Tensor start = type == DType.Float32 ? Tensor.Of<float>([6], [1, 2, 3, -4, -0.1f, 0.5f]) : Tensor.Of<double>([6], [1, 2, 3, -4, -0.1, 0.5]);
        Variable variable = graph.Variable(start, "v", useResource: resource);
        Variable step = graph.Variable(0L, "global_step", trainable: false, useResource: resource);
        Output weights = graph.Constant(Gradients, type);
        Optimizer optimizer = Make(name, step, useLocking);
        return (graph, variable, step, optimizer, optimizer.Minimize(graph.ReduceSum(variable * weights), step));
    }

    private static Optimizer Make(string name, Variable step, bool useLocking) => name switch
    {
        "GradientDescent" => new GradientDescentOptimizer(Rate, useLocking),
        "Momentum" => new MomentumOptimizer(Rate, 0.9, useLocking),
        "Nesterov" => new MomentumOptimizer(Rate, 0.9, useLocking, useNesterov: true),
        "Adagrad" => new AdagradOptimizer(Rate, useLocking: useLocking),
        "Adadelta" => new AdadeltaOptimizer(Rate, useLocking: useLocking),
        "Adam" => new AdamOptimizer(Rate, useLocking: useLocking),
        "RMSProp" => new RMSPropOptimizer(Rate, momentum: 0.5, useLocking: useLocking),
        "Centered" => new RMSPropOptimizer(Rate, momentum: 0.5, centered: true, useLocking: useLocking),
        "Ftrl" => new FtrlOptimizer(Rate, l1: 0.3, l2: 0.2, useLocking: useLocking),
        "FtrlPower" => new FtrlOptimizer(Rate, learningRatePower: -0.7, initialAccumulatorValue: 0.4, l1: 0.3, useLocking: useLocking),
        "FtrlShrinkage" => new FtrlOptimizer(Rate, l1: 0.3, l2: 0.2, l2Shrinkage: 0.1, useLocking: useLocking, accumulatorName: "accum", linearName: "linear"),
        "ProximalGradientDescent" => new ProximalGradientDescentOptimizer(Rate, 0.3, 0.2, useLocking),
        "ProximalAdagrad" => new ProximalAdagradOptimizer(Rate, l1: 0.3, l2: 0.2, useLocking: useLocking),
        _ => new AdagradDAOptimizer(Rate, step, l1: 0.3, l2: 0.2, useLocking: useLocking),
    };

    private sealed class Rule(string name, int count)
    {
        private readonly double[] _first = [.. Enumerable.Repeat(name switch { "Adagrad" or "ProximalAdagrad" or "Ftrl" or "FtrlShrinkage" => 0.1, "FtrlPower" => 0.4, "RMSProp" or "Centered" => 1.0, _ => 0.0 }, count)];
        private readonly double[] _second = [.. Enumerable.Repeat(name == "AdagradDA" ? 0.1 : 0.0, count)];
        private readonly double[] _third = new double[count];

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
                case "Centered":
                    a += (g * g - a) * 0.1;
                    c += (g - c) * 0.1;
                    b = (0.5 * b) + (Rate * g / Math.Sqrt(a - (c * c) + 1e-10));
                    return v - b;
                case "Ftrl" or "FtrlPower" or "FtrlShrinkage":
                    double power = name == "FtrlPower" ? 0.7 : 0.5, l2 = name == "FtrlPower" ? 0 : 0.2;
                    double n = a + (g * g);
                    b += g + (name == "FtrlShrinkage" ? 0.2 * v : 0) - ((Math.Pow(n, power) - Math.Pow(a, power)) / Rate * v);
                    a = n;
                    return Math.Abs(b) > 0.3 ? ((0.3 * Math.Sign(b)) - b) / ((Math.Pow(n, power) / Rate) + (2 * l2)) : 0;
                case "ProximalGradientDescent":
                    return Shrink(v - (Rate * g), Rate * 0.3) / (1 + (0.2 * Rate));
                case "ProximalAdagrad":
                    a += g * g;
                    double rate = Rate / Math.Sqrt(a);
                    return Shrink(v - (rate * g), rate * 0.3) / (1 + (0.2 * rate));
                case "AdagradDA":
                    a += g;
                    b += g * g;
                    return -Rate * Shrink(a, 0.3 * step) / ((0.2 * step * Rate) + Math.Sqrt(b));
                default:
                    a += (g - a) * 0.1;
                    b += (g * g - b) * 0.001;
                    return v - (Rate * Math.Sqrt(1 - Math.Pow(0.999, step)) / (1 - Math.Pow(0.9, step)) * a / (Math.Sqrt(b) + 1e-8));
            }
        }

        private static double Shrink(double value, double threshold) => Math.Sign(value) * Math.Max(Math.Abs(value) - threshold, 0);
    }
}
