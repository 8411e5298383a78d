namespace NotebookPersist.Kernels.Images;

/// <summary>Red, green and blue to hue, saturation and value, and back; all in [0, 1].</summary>
public static class ColorSpaces
{
    /// <summary>To hue, saturation and value.</summary>
    public static (double Hue, double Saturation, double Value) ToHsv(double red, double green, double blue)
    {
        double value = Math.Max(red, Math.Max(green, blue));
        double range = value - Math.Min(red, Math.Min(green, blue));
        double saturation = value > 0 ? range / value : 0;
        if (!(range > 0))
            return (0, saturation, value);
        double norm = 1 / (6 * range);
        double hue = red == value ? norm * (green - blue)
            : green == value ? (norm * (blue - red)) + (2.0 / 6)
            : (norm * (red - green)) + (4.0 / 6);
        return (hue < 0 ? hue + 1 : hue, saturation, value);
    }

    /// <summary>To red, green and blue.</summary>
    public static (double Red, double Green, double Blue) ToRgb(double hue, double saturation, double value)
    {
        double turn = hue * 6;
        double red = Math.Clamp(Math.Abs(turn - 3) - 1, 0, 1);
        double green = Math.Clamp(2 - Math.Abs(turn - 2), 0, 1);
        double blue = Math.Clamp(2 - Math.Abs(turn - 4), 0, 1);
        double rest = 1 - saturation;
        return ((rest + (saturation * red)) * value, (rest + (saturation * green)) * value, (rest + (saturation * blue)) * value);
    }
}
