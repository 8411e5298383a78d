using System.Numerics;
using System.Runtime.Intrinsics;

namespace NotebookPersist.Kernels;

/// <summary>Convolution by Winograd's F(4x4, 3x3): transform tiles of the input, 36 matrix products, transform back.</summary>
/// <remarks>
/// Tiles of all images are numbered through. A block of them is transformed to <c>[strip of tiles][36][channels / 16][tile][16]</c>, a strip being as
/// many tiles as a micro-kernel takes, which reads them in order and without packing; the products of one panel of output channels,
/// <c>[36][tile][panel]</c>, go through the output transform while they are in the cache.
/// </remarks>
internal static unsafe class WinogradConvolution
{
    private const int Products = 36;

    // Keeps 36 parallel streams out of the same lines of the cache, whose places repeat every power of two.
    private const int Skew = 16;

    // What the second cache holds of inputs and products.
    private const long CacheByteCount = 384 << 10;
    private const int MostColumnsAtOnce = 64;

    // Transformed filters beyond this do not stay in the second cache from one block of tiles to the next.
    private const long LargeFilterByteCount = 384 << 10;

    // A panel comes from the second cache in order; so far ahead it arrives in time.
    private const nint AheadByteCount = 1024;

    /// <summary>Slides a transformed filter over the input, then does what follows.</summary>
    public static void Forward(ReadOnlySpan<float> input, WinogradFilter filter, Span<float> output, WindowShape shape, Epilogue<float> epilogue, Workers workers)
    {
        fixed (float* x = input, u = filter.Panels, y = output)
        {
            if (Vector512.IsHardwareAccelerated)
                Run<WideLanes<float>, Vector512<float>>(x, u, y, shape, epilogue, workers);
            else
                Run<GeneralLanes<float>, Vector<float>>(x, u, y, shape, epilogue, workers);
        }
    }

