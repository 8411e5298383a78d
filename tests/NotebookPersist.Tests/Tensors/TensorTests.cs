using NotebookPersist.Memory;
using Xunit;

namespace NotebookPersist.Tests.Tensors;

/// <summary>Values, shapes and buffers.</summary>
public sealed class TensorTests
{
    [Fact]
    public void Arrays_of_any_rank_keep_shape_and_order()
    {
        Tensor matrix = new[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal((Shape.Create([2, 3]), DType.Int32), (matrix.Shape, matrix.DType));
        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.ToArray<int>());
        Tensor jagged = new[] { new[] { 1f, 2f }, [3f, 4f] };
        Assert.Equal(Shape.Create([2, 2]), jagged.Shape);
        Assert.Equal(6, ((int[,])matrix.ToNetValue())[1, 2]);
        Assert.Contains("one shape", Assert.Throws<ArgumentException>(() => (Tensor)new[] { new[] { 1f }, [3f, 4f] }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_are_stored_as_utf8()
    {
        Tensor text = new[] { "é", "" };
        Assert.Equal(2, text.Strings[0].Length);
        Assert.Equal("['é', '']", TensorText.Elements(text));
    }

    [Fact]
    public void Reading_as_another_type_is_refused()
    {
        Tensor numbers = new[] { 1f };
        Assert.Contains("float32", Assert.Throws<InvalidOperationException>(() => numbers.Data<int>()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => (float)(Tensor)new[] { 1f, 2f });
    }

    [Theory]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(3.3895314e38f, 0x7F7F)]
    public void Bfloat16_rounds_to_nearest_even(float value, int bits) => Assert.Equal(bits, ((BFloat16)value).Bits);

    [Fact]
    public void Shapes_merge_what_is_known_and_refuse_what_contradicts()
    {
        Shape partial = [-1, 3];
        Assert.Equal(Shape.Create([2, 3]), partial.MergeWith([2, -1]));
        Assert.Equal(partial, partial.MergeWith(Shape.Unknown));
        Assert.False(partial.IsCompatibleWith([2, 4]));
        Assert.Throws<ArgumentException>(() => partial.MergeWith([1, 2, 3]));
        Assert.Equal(("[?,3]", "(?, 3)", "(3,)"), (partial.ToString(), partial.ToPythonString(), (Shape.Create([3])).ToPythonString()));
        Assert.Equal(0, (Shape.Create([0, long.MaxValue, 9])).ElementCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Create([-2]));
    }

    [Fact]
    public void A_pooled_buffer_comes_back_when_its_last_user_lets_go_unless_it_escaped()
    {
        var pool = new BufferPool();
        TensorBuffer first = pool.Rent(100_000);
        first.Retain();
        first.Retain();
        first.Release();
        Assert.Equal(0, pool.HeldByteCount);
        first.Release();
        Assert.InRange(pool.HeldByteCount, 100_000, 112_500);

        TensorBuffer second = pool.Rent(99_000);
        Assert.Equal(0, pool.HeldByteCount);
        second.Retain();
        second.Escape();
        second.Release();
        Assert.Equal(0, pool.HeldByteCount);
    }

    [Fact]
    public void A_tensor_too_large_for_one_buffer_is_refused_before_it_is_allocated()
    {
        Assert.Contains("larger than one buffer", Assert.Throws<ArgumentException>(() => Tensor.Zeros(DType.Float32, [1L << 20, 1L << 20])).Message, StringComparison.Ordinal);
    }
}
