using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Notebooks;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Comparing;

public sealed class ModelDiffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_is_identical_to_itself_in_every_type()
    {
        foreach (string name in new[] { "v2_all_dtypes", "v2_strings", "v2_sliced", "v2_only_empty_tensor", "v1_all_dtypes", "v1_special_floats" })
        {
            string path = SharedFiles.Path($"golden-tf115/checkpoints/{name}") + "/model.ckpt";
            ModelDiff diff = ModelDiff.Of(path, path);
            Assert.True(diff.IsIdentical, diff.ToString());
            Assert.NotEmpty(diff.Tensors);
            Assert.All(diff.Tensors, static t => Assert.Equal(TensorChange.Same, t.Change));
        }
    }

    [Fact]
    public void Names_steer_no_terminal_and_end_no_line()
    {
        Write("a", ("gone\u001b[31m", new float[] { 1 }), ("moved\n+ forged", new float[] { 2, 7 }), ("other\u0007", new float[] { 3 }));
        Write("b", ("new\u0000", new float[] { 4, 5, 6 }), ("now\r", new float[] { 2, 7 }), ("other\u0007", new float[] { 8 }));
        string text = ModelDiff.Of(_folder["a"], _folder["b"]).ToString();
        Assert.DoesNotContain(text, static c => char.IsControl(c) && c != '\n');
        Assert.Contains("\n- gone\\x1b[31m  ", text, StringComparison.Ordinal);
        Assert.Contains("\n+ new\\x00  ", text, StringComparison.Ordinal);
        Assert.Contains("\n> moved\\x0a+ forged -> now\\x0d  ", text, StringComparison.Ordinal);
        Assert.Contains("\n~ other\\x07  ", text, StringComparison.Ordinal);

        WriteGraph("a.pb", new NodeDef { Name = "y", Op = "Identity", Input = { "x\u001b[2J" } });
        WriteGraph("b.pb", new NodeDef { Name = "y", Op = "Identity", Input = { "x\n" } });
        string nodes = ModelDiff.Of(_folder["a.pb"], _folder["b.pb"]).ToString();
        Assert.Contains("inputs (x\\x1b[2J) -> (x\\x0a)", nodes, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_measured()
    {
        TensorDifference t = One(new float[] { 3, 4, 0 }, new float[] { 3, 4, 1 });
        Assert.Equal(TensorChange.Changed, t.Change);
        Assert.Equal(0.2, t.Distance!.Value.RelativeL2, 12);
        Assert.Equal(1, t.Distance.Value.Greatest);
        Assert.Equal(25 / (5 * Math.Sqrt(26)), t.Distance.Value.Cosine, 12);
        Assert.Equal(1, t.DifferingCount);
    }

    [Fact]
    public void Not_a_number_equals_itself_and_is_counted_where_it_is_on_one_side()
    {
        float nan = float.NaN, other = BitConverter.UInt32BitsToSingle(0xFFC00001), infinity = float.PositiveInfinity;
        Assert.Equal(TensorChange.Close, One(new[] { nan, 1f, infinity }, new[] { other, 1f, infinity }).Change);
        TensorDifference t = One(new[] { nan, 1f, infinity, 2f }, new[] { 1f, 1f, -infinity, 2f });
        Assert.Equal((TensorChange.Changed, 2L, 2L), (t.Change, t.Distance!.Value.NonFinite, t.DifferingCount));
        Assert.Equal(0, t.Distance.Value.RelativeL2);
    }

    [Fact]
    public void Extreme_magnitudes_do_not_leave_the_range()
    {
        Assert.Equal(1, One(new[] { 1e300, 1e300 }, new[] { 2e300, 2e300 }).Distance!.Value.RelativeL2, 12);
        Assert.Equal(1, One(new[] { 1e-300 }, new[] { 2e-300 }).Distance!.Value.RelativeL2, 12);
        Assert.Equal(1e300, One(new[] { 1e300 }, new[] { 2e300 }).Distance!.Value.Greatest);
        Assert.Equal(double.PositiveInfinity, One(new[] { 0f }, new[] { 1f }).Distance!.Value.RelativeL2);
    }

    [Fact]
    public void Integers_beyond_doubles_differ_exactly()
    {
        TensorDifference t = One(new[] { long.MaxValue, 5 }, new[] { long.MaxValue - 1, 5 });
        Assert.Equal((TensorChange.Changed, 1L, 1.0), (t.Change, t.DifferingCount, t.Distance!.Value.Greatest));
    }

    [Fact]
    public void Strings_are_counted()
    {
        TensorDifference t = One(Strings("a", "b"), Strings("a", "c"));
        Assert.Equal((TensorChange.Changed, 1L), (t.Change, t.DifferingCount));
        Assert.Null(t.Distance);
    }

    [Fact]
    public void Types_and_shapes_that_differ_are_told()
    {
        Assert.Equal(TensorChange.Retyped, One(new[] { 1f, 2f }, Tensor.Of<BFloat16>(new[] { 2L }, [(BFloat16)1f, (BFloat16)2f])).Change);
        TensorDifference t = One(new float[,] { { 1, 2 }, { 3, 4 } }, new float[] { 1, 2, 3, 4 });
        Assert.Equal((TensorChange.Reshaped, true), (t.Change, t.HasSameElements));
        Assert.Equal(TensorChange.Same, One(Tensor.Zeros(DType.Float32, new[] { 0L, 3L }), Tensor.Zeros(DType.Float32, new[] { 0L, 3L })).Change);
    }

    [Fact]
    public void The_tolerance_decides_what_is_close()
    {
        Write("a", ("x", new[] { 1f, 2f }));
        Write("b", ("x", new[] { 1f, 2.001f }));
        Assert.False(ModelDiff.Of(_folder["a"], _folder["b"]).IsIdentical);
        ModelDiff diff = ModelDiff.Of(_folder["a"], _folder["b"], new DiffOptions { Tolerance = 0.01 });
        Assert.True(diff.IsIdentical);
        Assert.Equal(1, diff.Count(TensorChange.Close));
    }

    [Fact]
    public void Renamed_tensors_are_found_where_there_is_one_answer()
    {
        Write("a", ("vgg/c1/w", new[] { 1f, 2f }), ("vgg/c1/b", new[] { 0f }), ("vgg/c2/w", new[] { 3f, 4f }), ("vgg/c2/b", new[] { 0f }), ("lost", new[] { 9 }));
        Write("b", ("net/c1/w", new[] { 1f, 2f }), ("net/c1/b", new[] { 0f }), ("net/c2/w", new[] { 3f, 4f }), ("net/c2/b", new[] { 0f }), ("new", new[] { 8 }));
        ModelDiff diff = ModelDiff.Of(_folder["a"], _folder["b"]);
        Assert.Equal(
            ["vgg/c1/b>net/c1/b", "vgg/c1/w>net/c1/w", "vgg/c2/b>net/c2/b", "vgg/c2/w>net/c2/w"],
            diff.Tensors.Where(static t => t.Change == TensorChange.Renamed).Select(static t => $"{t.Name}>{t.NewName}"));
        Assert.Equal((1, 1), (diff.Count(TensorChange.Added), diff.Count(TensorChange.Removed)));
    }

    [Fact]
    public void Alike_tensors_without_a_scope_to_tell_them_are_not_guessed()
    {
        Write("a", ("p", new[] { 0f }), ("q", new[] { 0f }));
        Write("b", ("r", new[] { 0f }), ("s", new[] { 0f }));
        Assert.Equal(0, ModelDiff.Of(_folder["a"], _folder["b"]).Count(TensorChange.Renamed));
    }

    [Fact]
    public void A_partitioned_tensor_equals_the_whole()
    {
        Write("a", ("x", new float[,] { { 1, 2 }, { 3, 4 } }));
        using (BundleWriter writer = BundleWriter.Create(_folder["b"]))
        {
            Shape full = new[] { 2L, 2L };
            writer.Add("x", full, TensorSlice.Parse("0,1:-"), new float[,] { { 1, 2 } });
            writer.Add("x", full, TensorSlice.Parse("1,1:-"), new float[,] { { 3, 4 } });
            writer.Finish();
        }

        Assert.True(ModelDiff.Of(_folder["a"], _folder["b"]).IsIdentical);
    }

    [Fact]
    public void A_damaged_tensor_does_not_hide_the_others()
    {
        Write("a", ("x", new[] { 1f }), ("y", new[] { 2f }));
        Write("b", ("x", new[] { 1f }), ("y", new[] { 2f }));
        byte[] data = File.ReadAllBytes(_folder["b.data-00000-of-00001"]);
        data[0] ^= 1;
        File.WriteAllBytes(_folder["b.data-00000-of-00001"], data);
        ModelDiff diff = ModelDiff.Of(_folder["a"], _folder["b"]);
        Assert.Equal((1, 1), (diff.Count(TensorChange.Unreadable), diff.Count(TensorChange.Same)));
    }

    [Fact]
    public void A_frozen_model_is_compared_with_the_checkpoint_of_its_variables()
    {
        Write("a", ("w", new[] { 1f, 2f }), ("global_step", 7L));
        WriteGraph("f.pb", Const("w", new[] { 1f, 2f }), Const("axis", 3));
        ModelDiff diff = ModelDiff.Of(_folder["a"], _folder["f.pb"]);
        Assert.Equal((1, 1, 0, 1), (diff.Count(TensorChange.Same), diff.Count(TensorChange.Removed), diff.Count(TensorChange.Added), diff.OtherConstantCount));
        Assert.Null(diff.Nodes);
    }

    [Fact]
    public void Graphs_are_compared_by_node()
    {
        NodeDef relu = new() { Name = "r", Op = "Relu", Input = { "x:0" }, Attr = { ["T"] = new AttrValue { Type = DataType.DtFloat } } };
        NodeDef same = relu.Clone();
        same.Input[0] = "x";
        same.Attr["_note"] = new AttrValue { I = 1 };
        NodeDef other = relu.Clone();
        other.Input[0] = "y";
        Assert.True(ModelDiff.Of(Graph(Const("x", 1f), relu), Graph(same, Const("x", 1f))).IsIdentical);
        ModelDiff diff = ModelDiff.Of(Graph(Const("x", 1f), relu), Graph(Const("x", 1f), other, Const("y", 1f)));
        Assert.Equal(["r Changed", "y Added"], diff.Nodes!.Select(static n => $"{n.Name} {n.Change}"));
        Assert.Contains("inputs (x:0) -> (y)", diff.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_that_are_left_out_are_no_difference()
    {
        NodeDef with = new() { Name = "m", Op = "MatMul", Input = { "x", "x" }, Attr = { ["T"] = new AttrValue { Type = DataType.DtFloat }, ["transpose_a"] = new AttrValue { B = false } } };
        NodeDef without = with.Clone();
        without.Attr.Remove("transpose_a");
        Assert.True(ModelDiff.Of(Graph(with), Graph(without)).IsIdentical);
    }

    [Fact]
    public void Real_models_of_every_kind_equal_themselves()
    {
        foreach (string path in SharedFiles.Enumerate("fixtures/frozen", "*.pb").Where(static p => new FileInfo(p).Length < 1 << 20).Take(20).Concat(SharedFiles.Enumerate("fixtures/metagraph", "*.meta").Take(5)))
        {
            ModelDiff diff = ModelDiff.Of(path, path);
            Assert.True(diff.IsIdentical, diff.ToString());
            Assert.True(diff.SameNodeCount > 0);
        }

        string model = SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-v2/00000123");
        Assert.True(ModelDiff.Of(model, model).IsIdentical);
        Assert.True(ModelDiff.Of(model + "/variables/variables", model).Count(TensorChange.Same) > 0);
    }

    [Fact]
    public void Equal_tensors_are_identical_and_counts_read_as_words()
    {
        Write("a", ("x", new[] { 1f }), ("y", new[] { 1f }));
        Write("b", ("x", new[] { 1f }), ("y", new[] { 2f }));
        Assert.Equal("2 tensors identical", ModelDiff.Of(_folder["a"], _folder["a"]).Summary());
        ModelDiff diff = ModelDiff.Of(_folder["a"], _folder["b"]);
        Assert.Equal("1 tensor changed, 1 identical", diff.Summary());
        Assert.Contains("1 element differs", diff.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_display_is_bounded_and_marks_the_frozen()
    {
        Write("m-1", [.. Enumerable.Range(0, 500).Select(static i => ($"t{i}", (Tensor)new[] { (float)i, 1 })), ("same", new[] { 1f })]);
        Write("m-2", [.. Enumerable.Range(0, 500).Select(static i => ($"t{i}", (Tensor)new[] { i + 1f, 1 })), ("same", new[] { 1f })]);
        Assert.True(Displays.TryRender(ModelDiff.Of(_folder["m-1"], _folder["m-2"]), out MimeBundle? bundle));
        Assert.Contains("1 frozen", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("and 400 more", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("and 400 more", bundle.Text, StringComparison.Ordinal);
        Assert.True(bundle.Html!.Length < 100_000);
    }

    private static Tensor Strings(params string[] values) => Tensor.OfStrings(new[] { (long)values.Length }, [.. values.Select(System.Text.Encoding.UTF8.GetBytes)]);

    private static NodeDef Const(string name, Tensor value) => new()
    {
        Name = name,
        Op = "Const",
        Attr = { ["dtype"] = new AttrValue { Type = (DataType)value.DType }, ["value"] = new AttrValue { Tensor = TensorProtos.Encode(value) } },
    };

    private static GraphDef Graph(params NodeDef[] nodes)
    {
        var graph = new GraphDef();
        graph.Node.Add(nodes);
        return graph;
    }

    private TensorDifference One(Tensor a, Tensor b)
    {
        Write("a", ("x", a));
        Write("b", ("x", b));
        return Assert.Single(ModelDiff.Of(_folder["a"], _folder["b"]).Tensors);
    }

    private void Write(string name, params (string Name, Tensor Value)[] tensors)
    {
        using BundleWriter writer = BundleWriter.Create(_folder[name]);
        foreach ((string tensor, Tensor value) in tensors)
            writer.Add(tensor, value);
        writer.Finish();
    }

    private void WriteGraph(string name, params NodeDef[] nodes) => File.WriteAllBytes(_folder[name], Graph(nodes).ToByteArray());
}
