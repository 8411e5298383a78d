using System.Runtime.InteropServices;
using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NotebookPersist.Benchmarks;

/// <summary>A model in libtorch, where it loads: the package is not part of a build that does not ask for it, and it wants a newer C++ library than some systems have.</summary>
internal sealed class TorchPeer : IPeer
{
    private readonly List<(string Type, TorchTensor[] Constants)> _steps = [];
    private readonly TorchTensor _input;

    /// <summary>Builds the network step by step.</summary>
    public TorchPeer(IReadOnlyList<OnnxStep> steps, float[] input, int threads, params long[] inputShape)
    {
        torch.set_num_threads(threads); // Of the process: all peers of a table have the same number.
        foreach (OnnxStep step in steps)
            _steps.Add((step.Type, [.. step.Constants.Select(static c => torch.tensor(c.Values, [.. c.Shape.Select(static d => (long)d)]))]));
        _input = torch.tensor(input, inputShape);
    }

    /// <summary>Why it is left out; null where it is there.</summary>
    public static string? Fault { get; } = Load();

    public string Name => "libtorch";

    public void Run() => Forward().Dispose();

    public float[] Values()
    {
        using TorchTensor result = Forward();
        return result.data<float>().ToArray();
    }

    public void Dispose()
    {
        _input.Dispose();
        foreach (TorchTensor constant in _steps.SelectMany(static s => s.Constants))
            constant.Dispose();
    }

    // What lies between goes at once, as in a program of its own.
    private TorchTensor Forward()
    {
        using (torch.no_grad())
        {
            TorchTensor value = _input.alias();
            foreach ((string type, TorchTensor[] constants) in _steps)
            {
                TorchTensor next = Apply(type, value, constants);
                value.Dispose();
                value = next;
            }

            using (value)
                return value.contiguous();
        }
    }

    private static TorchTensor Apply(string type, TorchTensor x, TorchTensor[] c) => type switch
    {
        "Conv" => torch.nn.functional.conv2d(x, c[0], c.Length > 1 ? c[1] : null, padding: [(c[0].shape[2] - 1) / 2, (c[0].shape[3] - 1) / 2], groups: x.shape[1] / c[0].shape[1]),
        "Relu" => torch.nn.functional.relu(x),
        "Softmax" => torch.nn.functional.softmax(x, -1),
        "MaxPool" => torch.nn.functional.max_pool2d(x, 2, 2),
        "Transpose" => x.permute(0, 2, 3, 1),
        "Flatten" => x.flatten(1),
        "MatMul" => x.matmul(c[0]),
        "Add" => x + c[0],
        "Mul" => x * c[0],
        _ => throw new NotSupportedException($"No step {type}."),
    };

    private static string? Load()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            torch.set_num_threads(1);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or NotSupportedException or TypeInitializationException)
        {
            string[] lines = fault.GetBaseException().Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            // Many lines tell where its library was looked for and is not; the one wanted tells why it cannot be used where it is.
            return lines.Skip(1).LastOrDefault(static l => !l.Contains("LibTorchSharp", StringComparison.Ordinal) || !l.Contains("No such file", StringComparison.Ordinal)) ?? lines[0];
        }
    }
}