    /// <summary>All of it with vectors of a given width, whatever the machine would choose.</summary>
    public static void ForwardWith<TLanes, TVector>(ReadOnlySpan<float> input, ReadOnlySpan<float> filter, Span<float> output, WindowShape shape, Epilogue<float> epilogue)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        int width = 2 * TLanes.Count;
        using var panels = new AlignedScratch<float>(Products * (nint)shape.InputChannels * ((shape.OutputChannels + width - 1) / width * width));
        fixed (float* x = input, w = filter, y = output)
        {
            WinogradFilter.Transform<TLanes, TVector>(w, panels.Pointer, shape.InputChannels, shape.OutputChannels, Workers.Single);
            Run<TLanes, TVector>(x, panels.Pointer, y, shape, epilogue, Workers.Single);
        }
    }

    /// <summary>The same with vectors of a given width, in whose layout the filter must be.</summary>
    public static void Run<TLanes, TVector>(float* x, float* u, float* y, WindowShape shape, Epilogue<float> epilogue, Workers workers)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        var tiles = new Pass<TLanes, TVector>(x, u, y, shape, epilogue.Activation, epilogue.MaxPool);
        using var bias = new AlignedScratch<float>(tiles.Panels * Pass<TLanes, TVector>.Width);
        var padded = new Span<float>(bias.Pointer, tiles.Panels * Pass<TLanes, TVector>.Width);
        padded.Clear();
        epilogue.Bias.CopyTo(padded);
        tiles.Run(bias.Pointer, workers);
    }

    /// <summary>One convolution with vectors of one width.</summary>
    internal readonly struct Pass<TLanes, TVector>(float* x, float* u, float* y, WindowShape shape, FusedActivation activation, bool pool)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        private readonly int _inputs = shape.InputChannels;
        private readonly int _outputs = shape.OutputChannels;
        private readonly int _paddedInputs = (shape.InputChannels + TLanes.Count - 1) / TLanes.Count * TLanes.Count;
        private readonly int _blocks16 = (shape.InputChannels + Gemm.Depth - 1) / Gemm.Depth;
        private readonly int _tilesDown = WinogradFilter.Tiles(shape.Height.Output);
        private readonly int _tilesAcross = WinogradFilter.Tiles(shape.Width.Output);

        public static int Width => 2 * TLanes.Count;

        public int Panels => (_outputs + Width - 1) / Width;

        public void Run(float* bias, Workers workers)
        {
            Pass<TLanes, TVector> pass = this;
            int tiles = shape.Batch * _tilesDown * _tilesAcross;
            // Transformed inputs of a block stay in the second cache where the filter is small; where it is large, it is read for many tiles at a time.
            int most = _inputs <= 128 ? 24 : _inputs <= 256 ? 48 : 64;
            int blocks = (tiles + most - 1) / most;
            blocks = blocks >= workers.Count && blocks < 16 ? (blocks + workers.Count - 1) / workers.Count * workers.Count : blocks;
            int inBlock = (tiles + blocks - 1) / blocks;
            int group = Group(inBlock);
            if (workers.Count == 1 || blocks >= workers.Count)
            {
                workers.For(blocks, 1, (start, end) =>
                {
                    using var scratch = new AlignedScratch<float>(pass.InputSize(inBlock) + (group * ProductSize(inBlock)) + pass.EdgeSize);
                    float* products = scratch.Pointer + pass.InputSize(inBlock);
                    float* edge = products + (group * ProductSize(inBlock));
                    for (int block = start; block < end; block++)
                    {
                        int first = block * inBlock;
                        int count = Math.Min(inBlock, tiles - first);
                        if (count <= 0)
                            return;
                        pass.TransformInput(first, count, 0, count, Strips(count), scratch.Pointer, edge);
                        for (int panel = 0; panel < pass.Panels; panel += group)
                        {
                            workers.Cancellation.ThrowIfCancellationRequested();
                            pass.MultiplyPanels(first, count, panel, Math.Min(group, pass.Panels - panel), scratch.Pointer, products, edge, bias);
                        }
                    }
                });
                return;
            }

            using var shared = new AlignedScratch<float>(InputSize(inBlock));
            float* v = shared.Pointer;
            int groups = (Panels + group - 1) / group;
            for (int first = 0; first < tiles; first += inBlock)
            {
                int from = first;
                int count = Math.Min(inBlock, tiles - first);
                workers.For(count, 2, (start, end) =>
                {
                    using var scratch = new AlignedScratch<float>(pass.EdgeSize);
                    pass.TransformInput(from, count, start, end, Strips(count), v, scratch.Pointer);
                });
                workers.For(groups, 1, (start, end) =>
                {
                    using var scratch = new AlignedScratch<float>((group * ProductSize(count)) + pass.EdgeSize);
                    for (int panel = start * group; panel < Math.Min(pass.Panels, end * group); panel += group)
                        pass.MultiplyPanels(from, count, panel, Math.Min(group, pass.Panels - panel), v, scratch.Pointer, scratch.Pointer + (group * ProductSize(count)), bias);
                });
            }
        }

        // A plane of inputs is used for several panels while it is in the nearest caches; their products must fit the second one, with all
        // inputs where those are few.
        private int Group(int tiles)
        {
            long inputs = InputSize(tiles) * sizeof(float);
            long room = CacheByteCount - (inputs <= CacheByteCount * 2 / 3 ? inputs : InputPlane(tiles) * sizeof(float));
            return (int)Math.Clamp(room / (ProductSize(tiles) * sizeof(float)), 1, Math.Max(1, MostColumnsAtOnce / Width));
        }

        public nint EdgeSize => Products * Math.Max((nint)_paddedInputs, TLanes.Count);

        public nint InputSize(int tiles) => Products * (InputPlane(tiles) + (Strips(tiles) * Skew));

        private static nint ProductSize(int tiles) => Products * ProductPlane(tiles);

        /// <summary>One of the 36 planes of a strip of so many tiles.</summary>
        public nint InputPlane(int tiles) => ((nint)tiles * _blocks16 * Gemm.Depth) + Skew;

        private static int Strips(int tiles) => (tiles + TLanes.TileRows - 1) / TLanes.TileRows;

        private static nint ProductPlane(int tiles) => ((nint)tiles * Width) + Skew;

        public (nint Image, int Row, int Column) Place(int tile)
        {
            int inImage = tile % (_tilesDown * _tilesAcross);
            return (tile / (_tilesDown * _tilesAcross), inImage / _tilesAcross * 4, inImage % _tilesAcross * 4);
        }

        // Of the block of count tiles from the first on, in so many strips, those from start to end.
        public void TransformInput(int first, int count, int start, int end, int strips, float* v, float* edge)
        {
            nint rowStep = (nint)shape.Width.Input * _inputs;
            (int rows, int more) = Math.DivRem(count, strips);
            for (int i = start; i < end; i++)
            {
                // The first strips have a tile more than the others.
                int strip = i < more * (rows + 1) ? i / (rows + 1) : (i - more) / rows;
                int firstOfStrip = (strip * rows) + Math.Min(strip, more);
                int inStrip = rows + (strip < more ? 1 : 0);
                float* to = v + (Products * (((nint)firstOfStrip * _blocks16 * Gemm.Depth) + (strip * Skew))) + ((i - firstOfStrip) * Gemm.Depth);
                (nint image, int row, int column) = Place(first + i);
                int top = shape.Height.Start(row);
                int left = shape.Width.Start(column);
                float* source = x + (image * shape.Height.Input * rowStep);
                bool isInside = top >= 0 && left >= 0 && top + 6 <= shape.Height.Input && left + 6 <= shape.Width.Input && _paddedInputs == _inputs;
                if (isInside)
                    source += (top * rowStep) + ((nint)left * _inputs);
                else
                    CopyWindow(source, top, left, edge);
                WinogradTransforms<TLanes, TVector>.Input(
                    isInside ? source : edge,
                    isInside ? rowStep : 6 * _paddedInputs,
                    isInside ? _inputs : _paddedInputs,
                    to,
                    InputPlane(inStrip),
                    (nint)inStrip * Gemm.Depth,
                    _paddedInputs);
            }
        }

        private void CopyWindow(float* image, int top, int left, float* to)
        {
            new Span<float>(to, Products * _paddedInputs).Clear();
            for (int row = Math.Max(0, -top); row < Math.Min(6, shape.Height.Input - top); row++)
            {
                for (int column = Math.Max(0, -left); column < Math.Min(6, shape.Width.Input - left); column++)
                {
                    float* from = image + (((((nint)(top + row) * shape.Width.Input) + left + column)) * _inputs);
                    new ReadOnlySpan<float>(from, _inputs).CopyTo(new Span<float>(to + (((row * 6) + column) * _paddedInputs), _inputs));
                }
            }
        }

        private void MultiplyPanels(int first, int count, int firstPanel, int panels, float* v, float* products, float* edge, float* bias)
        {
            nint productPlane = ProductPlane(count);
            nint panelSize = (nint)_inputs * Width;
            int strips = Strips(count);
            (int rows, int more) = Math.DivRem(count, strips);
            // A filter that comes from memory is fetched while the products before it are computed.
            nint fetched = panelSize * sizeof(float) * Products * Panels > LargeFilterByteCount ? panelSize * sizeof(float) : 0;
            for (int product = 0; product < Products; product++)
            {
                for (int panel = 0; panel < panels; panel++)
                {
                    float* a = v;
                    float* b = u + ((((nint)(firstPanel + panel) * Products) + product) * panelSize);
                    float* c = products + (panel * ProductSize(count)) + (product * productPlane);
                    float* next = u + (panelSize * Following(firstPanel, panels, panel, product));
                    int columns = Stored(firstPanel + panel);
                    if (more > 0)
                    {
                        Multiply(more, rows + 1, columns, product, a, b, PanelFetch.Part(next, fetched, _inputs, 0, strips), c);
                        a += more * Products * InputPlane(rows + 1);
                        c += more * (rows + 1) * Width;
                    }

                    Multiply(strips - more, rows, columns, product, a, b, PanelFetch.Part(next, fetched, _inputs, more, strips), c);
                }
            }

            for (int panel = 0; panel < panels; panel++)
                TransformOutput(first, count, (firstPanel + panel) * Width, Stored(firstPanel + panel), products + (panel * ProductSize(count)), productPlane, edge, bias);
        }

        private void Multiply(int strips, int rows, int columns, int product, float* a, float* b, PanelFetch next, float* c)
        {
            nint plane = InputPlane(rows);
            RowPanel<float> tiles = RowPanel<float>.Packed(a + (product * plane), rows);
            TileKernel<TLanes, TVector, float>.Run(strips, Products * plane, rows, columns, _inputs, tiles, b, AheadByteCount, next, c, Width, accumulate: false);
        }

        // The part of the filter that is used after a product of some panel of a group: each product goes through all of the group.
        private nint Following(int first, int panels, int panel, int product)
        {
            if (panel + 1 < panels)
                return ((nint)(first + panel + 1) * Products) + product;
            return product + 1 < Products ? ((nint)first * Products) + product + 1 : (nint)((first + panels) % Panels) * Products;
        }

        // Of the last panel only half may hold anything.
        private int Stored(int panel) => _outputs - (panel * Width) <= TLanes.Count ? TLanes.Count : Width;

        private void TransformOutput(int first, int count, int firstChannel, int stored, float* products, nint plane, float* edge, float* bias)
        {
            int size = pool ? 2 : 4;
            int height = pool ? shape.Height.Output / 2 : shape.Height.Output;
            int width = pool ? shape.Width.Output / 2 : shape.Width.Output;
            TVector lowest = TLanes.Create(activation == FusedActivation.None ? float.NegativeInfinity : 0);
            TVector highest = TLanes.Create(activation == FusedActivation.Relu6 ? 6 : float.PositiveInfinity);
            nint lineStep = (nint)width * _outputs;
            for (int i = 0; i < count; i++, products += Width)
            {
                (nint image, int row, int column) = Place(first + i);
                row = row * size / 4;
                column = column * size / 4;
                bool fits = row + size <= height && column + size <= width;
                float* tile = y + (((((image * height) + row) * width) + column) * _outputs) + firstChannel;
                if (fits)
                    WinogradTransforms<TLanes, TVector>.FetchOutput(products + Width, plane, tile + (size * _outputs), lineStep, _outputs, size);
                for (int half = 0; half < stored; half += TLanes.Count)
                {
                    int channels = Math.Min(TLanes.Count, _outputs - firstChannel - half);
                    bool isWhole = fits && channels == TLanes.Count;
                    float* to = isWhole ? tile + half : edge;
                    nint rowStep = isWhole ? lineStep : size * TLanes.Count;
                    nint columnStep = isWhole ? _outputs : TLanes.Count;
                    TVector shift = TLanes.Load(bias + firstChannel + half);
                    if (pool)
                        WinogradTransforms<TLanes, TVector>.PooledOutput(products + half, plane, to, rowStep, columnStep, shift, lowest, highest);
                    else
                        WinogradTransforms<TLanes, TVector>.Output(products + half, plane, to, rowStep, columnStep, shift, lowest, highest);
                    if (!isWhole)
                        CopyEdge(edge, tile + half, lineStep, channels, Math.Min(size, height - row), Math.Min(size, width - column), size);
                }
            }
        }

        private void CopyEdge(float* edge, float* to, nint lineStep, int channels, int rows, int columns, int size)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    var from = new ReadOnlySpan<float>(edge + (((row * size) + column) * TLanes.Count), channels);
                    from.CopyTo(new Span<float>(to + (row * lineStep) + ((nint)column * _outputs), channels));
                }
            }
        }
    }
}
