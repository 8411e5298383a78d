using Xunit;

namespace NotebookPersist.Tests.Persistence;

/// <summary>What RestoreV2 says where TensorFlow's own outcome is noted in golden-tf115/corrupt/messages.txt.</summary>
public sealed class RestoreMessageTests
{
    [Theory]
    [InlineData("nope", "checkpoints/v2_strings/nope", "x", DType.Float32, "", "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for")]
    [InlineData("no folder", "checkpoints/nodir/nope", "x", DType.Float32, "", "No such file or directory")]
    [InlineData("a folder", "checkpoints/v2_strings", "x", DType.Float32, "", "Is a directory: perhaps your file is in a different file format")]
    [InlineData("v1 missing key", "checkpoints/v1_all_dtypes/model.ckpt", "nope", DType.Float32, "", "Tensor name \"nope\" not found in checkpoint files")]
    [InlineData("v1 wrong dtype", "checkpoints/v1_all_dtypes/model.ckpt", "dt/double/mat", DType.Float32, "", "Expected to restore a tensor of type float, got a tensor of type double instead: tensor_name = dt/double/mat")]
    [InlineData("v2 wrong dtype", "checkpoints/v2_all_dtypes/model.ckpt", "dt/double/mat", DType.Float32, "", "tensor_name = dt/double/mat; expected dtype float does not equal original dtype double")]
    [InlineData("v2 missing key", "checkpoints/v2_all_dtypes/model.ckpt", "nope", DType.Float32, "", "Key nope not found in checkpoint")]
    [InlineData("v2 wrong full shape", "checkpoints/v2_sliced/model.ckpt", "p/rows", DType.Float32, "10 5 0,3:-", "shape in shape_and_slice spec [10,5] does not match the shape stored in checkpoint: [10,4]")]
    [InlineData("v1 wrong full shape", "checkpoints/v1_sharded/model.ckpt-7-?????-of-00002", "p/rows", DType.Float32, "10 5 0,3:-", "Shape in shape_and_slice spec does not match the shape in the save file: [10,5], save file shape: [10,4]")]
    [InlineData("v2 partial", "checkpoints/v2_sliced_partial/model.ckpt", "p/rows", DType.Float32, "", "Does not have sufficient slices for partitioned tensor p/rows to restore in slice_spec")]
    [InlineData("v2 data missing", "corrupt/v2_data_missing/model.ckpt-1000", "global_step", DType.Int64, "", "No such file or directory")]
    [InlineData("v2 data truncated", "corrupt/v2_data_truncated/model.ckpt-1000", "vgg_16/conv2/conv2_2/weights/Momentum", DType.Float32, "", "Read less bytes than requested")]
    [InlineData("v2 index bit flip", "corrupt/v2_index_bitflip/model.ckpt-1000", "global_step", DType.Int64, "", "block checksum mismatch")]
    [InlineData("v2 index cut", "corrupt/v2_index_truncated/model.ckpt-1000", "global_step", DType.Int64, "", "not an sstable (bad magic number)")]
    [InlineData("v2 index tiny", "corrupt/v2_index_tiny/model.ckpt-1000", "global_step", DType.Int64, "", "file is too short to be an sstable")]
    [InlineData("v1 bit flip", "corrupt/v1_bitflip/model.ckpt", "x", DType.Float32, "", "Failed to find the saved tensor slices at the beginning of the checkpoint file")]
    [InlineData("v1 footer", "corrupt/v1_footer/model.ckpt", "x", DType.Float32, "", "not an sstable (bad magic number)")]
    [InlineData("v2 data bit flip", "corrupt/v2_data_bitflip/model.ckpt-1000", "vgg_16/conv1/conv1_1/weights", DType.Float32, "", "Checksum does not match: stored 3075619116 vs. calculated on the restored bytes 3554718830")]
    [InlineData("v2 length bit flip", "corrupt/v2_string_len_bitflip/model.ckpt", "s/scalar_empty", DType.String, "", "The length checksum does not match: expected 1214729159 but actual is 2701392634")]
    [InlineData("v2 index footer", "corrupt/v2_index_footer_bitflip/model.ckpt-1000", "global_step", DType.Int64, "", "not an sstable (bad magic number)")]
    [InlineData("v2 index empty", "corrupt/v2_index_empty/model.ckpt-1000", "global_step", DType.Int64, "", "file is too short to be an sstable")]
    [InlineData("v1 cut", "corrupt/v1_truncated/model.ckpt", "x", DType.Float32, "", "Unable to open table file")]
    public void The_message_says_what_TensorFlow_says(string what, string prefix, string name, DType dtype, string slice, string words)
    {
        var graph = new Graph();
        string path = Path.Combine(SharedFiles.Golden, prefix);
        Operation restore = graph.RestoreV2(path, [name], [slice], [dtype]);
        using var session = new Session(graph);
        RunException refused = Assert.Throws<RunException>(() => session.Run(restore[0]));
        Assert.True(refused.Message.Contains(words, StringComparison.Ordinal), $"{what}: {refused.Message}");
        Assert.Contains(Path.GetFileName(prefix).Split("-?")[0], refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkpoints/v2_sliced/model.ckpt", "p/rows", DType.Float32, "10 4 2,3:1,2", 3, 2)]
    [InlineData("checkpoints/v2_sliced_partial/model.ckpt", "p/rows", DType.Float32, "10 4 0,3:-", 3, 4)]
    [InlineData("checkpoints/v1_sharded/model.ckpt-7-?????-of-00002", "p/rows", DType.Float32, "10 4 1,7:1,2", 7, 2)]
    [InlineData("checkpoints/v2_all_dtypes/model.ckpt", "dt/double/mat", DType.Float64, "", 2, 3)]
    [InlineData("corrupt/v2_data_bitflip/model.ckpt-1000", "global_step", DType.Int64, "", 0, 0)]
    public void What_TensorFlow_reads_is_read(string prefix, string name, DType dtype, string slice, int rows, int columns)
    {
        var graph = new Graph();
        Operation restore = graph.RestoreV2(Path.Combine(SharedFiles.Golden, prefix), [name], [slice], [dtype]);
        using var session = new Session(graph);
        Tensor read = session.Run(restore[0]);
        Assert.Equal(rows == 0 ? Shape.Scalar : Shape.Create([rows, columns]), read.Shape);
    }
}
