namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Reads JPEG files: baseline, extended and progressive, of 8 bits and with Huffman codes.</summary>
/// <remarks>
/// Source: ITU-T T.81 and T.871 (JFIF). The roundings of the inverse transforms, of the interpolation and of the colours are those of
/// libjpeg-turbo, with which TensorFlow decodes, so that the pixels are the same.
/// </remarks>
public sealed class JpegReader
{
    private readonly byte[] _file;
    private readonly ushort[]?[] _quantizations = new ushort[4][];
    private readonly HuffmanTable?[] _dc = new HuffmanTable[4];
    private readonly HuffmanTable?[] _ac = new HuffmanTable[4];
    private JpegFrame? _frame;
    private int _restartInterval;
    private bool _sawJfif;
    private int _adobeTransform = -1;

    private JpegReader(byte[] file) => _file = file;

    /// <summary>True where bytes begin as such a file does.</summary>
    public static bool Matches(ReadOnlySpan<byte> file) => file.StartsWith([(byte)0xFF, (byte)0xD8, (byte)0xFF]);

    /// <summary>Decodes a file.</summary>
    /// <exception cref="FormatException">It is damaged, or of a kind that is not supported.</exception>
    public static Raster Read(byte[] file, JpegDecoding options)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reader = new JpegReader(file);
        JpegFrame frame = reader.ReadAll(options.TakesPart, headerOnly: false);
        return JpegColors.Finish(frame, JpegPlanes.Decode(frame, options), options, reader.ColorsOf(frame), reader._adobeTransform >= 0);
    }

    /// <summary>Reads the size of a picture: rows, columns and planes.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static (int Height, int Width, int Channels) ReadShape(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        JpegFrame frame = new JpegReader(file).ReadAll(takesPart: true, headerOnly: true);
        return (frame.Height, frame.Width, Math.Min(frame.Components.Length, 3));
    }

    private JpegFrame ReadAll(bool takesPart, bool headerOnly)
    {
        if (!Matches(_file))
            throw new FormatException("The bytes do not begin as a JPEG file does.");
        for (int at = 2; ;)
        {
            while (at < _file.Length && _file[at] != 0xFF)
                at++;
            while (at < _file.Length && _file[at] == 0xFF)
                at++;
            if (at >= _file.Length)
                return End(takesPart || headerOnly);
            byte marker = _file[at++];
            if (marker == 0xD9)
                return End(true);
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8))
                continue;
            int length = at + 2 <= _file.Length ? (_file[at] << 8) | _file[at + 1] : 0;
            if (length < 2 || at + length > _file.Length)
                return takesPart ? End(true) : throw new FormatException($"The JPEG file ends at byte {_file.Length:N0}, within the segment at byte {at:N0}.");
            ReadOnlySpan<byte> body = _file.AsSpan(at + 2, length - 2);
            at += length;
            if (marker == 0xDA)
                at = ReadScan(body, at, takesPart);
            else
                ReadSegment(marker, body, headerOnly);
            if (headerOnly && _frame is not null)
                return _frame;
        }
    }

    private JpegFrame End(bool isEnough)
    {
        if (_frame is null || Array.TrueForAll(_frame.Components, static c => c.Quantization is null))
            throw new FormatException("The JPEG file has no picture.");
        return isEnough || !_frame.IsProgressive ? _frame : throw new FormatException($"The JPEG file ends at byte {_file.Length:N0}, before its last scan.");
    }

    private int ReadScan(ReadOnlySpan<byte> header, int start, bool takesPart)
    {
        if (_frame is null)
            throw new FormatException("A scan of the JPEG file comes before its frame.");
        var bits = new JpegBits(_file, start);
        new JpegScan(_frame, header, _dc, _ac, _quantizations, _restartInterval, bits).Run();
        return bits.IsCutOff && !takesPart
            ? throw new FormatException($"The JPEG file ends at byte {_file.Length:N0}, within a scan.")
            : bits.Position;
    }

    private void ReadSegment(byte marker, ReadOnlySpan<byte> body, bool headerOnly)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                if (_frame is not null)
                    throw new FormatException("The JPEG file has two frames.");
                _frame = JpegFrame.Read(body, marker == 0xC2);
                if (!headerOnly)
                    _frame.Allocate(_file.Length);
                break;
            case 0xC4:
                ReadHuffman(body);
                break;
            case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                throw new FormatException($"The JPEG file is lossless, hierarchical or arithmetically coded (marker {marker:X2}); baseline and progressive files are supported.");
            case 0xDB:
                ReadQuantization(body);
                break;
            case 0xDD when body.Length >= 2:
                _restartInterval = (body[0] << 8) | body[1];
                break;
            case 0xE0 when body.StartsWith("JFIF\0"u8):
                _sawJfif = true;
                break;
            case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8):
                _adobeTransform = body[11];
                break;
            default:
                break; // Comments and what applications keep say nothing of the pixels.
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            (int number, int width) = (body[0] & 15, body[0] >> 4 == 0 ? 1 : 2);
            if (number > 3 || body.Length < 1 + (64 * width))
                throw new FormatException("A quantization table of the JPEG file is damaged.");
            var table = new ushort[64];
            for (int i = 0; i < 64; i++)
                table[JpegOrder.Natural[i]] = width == 1 ? body[1 + i] : (ushort)((body[1 + (2 * i)] << 8) | body[2 + (2 * i)]);
            _quantizations[number] = table;
            body = body[(1 + (64 * width))..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            int symbols = 0;
            for (int i = 1; i <= 16 && i < body.Length; i++)
                symbols += body[i];
            int number = body[0] & 15;
            if (body.Length < 17 + symbols || symbols > 256 || number > 3 || body[0] >> 4 > 1)
                throw new FormatException("A Huffman table of the JPEG file is damaged.");
            (body[0] >> 4 == 0 ? _dc : _ac)[number] = new HuffmanTable(body.Slice(1, 16), body.Slice(17, symbols));
            body = body[(17 + symbols)..];
        }
    }

    // As libjpeg guesses where a file does not say it.
    private JpegColorSpace ColorsOf(JpegFrame frame)
    {
        int[] ids = [.. frame.Components.Select(static c => c.Id)];
        return frame.Components.Length switch
        {
            1 => JpegColorSpace.Grey,
            4 => _adobeTransform == 2 ? JpegColorSpace.Ycck : JpegColorSpace.Cmyk,
            _ when _sawJfif => JpegColorSpace.YCbCr,
            _ when _adobeTransform >= 0 => _adobeTransform == 0 ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
            _ => ids is ['R', 'G', 'B'] ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
        };
    }
}
