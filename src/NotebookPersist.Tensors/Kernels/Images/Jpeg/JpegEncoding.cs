namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>How to write a JPEG file.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="IsProgressive">Whether the picture comes in several scans.</param>
/// <param name="IsOptimized">Whether the codes are made for the picture.</param>
/// <param name="HalvesColors">Whether colours are stored at half the resolution.</param>
/// <param name="DensityUnit">1 for pixels an inch, 2 a centimetre.</param>
/// <param name="HorizontalDensity">Pixels a unit.</param>
/// <param name="VerticalDensity">Pixels a unit.</param>
/// <param name="Xmp">Metadata to be kept in the file; none where empty.</param>
public readonly record struct JpegEncoding(
    int Quality, bool IsProgressive, bool IsOptimized, bool HalvesColors, int DensityUnit, int HorizontalDensity, int VerticalDensity, byte[] Xmp);
