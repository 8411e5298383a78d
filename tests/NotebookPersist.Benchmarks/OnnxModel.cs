using System.Runtime.InteropServices;
using Google.Protobuf;
using NotebookPersist.Kernels;

namespace NotebookPersist.Benchmarks;

/// <summary>A node of the chain with the constants that it reads.</summary>
internal sealed record OnnxStep(string Type, IReadOnlyList<(float[] Values, int[] Shape)> Constants);

/// <summary>Writes a network of a chain of nodes as the peer reads it.</summary>
/// <remarks>
/// ModelProto: ir_version = 1, graph = 7, opset_import = 8 {domain = 1, version = 2}. GraphProto: node = 1, name = 2, initializer = 5, input = 11,
/// output = 12. NodeProto: input = 1, output = 2, op_type = 4, attribute = 5. AttributeProto: name = 1, i = 3, ints = 8, type = 20.
/// TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9. Source: onnx.proto of ONNX 1.14.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    public const string Input = "x";

    private const int Float32 = 1;
    private const int Bool = 9;
    private const int OpSet = 13;
    private const int IrVersion = 7;

    private readonly MemoryStream _nodes = new();
    private readonly MemoryStream _initializers = new();
    private readonly Dictionary<string, (float[] Values, int[] Shape)> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxStep> _steps = [];
    private readonly byte[] _input;
    private int _rank;
    private int _count;
    private int _outputType = Float32;

    /// <summary>A model of one input.</summary>
    public OnnxModel(params int[] inputShape) => (_input, _rank) = (ValueInfo(Input, inputShape), inputShape.Length);

    /// <summary>The value that the last node computes.</summary>
    public string Output { get; private set; } = Input;

    /// <summary>What the model holds, for peers that read no bytes; kept only where there is such a peer.</summary>
    public IReadOnlyList<OnnxStep> Steps => _steps;

    /// <summary>Adds a convolution, channels second, with bias and max(x, 0).</summary>
    /// <param name="filter">Shape: [height, width, in, out].</param>
    /// <param name="shape">That shape.</param>
    /// <param name="bias">One number a channel.</param>
    public OnnxModel Convolution(float[] filter, int[] shape, float[] bias)
    {
        (int taps, int inputs, int outputs) = (shape[0] * shape[1], shape[2], shape[3]);
        float[] turned = new float[filter.Length];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int i = 0; i < inputs; i++)
            {
                for (int o = 0; o < outputs; o++)
                    turned[(((o * inputs) + i) * taps) + tap] = filter[(((tap * inputs) + i) * outputs) + o];
            }
        }

        int before = (shape[0] - 1) / 2;
        string weights = Constant(turned, outputs, inputs, shape[0], shape[1]);
        Node("Conv", [Output, weights, Constant(bias, outputs)], Ints("kernel_shape", shape[0], shape[1]), Ints("pads", before, before, before, before));
        Node("Relu", [Output]);
        return this;
    }

    /// <summary>Adds a convolution of each channel by itself, channels second, in a window of three by three.</summary>
    /// <param name="filter">Shape: [3, 3, channels, 1].</param>
    /// <param name="channels">Number of channels.</param>
    public OnnxModel Depthwise(float[] filter, int channels)
    {
        float[] turned = new float[filter.Length];
        ChannelLayout.Transpose<float>(filter, turned, 1, 9, channels);
        Node("Conv", [Output, Constant(turned, channels, 1, 3, 3)], Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1), Int("group", channels));
        return this;
    }

    /// <summary>Adds a function without weights.</summary>
    /// <param name="type">Its name, such as Relu or Softmax.</param>
    public OnnxModel Function(string type)
    {
        Node(type, [Output]);
        return this;
    }

    /// <summary>Adds a constant of the shape of the value so far.</summary>
    public OnnxModel Add(float[] values, params int[] shape)
    {
        Node("Add", [Output, Constant(values, shape)]);
        return this;
    }

    /// <summary>Adds a pool of two by two.</summary>
    public OnnxModel MaxPool()
    {
        Node("MaxPool", [Output], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
        return this;
    }

    /// <summary>Makes a row of all channels, in the order that channels-last programs have.</summary>
    public OnnxModel Flatten()
    {
        Node("Transpose", [Output], Ints("perm", 0, 2, 3, 1));
        Node("Flatten", [Output]);
        _rank = 2;
        return this;
    }

    /// <summary>Adds a product by a constant matrix.</summary>
    public OnnxModel MatMul(float[] matrix, int rows, int columns)
    {
        Node("MatMul", [Output, Constant(matrix, rows, columns)]);
        return this;
    }

    /// <summary>Adds a bias, and max(x, 0) where asked for.</summary>
    public OnnxModel Bias(float[] bias, bool relu)
    {
        Node("Add", [Output, Constant(bias, bias.Length)]);
        if (relu)
            Node("Relu", [Output]);
        return this;
    }

    /// <summary>Multiplies by constants.</summary>
    public OnnxModel Multiply(float[] factors)
    {
        Node("Mul", [Output, Constant(factors, factors.Length)]);
        return this;
    }

    /// <summary>Ends with whether numbers are above others.</summary>
    public OnnxModel Greater(float[] limits)
    {
        Node("Greater", [Output, Constant(limits, limits.Length)]);
        _outputType = Bool;
        return this;
    }

    /// <summary>The model's bytes.</summary>
    public byte[] ToBytes()
    {
        var whole = new MemoryStream();
        Write(whole, to =>
        {
            Varint(to, 1, IrVersion);
            to.WriteTag(7, WireFormat.WireType.LengthDelimited);
            byte[] name = Bytes(static t => Text(t, 2, "g"));
            byte[] output = Bytes(t => Block(t, 12, ValueInfo(Output, new int[_rank], _outputType)));
            byte[] input = Bytes(t => Block(t, 11, _input));
            to.WriteLength(checked((int)(_nodes.Length + _initializers.Length) + name.Length + input.Length + output.Length));
            to.Flush();
            foreach (MemoryStream part in new[] { _nodes, new(name), _initializers, new(input), new(output) })
                part.WriteTo(whole);
        });
        Write(whole, static to => Block(to, 8, Bytes(static t => Varint(t, 2, OpSet))));
        return whole.ToArray();
    }

    private void Node(string type, string[] inputs, params byte[][] attributes)
    {
        string output = $"v{_count++}";
        Write(_nodes, to => Block(to, 1, Bytes(node =>
        {
            foreach (string input in inputs)
                Text(node, 1, input);
            Text(node, 2, output);
            Text(node, 4, type);
            foreach (byte[] attribute in attributes)
                Block(node, 5, attribute);
        })));
        Output = output;
        if (TorchPeer.Fault is null)
            _steps.Add(new OnnxStep(type, [.. inputs.Skip(1).Select(i => _constants[i])]));
    }

    private string Constant(float[] values, params int[] shape)
    {
        string name = $"c{_count++}";
        if (TorchPeer.Fault is null)
            _constants.Add(name, (values, shape));
        Write(_initializers, to => Block(to, 5, Bytes(tensor =>
        {
            foreach (int size in shape)
                Varint(tensor, 1, size);
            Varint(tensor, 2, Float32);
            Text(tensor, 8, name);
            Block(tensor, 9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        })));
        return name;
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _initializers.Dispose();
    }

    private static byte[] Ints(string name, params int[] values) => Bytes(to =>
    {
        Text(to, 1, name);
        foreach (int value in values)
            Varint(to, 8, value);
        Varint(to, 20, 7); // AttributeType.INTS
    });

    private static byte[] Int(string name, int value) => Bytes(to =>
    {
        Text(to, 1, name);
        Varint(to, 3, value);
        Varint(to, 20, 2); // AttributeType.INT
    });

    // TypeProto: tensor_type = 1 {elem_type = 1, shape = 2 {dim = 1 {dim_value = 1}}}; a dimension without a value may have any.
    private static byte[] ValueInfo(string name, int[] shape, int type = Float32) => Bytes(to =>
    {
        Text(to, 1, name);
        Block(to, 2, Bytes(value => Block(value, 1, Bytes(tensor =>
        {
            Varint(tensor, 1, type);
            Block(tensor, 2, Bytes(dimensions =>
            {
                foreach (int size in shape)
                    Block(dimensions, 1, size == 0 ? [] : Bytes(t => Varint(t, 1, size)));
            }));
        }))));
    });

    private static byte[] Bytes(Action<CodedOutputStream> write)
    {
        var stream = new MemoryStream();
        Write(stream, write);
        return stream.ToArray();
    }

    private static void Write(MemoryStream stream, Action<CodedOutputStream> write)
    {
        using var to = new CodedOutputStream(stream, leaveOpen: true);
        write(to);
    }

    private static void Varint(CodedOutputStream to, int field, long value)
    {
        to.WriteTag(field, WireFormat.WireType.Varint);
        to.WriteInt64(value);
    }

    private static void Text(CodedOutputStream to, int field, string value)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteString(value);
    }

    private static void Block(CodedOutputStream to, int field, byte[] value)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }
}
