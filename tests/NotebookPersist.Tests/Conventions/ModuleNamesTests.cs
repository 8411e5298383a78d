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
    [InlineData(
        typeof(tf.Math),
        "abs accumulate_n acos acosh add add_n angle argmax argmin asin asinh atan atan2 atanh bessel_i0 bessel_i0e bessel_i1 bessel_i1e betainc bincount ceil confusion_matrix conj cos cosh "
        + "count_nonzero cumprod cumsum cumulative_logsumexp digamma divide divide_no_nan equal erf erfc exp expm1 floor floordiv floormod greater greater_equal igamma igammac imag in_top_k "
        + "invert_permutation is_finite is_inf is_nan is_non_decreasing is_strictly_increasing l2_normalize lbeta less less_equal lgamma log log1p log_sigmoid log_softmax logical_and logical_not "
        + "logical_or logical_xor maximum minimum mod multiply multiply_no_nan negative nextafter not_equal polygamma polyval pow real reciprocal reciprocal_no_nan reduce_all reduce_any "
        + "reduce_euclidean_norm reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance rint round rsqrt scalar_mul segment_max segment_mean segment_min "
        + "segment_prod segment_sum sigmoid sign sin sinh softmax softplus softsign sqrt square squared_difference subtract tan tanh top_k truediv unsorted_segment_max unsorted_segment_mean "
        + "unsorted_segment_min unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum xdivy xlogy zero_fraction zeta")]
    [InlineData(
        typeof(tf.Random),
        "categorical gamma log_uniform_candidate_sampler multinomial normal poisson set_random_seed shuffle stateless_normal stateless_truncated_normal stateless_uniform truncated_normal uniform "
        + "uniform_candidate_sampler")]
    [InlineData(
        typeof(tf.Signal),
        "dct fft fft2d fft3d fftshift frame hamming_window hann_window idct ifft ifft2d ifft3d ifftshift inverse_stft irfft irfft2d irfft3d linear_to_mel_weight_matrix mfccs_from_log_mel_spectrograms "
        + "overlap_and_add rfft rfft2d rfft3d stft")]
    [InlineData(
        typeof(tf.Bitwise),
        "bitwise_and bitwise_or bitwise_xor invert left_shift right_shift")]
    [InlineData(
        typeof(tf.Debugging),
        "assert_equal assert_greater assert_greater_equal assert_integer assert_less assert_less_equal assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        + "assert_positive assert_rank assert_rank_at_least assert_scalar assert_type check_numerics is_finite is_inf is_nan is_non_decreasing is_strictly_increasing")]
    public void Names_of_TensorFlow_are_there(Type module, string names)
    {
        HashSet<string> members = module.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(static m => m.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(names.Split(' '), n => !members.Contains(n.Replace("_", "", StringComparison.Ordinal)));
    }
}
