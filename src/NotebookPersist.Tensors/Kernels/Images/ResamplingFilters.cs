namespace NotebookPersist.Kernels.Images;

/// <summary>Filters by name, as TensorFlow's ScaleAndTranslate knows them: values by distance in source pixels, and where they end.</summary>
public static class ResamplingFilters
{
    /// <summary>The filter of a name; null where there is none.</summary>
    public static (Func<float, float> Value, float Radius)? Find(string name) => name switch
    {
        "lanczos1" => (static x => Lanczos(x, 1), 1),
        "lanczos3" => (static x => Lanczos(x, 3), 3),
        "lanczos5" => (static x => Lanczos(x, 5), 5),
        "gaussian" => (static x => x >= 1.5f ? 0 : (float)Math.Exp(-x * x / (2.0 * 0.5f * 0.5f)), 1.5f),
        "box" => (static x => x < 0.5f ? 1 : x == 0.5f ? 0.5f : 0, 1),
        "triangle" => (static x => x < 1 ? 1 - x : 0, 1),
        "keyscubic" => (KeysCubic, 2),
        "mitchellcubic" => (MitchellCubic, 2),
        _ => null,
    };

    private static float Lanczos(float x, float radius)
    {
        if (x > radius)
            return 0;
        if (x <= 1e-3f)
            return 1;
        const float Pi = MathF.PI;
        return radius * MathF.Sin(Pi * x) * MathF.Sin(Pi * x / radius) / (Pi * Pi * x * x);
    }

    private static float KeysCubic(float x) => x >= 2 ? 0
        : x >= 1 ? (((((-0.5f * x) + 2.5f) * x) - 4) * x) + 2
        : (((1.5f * x) - 2.5f) * x * x) + 1;

    private static float MitchellCubic(float x) => x >= 2 ? 0
        : x >= 1 ? ((((((-7f / 18) * x) + 2) * x) - (10f / 3)) * x) + (16f / 9)
        : ((((7f / 6) * x) - 2) * x * x) + (8f / 9);
}
