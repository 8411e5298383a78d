using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

public sealed class MathsTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Operators_make_the_nodes_that_Python_makes()
    {
        Output x = _graph.Placeholder(DType.Float32, [2], "x");
        Output y = (x * 2) + 10;
        Assert.Equal("AddV2", y.Operation.Type);
        Assert.Equal("add:0", y.Name);
        Assert.Equal("add/y", y.Operation.Inputs[1].Operation.Name);
        Assert.Equal("mul/y", y.Operation.Inputs[0].Operation.Inputs[1].Operation.Name);
        Assert.Equal("sub/x", (1 - x).Operation.Inputs[0].Operation.Name);
        Assert.Equal("truediv:0", (x / x).Name);
        Assert.Equal("Neg:0", (-x).Name);
        Assert.Equal("Greater/y", (x > 1).Operation.Inputs[1].Operation.Name);
    }

    [Fact]
    public void Dividing_integers_casts_them_to_float64_first()
    {
        Output quotient = Constant([7, -7]) / 2;
        Assert.Equal(DType.Float64, quotient.DType);
        Assert.Equal("truediv/Cast", quotient.Operation.Inputs[0].Operation.Name);
        Assert.Equal([3.5, -3.5], Value<double>(quotient));
    }

    [Fact]
    public void Operands_of_any_ranks_broadcast()
    {
        Output column = _graph.Constant(new float[,] { { 10 }, { 20 }, { 30 } });
        Output row = _graph.Constant(new float[] { 1, 2 });
        Output sum = _graph.Add(column, row);
        Assert.Equal((Shape)new long[] { 3, 2 }, sum.Shape);
        Assert.Equal([11, 12, 21, 22, 31, 32], Value<float>(sum));
        Assert.Equal([-9, -8, -19, -18, -29, -28], Value<float>(row - column));
    }

    [Fact]
    public void A_middle_dimension_broadcasts()
    {
        float[,,] values = new float[2, 1, 300];
        float[,,] others = new float[1, 2, 300];
        values[1, 0, 299] = 5;
        others[0, 1, 299] = 7;
        float[] sum = Value<float>(_graph.Add(_graph.Constant(values), _graph.Constant(others)));
        Assert.Equal([0, 7, 5, 12], new[] { sum[299], sum[599], sum[899], sum[1199] });
    }

    [Fact]
    public void Integer_division_rounds_down_and_its_remainder_takes_the_divisors_sign()
    {
        Assert.Equal([-4, 3, -4, 3], Value<int>(_graph.FloorDivide(Constant([-7, 7, 7, -7]), Constant([2, 2, -2, -2]))));
        Assert.Equal([1, 1, -1, -1], Value<int>(_graph.FloorMod(Constant([-7, 7, 7, -7]), Constant([2, 2, -2, -2]))));
        Assert.Equal([-1, 1, 1, -1], Value<int>(_graph.TruncateMod(Constant([-7, 7, 7, -7]), Constant([2, 2, -2, -2]))));
    }

    [Fact]
    public void Rounding_takes_the_even_of_two_near_numbers()
    {
        Assert.Equal([-2, -0f, 0, 2, 2], Value<float>(_graph.Round(_graph.Constant(new[] { -1.5f, -0.5f, 0.5f, 1.5f, 2.5f }))));
    }

    [Fact]
    public void A_reduction_over_all_axes_names_its_constant_as_Python_does()
    {
        Output mean = _graph.ReduceMean(_graph.Constant(new float[,] { { 1, 2 }, { 3, 6 } }, name: "x"));
        Assert.Equal("Mean:0", mean.Name);
        Assert.Equal("Const", mean.Operation.Inputs[1].Operation.Name);
        Assert.Equal([3], Value<float>(mean));
        Output sum = _graph.ReduceSum(mean.Operation.Inputs[0], -1, keepDims: true);
        Assert.Equal("Sum/reduction_indices", sum.Operation.Inputs[1].Operation.Name);
        Assert.Equal((Shape)new long[] { 2, 1 }, sum.Shape);
        Assert.Equal([3, 9], Value<float>(sum));
    }

    [Fact]
    public void Outer_and_inner_axes_reduce_together()
    {
        int[,,] values = new int[2, 3, 2];
        for (int i = 0; i < 12; i++)
            values[i / 6, i / 2 % 3, i % 2] = i;
        Output x = _graph.Constant(values);
        Assert.Equal([14, 22, 30], Value<int>(_graph.ReduceSum(x, new[] { 0, 2 })));
        Assert.Equal([4, 5, 10, 11], Value<int>(_graph.ReduceMax(x, 1)));
        Assert.Equal([6, 8, 10, 12, 14, 16], Value<int>(_graph.ReduceSum(x, 0)));
    }

    [Fact]
    public void Reductions_of_nothing_have_their_neutral_value()
    {
        Output empty = _graph.Constant(new float[0, 2]);
        Assert.Equal([0, 0], Value<float>(_graph.ReduceSum(empty, 0)));
        Assert.Equal([1, 1], Value<float>(_graph.ReduceProd(empty, 0)));
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], Value<float>(_graph.ReduceMax(empty, 0)));
        Assert.True(float.IsNaN(Value<float>(_graph.ReduceMean(empty, 0))[0]));
    }

    [Theory]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(1.0, 0.8427007929497149)]
    [InlineData(-2.5, -0.9995930479825550)]
    [InlineData(7.0, 1.0)]
    public void The_error_function_is_exact_to_double_precision(double x, double expected)
    {
        Assert.Equal(expected, Value<double>(_graph.Erf(_graph.Constant(x, DType.Float64)))[0], 13);
    }

    [Fact]
    public void Special_functions_have_their_known_values()
    {
        Assert.Equal(Math.Log(24), Value<double>(_graph.Lgamma(_graph.Constant(5.0, DType.Float64)))[0], 12);
        Assert.Equal(-0.5772156649015329, Value<double>(_graph.Digamma(_graph.Constant(1.0, DType.Float64)))[0], 12);
        Assert.Equal(Math.PI * Math.PI / 6, Value<double>(_graph.Zeta(_graph.Constant(2.0, DType.Float64), 1))[0], 12);
        Assert.Equal(1 - Math.Exp(-2), Value<double>(_graph.Igamma(_graph.Constant(1.0, DType.Float64), 2))[0], 12);
        Assert.Equal(0.5, Value<double>(_graph.Betainc(_graph.Constant(2.0, DType.Float64), 2, 0.5))[0], 12);
    }

    [Fact]
    public void Broadcast_gradient_arguments_name_the_axes_of_size_one()
    {
        Operation args = _graph.AddOperation("BroadcastGradientArgs", null, null, new[] { 4, 1, 3 }, new[] { 2, 1 });
        Assert.Equal([1], Value<int>(args[0]));
        Assert.Equal([0, 2], Value<int>(args[1]));
    }

    [Fact]
    public void Unique_keeps_the_order_of_first_appearance()
    {
        (Output values, Output indices, Output counts) = _graph.UniqueWithCounts(Constant([3, 1, 3, 2, 1, 3]));
        Assert.Equal([3, 1, 2], Value<int>(values));
        Assert.Equal([0, 1, 0, 2, 1, 0], Value<int>(indices));
        Assert.Equal([3, 2, 1], Value<int>(counts));
    }

    [Fact]
    public void Top_k_takes_the_first_of_equal_numbers()
    {
        (Output values, Output indices) = _graph.TopK(_graph.Constant(new float[,] { { 1, 5, 5, 2 }, { 9, 0, 1, 9 } }), 2);
        Assert.Equal([5, 5, 9, 9], Value<float>(values));
        Assert.Equal([1, 2, 0, 3], Value<int>(indices));
    }

    [Fact]
    public void Segments_without_rows_are_zero()
    {
        Output data = _graph.Constant(new float[] { 1, 2, 3, 4 });
        Assert.Equal([3, 0, 7], Value<float>(_graph.SegmentSum(data, new[] { 0, 0, 2, 2 })));
        Assert.Equal([5, 0], Value<float>(_graph.UnsortedSegmentSum(data, new[] { 0, -1, -1, 0 }, 2)));
    }

    [Fact]
    public void Matrices_have_inverses_and_determinants()
    {
        Output matrix = _graph.Constant(new double[,] { { 0, 2 }, { 4, 1 } });
        Assert.Equal([-0.125, 0.25, 0.5, 0], Value<double>(_graph.MatrixInverse(matrix)));
        Assert.Equal(-8, Value<double>(_graph.MatrixDeterminant(matrix))[0], 12);
        Assert.Equal([0, 2, 4, 7], Value<double>(_graph.MatrixSetDiag(matrix, new double[] { 0, 7 })));
    }

    [Fact]
    public void Floats_cast_to_integers_are_cut_off_and_wrap_where_narrow()
    {
        Output x = _graph.Constant(new[] { 1.9f, -1.9f, 300f, float.NaN });
        Assert.Equal([1, -1, 300, int.MinValue], Value<int>(_graph.Cast(x, DType.Int32)));
        Assert.Equal([(byte)1, (byte)255, (byte)44, (byte)0], Value<byte>(_graph.Cast(x, DType.UInt8)));
        Assert.Equal([true, true, true, true], Value<bool>(_graph.Cast(x, DType.Bool)));
    }

    [Fact]
    public void Bfloat16_is_computed_in_float32_and_rounded()
    {
        Output x = _graph.Cast(_graph.Constant(new[] { 1f, 3f }), DType.BFloat16);
        Assert.Equal([1.0078125f, 3], Value<float>(_graph.Cast(x + _graph.Cast(_graph.Constant(0.0078125f), DType.BFloat16), DType.Float32)));
    }

    private Output Constant(int[] values) => _graph.Constant(values);

    private static T[] Value<T>(Output output)
        where T : unmanaged => ConstantValues.Of(output)!.ToArray<T>();
}
