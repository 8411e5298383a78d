using System.Reflection;
using Xunit;

namespace NotebookPersist.Tests.Conventions;

/// <summary>The members of TensorFlow 1.15's modules that the facade has under their own names.</summary>
public sealed class ModuleNamesTests
{
    [Theory]
    [InlineData(
        typeof(tf.Image),
        "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation central_crop combined_non_max_suppression convert_image_dtype crop_and_resize crop_to_bounding_box decode_bmp decode_gif decode_image "
        + "decode_jpeg decode_png draw_bounding_boxes encode_jpeg encode_png extract_glimpse extract_image_patches extract_jpeg_shape flip_left_right flip_up_down grayscale_to_rgb hsv_to_rgb image_gradients is_jpeg "
        + "non_max_suppression non_max_suppression_overlaps non_max_suppression_padded non_max_suppression_with_scores pad_to_bounding_box per_image_standardization psnr random_brightness random_contrast "
        + "random_flip_left_right random_flip_up_down random_hue random_saturation resize resize_area resize_bicubic resize_bilinear resize_image_with_crop_or_pad resize_image_with_pad resize_images "
        + "resize_nearest_neighbor resize_with_crop_or_pad rgb_to_grayscale rgb_to_hsv rgb_to_yiq rgb_to_yuv rot90 sample_distorted_bounding_box sobel_edges ssim ssim_multiscale total_variation transpose "
        + "transpose_image yiq_to_rgb yuv_to_rgb resize_method")]
    [InlineData(
        typeof(tf.Linalg),
        "adjoint band_part cholesky cholesky_solve cross det diag diag_part eigh eigvalsh einsum expm eye global_norm inv l2_normalize logdet logm lstsq lu matmul matvec qr set_diag slogdet solve sqrtm svd "
        + "tensor_diag tensor_diag_part transpose triangular_solve tridiagonal_solve")]
    [InlineData(
        typeof(tf.Strings),
        "as_string bytes_split format join length lower ngrams reduce_join regex_full_match regex_replace split strip substr to_hash_bucket to_hash_bucket_fast to_hash_bucket_strong to_number unicode_decode "
        + "unicode_encode unicode_split unicode_transcode unsorted_segment_join upper")]
    [InlineData(
        typeof(tf.Metrics),
        "accuracy auc average_precision_at_k false_negatives false_positives mean mean_absolute_error mean_cosine_distance mean_iou mean_per_class_accuracy mean_relative_error mean_squared_error mean_tensor "
        + "percentage_below precision precision_at_k precision_at_thresholds recall recall_at_k recall_at_thresholds root_mean_squared_error sensitivity_at_specificity sparse_average_precision_at_k "
        + "sparse_precision_at_k specificity_at_sensitivity true_negatives true_positives")]
    public void Names_of_TensorFlow_are_there(Type module, string names)
    {
        HashSet<string> members = module.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(static m => m.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(names.Split(' '), n => !members.Contains(n.Replace("_", "", StringComparison.Ordinal)));
    }
}
