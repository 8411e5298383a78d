namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Reads one scan: the coefficients of some planes, or some bits of them.</summary>
/// <remarks>Source: ITU-T T.81, annexes F (sequential) and G (progressive).</remarks>
internal sealed class JpegScan
{
    private static readonly HuffmanTable None = new(new byte[16], []);

    private readonly JpegFrame _frame;
    private readonly JpegBits _bits;
    private readonly int _restartInterval;
    private readonly List<(JpegComponent Component, HuffmanTable Dc, HuffmanTable Ac)> _parts = [];
    private readonly int[] _predictions = new int[4];
    private readonly int _first;
    private readonly int _last;
    private readonly int _highBit;
    private readonly int _lowBit;
    private int _endOfBandRun;

    /// <summary>Reads the scan's header.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public JpegScan(JpegFrame frame, ReadOnlySpan<byte> header, HuffmanTable?[] dc, HuffmanTable?[] ac, ushort[]?[] quantizations, int restartInterval, JpegBits bits)
    {
        (_frame, _bits, _restartInterval) = (frame, bits, restartInterval);
        int count = header.Length > 0 ? header[0] : 0;
        if (count is < 1 or > 4 || header.Length < 4 + (2 * count))
            throw new FormatException("The header of a JPEG scan is damaged.");
        for (int i = 0; i < count; i++)
        {
            (byte id, byte tables) = (header[1 + (2 * i)], header[2 + (2 * i)]);
            JpegComponent component = Array.Find(frame.Components, c => c.Id == id) ?? throw new FormatException($"A scan of the JPEG file names component {id}, which the frame does not have.");
            component.Quantization ??= quantizations[component.QuantizationTable] ?? throw new FormatException($"The JPEG file has no quantization table {component.QuantizationTable}.");
            _parts.Add((component, dc[(tables >> 4) & 3] ?? None, ac[tables & 3] ?? None));
        }

        ReadOnlySpan<byte> band = header[(1 + (2 * count))..];
        (_first, _last, _highBit, _lowBit) = frame.IsProgressive ? (band[0], band[1], band[2] >> 4, band[2] & 15) : (0, 63, 0, 0);
        if (_first > _last || _last > 63 || _lowBit > 13 || (frame.IsProgressive && (_first == 0) != (_last == 0)) || (_first > 0 && count > 1))
            throw new FormatException("A scan of the JPEG file asks for coefficients that cannot be.");
    }

    /// <summary>Reads the blocks.</summary>
    public void Run()
    {
        // The blocks of one plane alone come row by row; those of several in units.
        bool alone = _parts.Count == 1;
        JpegComponent only = _parts[0].Component;
        int columns = alone ? only.Columns : _frame.UnitColumns;
        int units = columns * (alone ? only.Rows : _frame.UnitRows);
        for (int unit = 0; unit < units; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                _bits.Restart();
                Array.Clear(_predictions);
                _endOfBandRun = 0;
            }

            if (_bits.IsExhausted && _restartInterval == 0)
                return;
            if (_bits.IsExhausted)
                continue;
            (int row, int column) = Math.DivRem(unit, columns);
            if (alone)
                Read(0, only.Block(row, column));
            else
                ReadUnit(row, column);
        }
    }

    private void ReadUnit(int row, int column)
    {
        for (int part = 0; part < _parts.Count; part++)
        {
            JpegComponent component = _parts[part].Component;
            for (int y = 0; y < component.Down; y++)
            {
                for (int x = 0; x < component.Across; x++)
                    Read(part, component.Block((row * component.Down) + y, (column * component.Across) + x));
            }
        }
    }

    private void Read(int part, Span<short> block)
    {
        (_, HuffmanTable dc, HuffmanTable ac) = _parts[part];
        if (!_frame.IsProgressive)
            ReadSequential(part, block, dc, ac);
        else if (_first == 0 && _highBit == 0)
            block[0] = (short)(ReadDc(part, dc) << _lowBit);
        else if (_first == 0)
            block[0] |= (short)(_bits.Bit() << _lowBit);
        else if (_highBit == 0)
            ReadBand(block, ac);
        else
            RefineBand(block, ac);
    }

    private int ReadDc(int part, HuffmanTable dc)
    {
        int size = dc.Read(_bits);
        if (size > 15)
            throw new FormatException("A difference in the JPEG file has more than 15 bits.");
        return _predictions[part] += _bits.Signed(size);
    }

    private void ReadSequential(int part, Span<short> block, HuffmanTable dc, HuffmanTable ac)
    {
        block[0] = (short)ReadDc(part, dc);
        for (int k = 1; k < 64; k++)
        {
            int symbol = ac.Read(_bits);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run != 15)
                return;
            k += run;
            if (size > 0 && k < 64)
                block[JpegOrder.Natural[k]] = (short)_bits.Signed(size);
        }
    }

    private void ReadBand(Span<short> block, HuffmanTable ac)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }

        for (int k = _first; k <= _last; k++)
        {
            int symbol = ac.Read(_bits);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run != 15)
            {
                _endOfBandRun = (1 << run) + _bits.Bits(run) - 1;
                return;
            }

            k += run;
            if (size > 0 && k < 64)
                block[JpegOrder.Natural[k]] = (short)(_bits.Signed(size) << _lowBit);
        }
    }

    // Coefficients that are not 0 yet get one more bit each; between them lie new ones.
    private void RefineBand(Span<short> block, HuffmanTable ac)
    {
        int k = _first;
        while (_endOfBandRun == 0 && k <= _last)
        {
            int symbol = ac.Read(_bits);
            (int run, int size) = (symbol >> 4, symbol & 15);
            int fresh = 0;
            if (size > 0)
            {
                fresh = _bits.Bit() == 1 ? 1 << _lowBit : -1 << _lowBit;
            }
            else if (run != 15)
            {
                _endOfBandRun = (1 << run) + _bits.Bits(run);
                break;
            }

            for (; k <= _last; k++)
            {
                ref short coefficient = ref block[JpegOrder.Natural[k]];
                if (coefficient != 0)
                    Refine(ref coefficient);
                else if (run-- == 0)
                    break;
            }

            if (fresh != 0 && k <= _last)
                block[JpegOrder.Natural[k]] = (short)fresh;
            k++;
        }

        if (_endOfBandRun == 0)
            return;
        for (; k <= _last; k++)
        {
            ref short coefficient = ref block[JpegOrder.Natural[k]];
            if (coefficient != 0)
                Refine(ref coefficient);
        }

        _endOfBandRun--;
    }

    private void Refine(ref short coefficient)
    {
        int bit = 1 << _lowBit;
        if (_bits.Bit() == 1 && (coefficient & bit) == 0)
            coefficient += (short)(coefficient > 0 ? bit : -bit);
    }
}
