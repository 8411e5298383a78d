using System.Globalization;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A table of a session: rows of values by keys.</summary>
/// <remarks>
/// Keys are compared by their bits; both keys and values can be slices of several elements. Rows stay in the order in which they came.
/// Thread safety: all members lock.
/// </remarks>
internal sealed class LookupTable(DType keyType, DType valueType, Shape keyShape, Shape valueShape, bool isMutable)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, object> _rows = new(StringComparer.Ordinal);
    private bool _isInitialized;

    public DType KeyType => keyType;

    public DType ValueType => valueType;

    public Shape ValueShape => valueShape;

    /// <summary>False for a table that is filled once, by an initialiser.</summary>
    public bool IsMutable => isMutable;

    /// <summary>Keys that stand for no entry in a dense table; looking them up is a mistake.</summary>
    public IReadOnlyList<string> Reserved { get; init; } = [];

    public long Size
    {
        get
        {
            lock (_lock)
            {
                RequireInitialized();
                return _rows.Count;
            }
        }
    }

    private int KeyWidth => IntVectors.Product(keyShape.Dimensions);

    private int ValueWidth => IntVectors.Product(valueShape.Dimensions);

    /// <summary>Fills a table once; later fillings must be the same size.</summary>
    public void Initialize(Tensor keys, Tensor values)
    {
        if (isMutable)
            throw new KernelException(RunErrorCode.Unimplemented, "A mutable table is filled by insertions, not by an initialiser.");
        lock (_lock)
        {
            int count = CountOf(keys);
            if (_isInitialized)
            {
                if (count != _rows.Count)
                    throw new KernelException(RunErrorCode.FailedPrecondition, "Table was already initialized with different data.");
                return;
            }

            CheckValues(keys, values);
            for (int i = 0; i < count; i++)
            {
                object row = Row(values, i, ValueWidth);
                string key = Key(keys, i, KeyWidth);
                if (!_rows.TryAdd(key, row) && !Same(_rows[key], row))
                {
                    throw new KernelException(
                        RunErrorCode.FailedPrecondition, $"HashTable has different value for same key. Key {TensorText.Element(keys, i * KeyWidth)} has another value than {TensorText.Element(values, i * ValueWidth)}.");
                }
            }

            _isInitialized = true;
        }
    }

    /// <summary>The values of keys, or the default.</summary>
    public Tensor Find(Tensor keys, Tensor defaultValue)
    {
        int count = CountOf(keys);
        Shape outer = Shape.Create(keys.Shape.Dimensions[..^keyShape.Rank]);
        if (defaultValue.Shape != valueShape)
            throw Fault($"Expected shape {valueShape} for default value, got {defaultValue.Shape}");
        object missing = Row(defaultValue, 0, ValueWidth);
        lock (_lock)
        {
            RequireInitialized();
            object[] found = new object[count];
            for (int i = 0; i < count; i++)
                found[i] = _rows.GetValueOrDefault(Usable(Key(keys, i, KeyWidth)), missing);
            return Collect(valueType, outer.Concatenate(valueShape), found);
        }
    }

    /// <summary>Adds or replaces entries, all others first taken away where asked.</summary>
    public void Insert(Tensor keys, Tensor values, bool clear)
    {
        if (!isMutable)
            throw new KernelException(RunErrorCode.Unimplemented, "Insert is not supported by a table that is filled by an initialiser.");
        CheckValues(keys, values);
        lock (_lock)
        {
            if (clear)
                _rows.Clear();
            for (int i = 0; i < CountOf(keys); i++)
                _rows[Usable(Key(keys, i, KeyWidth))] = Row(values, i, ValueWidth);
        }
    }

    /// <summary>Takes entries away; keys without an entry are passed over.</summary>
    public void Remove(Tensor keys)
    {
        if (!isMutable)
            throw new KernelException(RunErrorCode.Unimplemented, "Remove is not supported by a table that is filled by an initialiser.");
        lock (_lock)
        {
            for (int i = 0; i < CountOf(keys); i++)
                _rows.Remove(Usable(Key(keys, i, KeyWidth)));
        }
    }

    /// <summary>All entries.</summary>
    public (Tensor Keys, Tensor Values) Export()
    {
        lock (_lock)
        {
            RequireInitialized();
            Shape count = [_rows.Count];
            object[] keys = [.. _rows.Keys.Select(k => keyType == DType.String ? (object)new[] { Encoding.Latin1.GetBytes(k) } : Encoding.Latin1.GetBytes(k))];
            return (Collect(keyType, count.Concatenate(keyShape), keys), Collect(valueType, count.Concatenate(valueShape), [.. _rows.Values]));
        }
    }

    /// <summary>A key as a text: one character a byte.</summary>
    public static string Key(Tensor keys, int index, int width)
    {
        if (keys.DType != DType.String)
            return Encoding.Latin1.GetString(keys.Bytes.Slice(index * width * keys.DType.Size(), width * keys.DType.Size()));
        return width == 1
            ? Encoding.Latin1.GetString(keys.Strings[index])
            : throw Fault("Keys of several strings are not supported.");
    }

    private static object Row(Tensor values, int index, int width)
    {
        if (values.DType == DType.String)
            return values.Strings.Slice(index * width, width).ToArray();
        int size = width * values.DType.Size();
        return values.Bytes.Slice(index * size, size).ToArray();
    }

    private static Tensor Collect(DType type, Shape shape, object[] rows)
    {
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. rows.SelectMany(static r => (byte[][])r)]);
        Tensor tensor = Tensor.Uninitialized(type, shape);
        int at = 0;
        foreach (byte[] row in rows.Cast<byte[]>())
        {
            row.CopyTo(tensor.MutableBytes[at..]);
            at += row.Length;
        }

        return tensor;
    }

    private static bool Same(object left, object right) => left is byte[] bytes
        ? bytes.AsSpan().SequenceEqual((byte[])right)
        : ((byte[][])left).Zip((byte[][])right).All(static p => p.First.AsSpan().SequenceEqual(p.Second));

    private static KernelException Fault(string message) => new(RunErrorCode.InvalidArgument, message);

    private string Usable(string key) => Reserved.Contains(key)
        ? throw Fault("Using the empty_key or the deleted_key as a table key is not allowed")
        : key;

    private int CountOf(Tensor keys)
    {
        if (keys.DType != keyType)
            throw Fault($"Key must be type {keyType.SignatureName()} but got {keys.DType.SignatureName()}");
        if (keys.Rank < keyShape.Rank || !keys.Shape.Dimensions[^keyShape.Rank..].SequenceEqual(keyShape.Dimensions))
            throw Fault($"Input key shape {keys.Shape} must end with the table's key shape {keyShape}");
        return IntVectors.Product(keys.Shape.Dimensions[..^keyShape.Rank]);
    }

    private void CheckValues(Tensor keys, Tensor values)
    {
        if (values.DType != valueType)
            throw Fault($"Value must be type {valueType.SignatureName()} but got {values.DType.SignatureName()}");
        _ = CountOf(keys);
        Shape expected = Shape.Create(keys.Shape.Dimensions[..^keyShape.Rank]).Concatenate(valueShape);
        if (values.Shape != expected)
            throw Fault($"Expected shape {expected} for value, got {values.Shape}");
    }

    private void RequireInitialized()
    {
        if (!_isInitialized && !isMutable)
            throw new KernelException(RunErrorCode.FailedPrecondition, "Table not initialized.");
    }

    /// <summary>One line's part of a vocabulary file in the wanted type.</summary>
    public static void Parse(string text, Tensor target, int at)
    {
        NumberStyles style = NumberStyles.Float;
        CultureInfo culture = CultureInfo.InvariantCulture;
        bool read = target.DType switch
        {
            DType.Int32 => Set<int>(int.TryParse(text, style & ~NumberStyles.AllowDecimalPoint, culture, out int i), i),
            DType.Int64 => Set<long>(long.TryParse(text, style & ~NumberStyles.AllowDecimalPoint, culture, out long l), l),
            DType.Float32 => Set<float>(float.TryParse(text, style, culture, out float f), f),
            DType.Float64 => Set<double>(double.TryParse(text, style, culture, out double d), d),
            _ => throw Fault($"Data type {target.DType.SignatureName()} not supported."),
        };
        if (!read)
            throw Fault($"Field {text} in line {at} is not a valid {target.DType.SignatureName()}.");

        bool Set<T>(bool isNumber, T value)
            where T : unmanaged
        {
            target.MutableData<T>()[at] = value;
            return isNumber;
        }
    }
}
