using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>Operations that only later releases have, and attributes that they gave to others.</summary>
public sealed class LaterOperationTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Fact]
    public void The_blank_may_be_the_first_class()
    {
        float[] scores = [.. Enumerable.Range(0, 4 * 2 * 4).Select(static i => MathF.Sin(1.3f * i))];
        float[] turned = [.. Enumerable.Range(0, scores.Length).Select(i => scores[(i / 4 * 4) + ((i + 1) % 4)])];
        Tensor[] Loss(string type, float[] inputs, params int[] labels) => _runs.Run(
            type, null, Tensor.Of<float>([4, 2, 4], inputs), OpRuns.Matrix(2, 0, 0, 0, 1, 1, 0), labels, new[] { 4, 3 });
        Tensor[] first = Loss("CTCLossV2", scores, 1, 2, 3), last = Loss("CTCLoss", turned, 0, 1, 2);
        Assert.Equal(last[0].ToArray<float>(), first[0].ToArray<float>());
        float[] slopes = first[1].ToArray<float>();
        Assert.Equal(last[1].ToArray<float>(), Enumerable.Range(0, slopes.Length).Select(i => slopes[(i / 4 * 4) + ((i + 1) % 4)]));
    }

    [Fact]
    public void The_blank_of_a_greedy_decoder_is_chosen()
    {
        Operand scores = Tensor.Of<float>([3, 1, 3], [9, 0, 0, 0, 9, 0, 0, 0, 9]);
        Tensor[] found = _runs.Run(Imported("CTCGreedyDecoder", [("blank_index", new AttrValue { I = 1 })], scores, new[] { 3 }));
        Assert.Equal([0L, 2], found[1].ToArray<long>());
        Assert.Equal([0L, 1], _runs.Run("CTCGreedyDecoder", null, scores, new[] { 3 })[1].ToArray<long>());
    }

    [Fact]
    public void Spectra_of_float64_are_complex128()
    {
        double[] signal = [1, -2, 3, 0.5, 4];
        (string, AttrValue)[] types = [("Treal", new AttrValue { Type = DataType.DtDouble }), ("Tcomplex", new AttrValue { Type = DataType.DtComplex128 })];
        Operation forward = Imported("RFFT", types, signal, new[] { 5 });
        Assert.Equal(DType.Complex128, forward[0].DType);
        Complex[] found = _runs.Run(forward)[0].ToArray<Complex>();
        for (int k = 0; k < 3; k++)
        {
            Complex sum = Complex.Zero;
            for (int n = 0; n < 5; n++)
                sum += signal[n] * Complex.Exp(new Complex(0, -2 * Math.PI * k * n / 5));
            Assert.True(Complex.Abs(sum - found[k]) < 1e-13, $"{k}: {found[k]} instead of {sum}");
        }

        double[] back = _runs.Run(Imported("IRFFT", types, Tensor.Of<Complex>([3], found), new[] { 5 }))[0].ToArray<double>();
        Assert.Equal(signal.Select(static v => Math.Round(v, 12)), back.Select(static v => Math.Round(v, 12)));
        Assert.Throws<GraphException>(() => Imported("RFFT", [], signal, new[] { 5 }));
    }

    [Fact]
    public void Positions_of_the_largest_may_have_64_bits()
    {
        Operation top = Imported("TopKV2", [("Tk", new AttrValue { Type = DataType.DtInt64 }), ("index_type", new AttrValue { Type = DataType.DtInt64 })], new[] { 3f, 9, 4 }, 2L);
        Tensor[] found = _runs.Run(top);
        Assert.Equal([9f, 4], found[0].ToArray<float>());
        Assert.Equal([1L, 2], found[1].ToArray<long>());
        Operation offsets = Imported("ConcatOffset", [("shape_type", new AttrValue { Type = DataType.DtInt64 })], 1, OpRuns.Longs(2, 3), OpRuns.Longs(2, 5));
        Assert.Equal([0L, 3], _runs.Run(offsets)[1].ToArray<long>());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Gradients_reach_the_bands(bool lower, bool adjoint) => GradientCheck.Run(
        "banded solve",
        (graph, x) => graph.AddOperation("BandedTriangularSolve", null, new() { { "lower", lower }, { "adjoint", adjoint } }, x[0], x[1])[0],
        [Tensor.Of<double>([2, 3], lower ? [2, 3, 4, 0.7, 0.3, -0.4] : [0.7, 0.3, -0.4, 2, 3, 4]), Tensor.Of<double>([3, 2], [1, 2, 3, 4, 5, 6])]);

    [Fact]
    public void Reading_a_stream_gives_the_state_before()
    {
        Output state = _runs.Add("VarHandleOp", new() { { "dtype", DType.Int64 }, { "shape", OpRuns.Sizes(3) }, { "shared_name", "stream" } })[0];
        _runs.Session.Run(_runs.Add("AssignVariableOp", null, state, OpRuns.Longs(5, 6, 7)));
        Tensor Read() => _runs.Run("RngReadAndSkip", null, state, 1, Tensor.Scalar(2UL))[0];
        Assert.Equal([5L, 6, 7], Read().ToArray<long>());
        Assert.Equal([5L + 512, 6, 7], Read().ToArray<long>());
    }

    [Theory]
    [InlineData(true, true, 1.4f, 0f)]
    [InlineData(true, false, 0.3f, 0.2f)]
    [InlineData(false, true, 0.5f, -1f)]
    [InlineData(false, false, 3f, 2f)]
    public void Glimpses_of_the_second_version_begin_at_offsets_that_are_not_centred(bool normalized, bool centered, float y, float x)
    {
        var attributes = new AttributeList { { "centered", centered }, { "normalized", normalized }, { "noise", "zero" }, { "uniform_noise", false } };
        float[] found = _runs.Run("ExtractGlimpseV2", attributes, OpRuns.Ramp(1, 10, 12, 1), new[] { 2, 3 }, Tensor.Of<float>([1, 2], [y, x]))[0].ToArray<float>();
        float top = (normalized, centered) switch
        {
            (true, true) => (y * 10 / 2) + 5 - 1,
            (true, false) => y * 10,
            (false, true) => y + 5,
            _ => y,
        };
        float left = (normalized, centered) switch
        {
            (true, true) => (x * 12 / 2) + 6 - 1.5f,
            (true, false) => x * 12,
            (false, true) => x + 6,
            _ => x,
        };
        float At(int row, int column) => row < 10 && column < 12 ? (row * 12) + column : 0;
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => At((int)top + (i / 3), (int)left + (i % 3)))], found);
    }

    [Fact]
    public void Counts_are_sparse()
    {
        Operand none = Constant(Tensor.Of<float>([0], []));
        AttributeList Attributes(bool once, long least = -1, long most = -1) => new() { { "binary_output", once }, { "minlength", least }, { "maxlength", most } };
        Tensor[] found = _runs.Run("DenseCountSparseOutput", Attributes(false), Constant(Tensor.Of<int>([2, 3], [1, 1, 0, 5, 2, 5])), none);
        Assert.Equal([0L, 0, 0, 1, 1, 2, 1, 5], found[0].ToArray<long>());
        Assert.Equal([1f, 2, 1, 2], found[1].ToArray<float>());
        Assert.Equal([2L, 6], found[2].ToArray<long>());
        found = _runs.Run("DenseCountSparseOutput", Attributes(true, least: 9, most: 5), new[] { 1, 1, 0, 7 }, none);
        Assert.Equal([0L, 1], found[0].ToArray<long>());
        Assert.Equal([1f, 1], found[1].ToArray<float>());
        Assert.Equal([5L], found[2].ToArray<long>());
        found = _runs.Run("RaggedCountSparseOutput", Attributes(false, least: 4), OpRuns.Longs(0, 0, 3), new[] { 2, 1, 2 }, new[] { 0.5f, 1, 2 });
        Assert.Equal([1L, 1, 1, 2], found[0].ToArray<long>());
        Assert.Equal([1f, 2.5f], found[1].ToArray<float>());
        Assert.Equal([2L, 4], found[2].ToArray<long>());
        found = _runs.Run("SparseCountSparseOutput", Attributes(false), OpRuns.Matrix(2, 0, 0, 2, 5, 2, 7), new[] { 3, 1, 1 }, OpRuns.Longs(3, 9), none);
        Assert.Equal([0L, 3, 2, 1], found[0].ToArray<long>());
        Assert.Equal([3L, 4], found[2].ToArray<long>());
        Assert.Throws<RunException>(() => _runs.Run("DenseCountSparseOutput", Attributes(false), new[] { -1 }, none));
        Assert.Throws<RunException>(() => _runs.Run("RaggedCountSparseOutput", Attributes(false), OpRuns.Longs(0, 5), new[] { 1 }, none));
        Assert.Throws<RunException>(() => _runs.Run("SparseCountSparseOutput", Attributes(false), OpRuns.Matrix(2, 9, 0), new[] { 3 }, OpRuns.Longs(3, 9), none));
    }

    [Fact]
    public void Vectors_of_matrices_are_stretched_by_their_values()
    {
        double[] numbers = [1, 2, 0, -3, 0.5, 1, 4, -1, 2, 0, -1, 0, 1, 0, 0, 0, 0, 2];
        var matrices = Tensor.Of<double>([2, 3, 3], numbers);
        (Output values, Output vectors) = _runs.Graph.Eig(_runs.Graph.Constant(matrices));
        Tensor[] found = _runs.Run(values.Operation);
        Complex[] e = found[0].ToArray<Complex>(), v = found[1].ToArray<Complex>();
        for (int m = 0; m < 2; m++)
        {
            for (int k = 0; k < 3; k++)
            {
                double length = 0;
                for (int row = 0; row < 3; row++)
                {
                    Complex product = Complex.Zero;
                    for (int i = 0; i < 3; i++)
                        product += numbers[(m * 9) + (row * 3) + i] * v[(m * 9) + (i * 3) + k];
                    Assert.True(Complex.Abs(product - (e[(m * 3) + k] * v[(m * 9) + (row * 3) + k])) < 1e-12);
                    length += Math.Pow(Complex.Abs(v[(m * 9) + (row * 3) + k]), 2);
                }

                Assert.Equal(1, length, 12);
            }
        }

        Assert.Equal(vectors.Shape, found[1].Shape);
        // A quarter turn of two axes has i and -i.
        Assert.Equal([-1d, 0, 1], e[3..].Select(static v => Math.Round(v.Imaginary, 9)).Order());
        Assert.Equal([0d, 0, 2], e[3..].Select(static v => Math.Round(v.Real, 9)).Order());
    }

    [Fact]
    public void Gradients_go_through_eigenvalues_and_lengths_of_vectors()
    {
        var matrix = Tensor.Of<double>([3, 3], [1, 2, 0, -3, 0.5, 1, 4, -1, 2]);
        GradientCheck.Run("eigenvalues", (graph, x) => graph.ComplexAbs(graph.ReduceSum(graph.Square(graph.Eig(x[0], computeVectors: false).Values))), [matrix]);
        // The size of a vector's parts does not depend on its angle, which is free.
        GradientCheck.Run("eigenvectors", (graph, x) => graph.ReduceSum(graph.Square(graph.ComplexAbs(graph.Eig(x[0]).Vectors)), [1]), [matrix]);
    }

    [Fact]
    public void Numbers_are_rounded_in_ranges_of_their_own_along_an_axis()
    {
        var attributes = new AttributeList { { "axis", 1L }, { "range_given", true } };
        float[] found = _runs.Run("QuantizeAndDequantizeV4", attributes, Constant(Tensor.Of<float>([2, 2], [1.3f, 9.1f, -3, 40])), new[] { -1.28f, -12.8f }, new[] { 1.27f, 12.7f })[0].ToArray<float>();
        float[] expected = [1.27f, 9.1f, -1.28f, 12.7f];
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], found[i], 5);
        Tensor[] slopes = _runs.Run(
            "QuantizeAndDequantizeV4Grad", new() { { "axis", 1L } }, Constant(Tensor.Of<float>([2, 2], [1, 2, 3, 4])), Constant(Tensor.Of<float>([2, 2], [1.3f, 9.1f, -1, 40])), new[] { -1.28f, -12.8f }, new[] { 1.27f, 12.7f });
        Assert.Equal([0f, 2, 3, 0], slopes[0].ToArray<float>());
        Assert.Equal([0f, 0], slopes[1].ToArray<float>());
    }

    [Fact]
    public void Slices_of_variables_grow_to_the_largest()
    {
        Output cell = _runs.Add("VariableV2", new() { { "dtype", DType.Int32 }, { "shape", OpRuns.Sizes(3, 2) } })[0];
        _runs.Session.Run(_runs.Add("Assign", null, cell, new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }));
        Operand rows = Constant(OpRuns.Matrix(1, 2, 0));
        Assert.Equal([1, 9, 3, 4, 7, 6], _runs.Run("ScatterNdMax", null, cell, rows, new[,] { { 7, 0 }, { 0, 9 } })[0].ToArray<int>());
        Assert.Equal([1, 2, 3, 4, 5, 5], _runs.Run("ScatterNdMin", null, cell, rows, new[,] { { 5, 5 }, { 2, 2 } })[0].ToArray<int>());
        Output handle = _runs.Add("VarHandleOp", new() { { "dtype", DType.Int32 }, { "shape", OpRuns.Sizes(2) }, { "shared_name", "resource" } })[0];
        _runs.Session.Run(_runs.Add("AssignVariableOp", null, handle, new[] { 4, 5 }));
        _runs.Session.Run(_runs.Add("ResourceScatterNdMax", null, handle, new[,] { { 1 } }, new[] { 8 }));
        _runs.Session.Run(_runs.Add("ResourceScatterNdMin", null, handle, new[,] { { 0 } }, new[] { 3 }));
        Assert.Equal([3, 8], _runs.Run("ReadVariableOp", new() { { "dtype", DType.Int32 } }, handle)[0].ToArray<int>());
    }

    [Fact]
    public void Conditions_may_be_of_any_type()
    {
        bool IsTrue(Operand value) => (bool)_runs.Run("ToBool", null, value)[0];
        Assert.True(IsTrue(3f) && IsTrue("x") && IsTrue(-1L) && IsTrue(new[] { 0 }));
        Assert.False(IsTrue(-0f) || IsTrue("") || IsTrue(0) || IsTrue(Array.Empty<float>()));
    }

    [Fact]
    public void Segments_spread_back_to_rows()
    {
        float[] found = _runs.Run("SparseSegmentSumGrad", null, new[,] { { 1f, 2 }, { 3, 4 } }, new[] { 2, 0, 2 }, new[] { 0, 0, 1 }, 3)[0].ToArray<float>();
        Assert.Equal([1f, 2, 0, 0, 4, 6], found);
    }

    public void Dispose() => _runs.Dispose();

    // Attributes that our own definition lacks come with a file.
    private Operation Imported(string type, (string Name, AttrValue Value)[] attributes, params Operand[] inputs)
    {
        var scratch = new Graph();
        string[] names = [.. inputs.Select((o, i) => $"input{_runs.Graph.Operations.Count}_{i}")];
        for (int i = 0; i < inputs.Length; i++)
            scratch.Constant(inputs[i].Value!, name: names[i]);
        GraphDef file = scratch.ToGraphDef();
        var node = new NodeDef { Name = $"later{_runs.Graph.Operations.Count}", Op = type };
        node.Input.AddRange(names);
        if (OpRegistry.BuiltIn.TryGet(type, out Op? op) && op.Signature.FindAttr("T") is not null && op.Signature.FindAttr("T")!.Default is null)
            node.Attr["T"] = new AttrValue { Type = DataType.DtFloat };
        if (type == "ConcatOffset")
            node.Attr["N"] = new AttrValue { I = inputs.Length - 1 };
        foreach ((string name, AttrValue value) in attributes)
            node.Attr[name] = value;
        file.Node.Add(node);
        _runs.Graph.ImportGraphDef(file, "");
        return _runs.Graph.GetOperationByName(node.Name);
    }

    private Operand Constant(Tensor value) => _runs.Graph.Constant(value);
}
