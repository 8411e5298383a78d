using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

/// <summary>Gradients of all operations that can be made from their signature alone: one or two float64 inputs, one output, no further attributes.</summary>
public sealed class EveryOpGradientTests
{
    // Where the usual inputs, between 0 and 1, lie outside an operation's domain.
    private static readonly Dictionary<string, double> Offsets = new(StringComparer.Ordinal) { ["Acosh"] = 1.2, ["Lgamma"] = 0.5, ["Digamma"] = 0.5 };

    public static TheoryData<string, int> Simple()
    {
        var cases = new TheoryData<string, int>();
        foreach (Op op in OpRegistry.BuiltIn.All)
        {
            OpSignature s = op.Signature;
            bool simple = op.Gradient.IsDifferentiable && op.IsPure
                && s.Inputs.Count is 1 or 2 && s.Outputs.Count == 1
                && s.Inputs.Concat(s.Outputs).All(a => a.TypeAttr == "T" && !a.IsList && !a.IsReference)
                && s.Attrs.All(static a => a.Name == "T" || a.Default is not null)
                && s.FindAttr("T")!.AllowedTypes is { Count: > 0 } types && types.Contains(DType.Float64)
                && !Special.Contains(s.Name);
            if (simple)
                cases.Add(s.Name, s.Inputs.Count);
        }

        return cases;
    }

    // Their inputs must fit each other in ways of their own; tests beside them cover them.
    private static readonly HashSet<string> Special = new(StringComparer.Ordinal)
    {
        "MatMul", "BatchMatMul", "BatchMatMulV2", "SparseMatMul", "BiasAdd", "BiasAddV1", "Cross", "MatrixDiag", "Diag", "MatrixDiagPart", "DiagPart",
        "MatrixSetDiag", "BatchMatrixDiag", "BatchMatrixDiagPart", "BatchMatrixSetDiag", "Cholesky", "BatchCholesky", "MatrixSquareRoot",
        "MatrixSolve", "BatchMatrixSolve", "MatrixTriangularSolve", "BatchMatrixTriangularSolve", "BatchMatrixInverse", "BatchMatrixDeterminant",
        "Igamma", "Igammac", "Zeta", "Polygamma", "Betainc", "FFT", "QuantizeAndDequantize", "ApproximateEqual", "TridiagonalSolve", "BandedTriangularSolve",
    };

    [Theory]
    [MemberData(nameof(Simple))]
    public void Gradient_is_what_central_differences_give(string type, int arity)
    {
        double offset = Offsets.GetValueOrDefault(type);
        Tensor x = Tensor.Of<double>([2, 3], [0.31 + offset, 0.52 + offset, 0.73 + offset, 0.24 + offset, 0.45 + offset, 0.66 + offset]);
        if (type.StartsWith("Matrix", StringComparison.Ordinal))
            x = Tensor.Of<double>([2, 2], [0.31, 0.52, 0.93, 0.24]); // Determinants and inverses are those of square matrices.
        Tensor same = Tensor.Of<double>([2, 3], [0.62, 0.17, 0.58, 0.39, 0.81, 0.27]);
        Tensor row = Tensor.Of<double>([3], [0.41, 0.69, 0.23]);
        Output Build(Graph graph, Output[] xs) => graph.AddOperation(type, null, null, [.. xs.Select(static o => (Operand)o)])[0];
        if (arity == 1)
        {
            GradientCheck.Run(type, Build, [x]);
            GradientCheck.Run(type + " of unknown shape", Build, [x], knownShapes: false);
            return;
        }

        GradientCheck.Run(type, Build, [x, same]);
        // TensorFlow's gradient of Atan2 takes operands of one shape only.
        if (type == "Atan2" || !IsElementwiseByBroadcast(type))
            return;
        GradientCheck.Run(type + " broadcast on the right", Build, [x, row]);
        GradientCheck.Run(type + " broadcast on the left", Build, [row, x]);
        GradientCheck.Run(type + " broadcast, of unknown shape", Build, [x, row], knownShapes: false);
    }

    // Operations that TensorFlow 1.15 does not differentiate twice either, and why.
    private static readonly Dictionary<string, string> OnceOnly = new(StringComparer.Ordinal)
    {
        ["Softsign"] = "SoftsignGrad has no gradient",
    };

    [Theory]
    [MemberData(nameof(Simple))]
    public void Second_derivatives_are_what_central_differences_of_the_first_give(string type, int arity)
    {
        if (OnceOnly.ContainsKey(type))
            return;
        double offset = Offsets.GetValueOrDefault(type);
        Tensor x = type.StartsWith("Matrix", StringComparison.Ordinal)
            ? Tensor.Of<double>([2, 2], [0.31, 0.52, 0.93, 0.24])
            : Tensor.Of<double>([2, 3], [0.31 + offset, 0.52 + offset, 0.73 + offset, 0.24 + offset, 0.45 + offset, 0.66 + offset]);
        Tensor same = Tensor.Of<double>([2, 3], [0.62, 0.17, 0.58, 0.39, 0.81, 0.27]);
        Output? First(Graph graph, Output[] xs)
        {
            Output y = graph.AddOperation(type, null, null, [.. xs.Select(static o => (Operand)o)])[0];
            return graph.Gradients([y], [xs[0]])[0];
        }

        var probe = new Graph();
        if (First(probe, [.. Enumerable.Range(0, arity).Select(_ => probe.Placeholder(DType.Float64, x.Shape))]) is null)
            return;
        GradientCheck.Run(type + " twice", (graph, xs) => First(graph, xs)!, arity == 1 ? [x] : [x, same]);
    }

    // Shape rules tell: a row and a matrix either meet, or are refused.
    private static bool IsElementwiseByBroadcast(string type)
    {
        var graph = new Graph();
        try
        {
            Output matrix = graph.Placeholder(DType.Float64, [2, 3]);
            return graph.AddOperation(type, null, null, matrix, graph.Placeholder(DType.Float64, [3]))[0].Shape == [2, 3];
        }
        catch (GraphException)
        {
            return false;
        }
    }
}
