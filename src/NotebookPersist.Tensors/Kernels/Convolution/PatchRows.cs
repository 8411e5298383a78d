using System.Runtime.CompilerServices;

namespace NotebookPersist.Kernels;

/// <summary>The matrix of a convolution's windows, one row a window, made piece by piece while the product asks for it.</summary>
/// <param name="input">Shape: [batch, depth, height, width, channels].</param>
/// <param name="shape">The windows; only the input's channels count.</param>
/// <param name="spacing">Distance between input elements, the rest zeros, on each axis: a strided convolution seen from its output.</param>
internal readonly unsafe struct PatchRows<T>(T* input, WindowShape shape, (int Depth, int Height, int Width) spacing) : IMatrixRows<T>
    where T : unmanaged
{
    public PatchRows(T* input, WindowShape shape)
        : this(input, shape, (1, 1, 1))
    {
    }

    public T* Row(nint row, nint from, nint count, T* scratch)
    {
        int channels = shape.InputChannels;
        int x = (int)(row % shape.Width.Output);
        row /= shape.Width.Output;
        int y = (int)(row % shape.Height.Output);
        row /= shape.Height.Output;
        int z = (int)(row % shape.Depth.Output);
        nint image = row / shape.Depth.Output;

        nint line = (nint)shape.Width.Window * channels;
        nint at = from % line;
        int lineIndex = (int)(from / line);
        T* to = scratch;
        while (count > 0)
        {
            int wy = lineIndex % shape.Height.Window;
            int wz = lineIndex / shape.Height.Window;
            nint length = Math.Min(count, line - at);
            bool inside = Position(shape.Depth, spacing.Depth, z, wz, out int iz) & Position(shape.Height, spacing.Height, y, wy, out int iy);
            if (!inside)
            {
                Unsafe.InitBlockUnaligned(to, 0, (uint)(length * sizeof(T)));
            }
            else
            {
                T* source = input + (((((image * shape.Depth.Input) + iz) * shape.Height.Input) + iy) * shape.Width.Input * channels);
                if (to == scratch && length == count && WholeInPlace(x, at, length, channels) is var offset and >= 0)
                    return source + offset;
                FillLine(source, x, at, length, channels, to);
            }

            to += length;
            count -= length;
            at = 0;
            lineIndex++;
        }

        return scratch;
    }

    private static bool Position(WindowAxis axis, int spacing, int output, int tap, out int position)
    {
        position = axis.Start(output) + (tap * axis.Dilation);
        if (spacing == 1)
            return (uint)position < (uint)axis.Input;
        if (position < 0 || position % spacing != 0)
            return false;
        position /= spacing;
        return position < axis.Input;
    }

    // Elements that lie together in the input need no copy.
    private nint WholeInPlace(int x, nint at, nint length, int channels)
    {
        int first = (int)(at / channels);
        int last = (int)((at + length - 1) / channels);
        if ((first != last && shape.Width.Dilation != 1) || spacing.Width != 1)
            return -1;
        int start = shape.Width.Start(x);
        int left = start + (first * shape.Width.Dilation);
        int right = start + (last * shape.Width.Dilation);
        return left >= 0 && right < shape.Width.Input ? ((nint)left * channels) + (at % channels) : -1;
    }

    private void FillLine(T* source, int x, nint at, nint length, int channels, T* to)
    {
        WindowAxis axis = shape.Width;
        if (axis.Dilation == 1 && spacing.Width == 1)
        {
            // All taps of a line lie together; only its ends can be outside.
            nint start = ((nint)axis.Start(x) * channels) + at;
            nint left = Math.Clamp(-start, 0, length);
            nint right = Math.Clamp(((nint)axis.Input * channels) - start, left, length);
            Unsafe.InitBlockUnaligned(to, 0, (uint)(left * sizeof(T)));
            Unsafe.CopyBlockUnaligned(to + left, source + start + left, (uint)((right - left) * sizeof(T)));
            Unsafe.InitBlockUnaligned(to + right, 0, (uint)((length - right) * sizeof(T)));
            return;
        }

        while (length > 0)
        {
            int tap = (int)(at / channels);
            nint channel = at % channels;
            nint part = Math.Min(length, channels - channel);
            if (Position(axis, spacing.Width, x, tap, out int position))
                Unsafe.CopyBlockUnaligned(to, source + ((nint)position * channels) + channel, (uint)(part * sizeof(T)));
            else
                Unsafe.InitBlockUnaligned(to, 0, (uint)(part * sizeof(T)));
            to += part;
            at += part;
            length -= part;
        }
    }
}
