namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>How to decode a JPEG file.</summary>
/// <param name="Channels">1 grey, 3 colours; 0 as the file has them.</param>
/// <param name="Ratio">1, 2, 4 or 8: how much smaller the picture is to be.</param>
/// <param name="IsSmooth">Whether coarser planes are interpolated.</param>
/// <param name="IsFast">Whether the inverse transform may be the faster, less exact one.</param>
/// <param name="TakesPart">Whether a file that is cut off will do.</param>
public readonly record struct JpegDecoding(int Channels = 0, int Ratio = 1, bool IsSmooth = true, bool IsFast = true, bool TakesPart = false);
