namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Brings coarser planes to the size of the picture.</summary>
/// <remarks>
/// Twice as many samples are interpolated with weights 3 and 1 where the plane is wide enough; the halves of an odd sum go up and down in turn, as in
/// libjpeg-turbo. All other ratios repeat samples.
/// </remarks>
internal static class JpegUpsampling
{
    public static byte[] Enlarge(JpegPlanes.Plane plane, int across, int down, int height, int width, bool isSmooth)
    {
        var result = new byte[height * width];
        for (int y = 0; y < height; y++)
        {
            Span<byte> target = result.AsSpan(y * width, width);
            int from = y / down;
            if (isSmooth && across == 2 && down == 1 && plane.Width > 2)
                Double(plane.Row(from), target);
            else if (isSmooth && across == 2 && down == 2 && plane.Width > 2)
                Double(plane.Row(from), plane.Row(y % 2 == 0 ? from - 1 : from + 1), target);
            else if (isSmooth && across == 1 && down == 2)
                Mix(plane.Row(from), plane.Row(y % 2 == 0 ? from - 1 : from + 1), y % 2 == 0 ? 1 : 2, target);
            else
                Repeat(plane.Row(from), across, target);
        }

        return result;
    }

    private static void Repeat(ReadOnlySpan<byte> row, int across, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
            target[x] = row[x / across];
    }

    private static void Mix(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
            target[x] = (byte)(((near[x] * 3) + far[x] + bias) >> 2);
    }

    private static void Double(ReadOnlySpan<byte> row, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            int at = x / 2;
            int other = x % 2 == 0 ? at - 1 : at + 1;
            target[x] = (uint)other >= (uint)row.Length ? row[at] : (byte)(((row[at] * 3) + row[other] + (x % 2 == 0 ? 1 : 2)) >> 2);
        }
    }

    private static void Double(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            int at = x / 2;
            int other = x % 2 == 0 ? at - 1 : at + 1;
            int sum = (near[at] * 3) + far[at];
            int beside = (uint)other >= (uint)near.Length ? sum : (near[other] * 3) + far[other];
            target[x] = (byte)(((sum * 3) + beside + (x % 2 == 0 ? 8 : 7)) >> 4);
        }
    }
}
