using Microsoft.ML.OnnxRuntime;
using OrtOptions = Microsoft.ML.OnnxRuntime.SessionOptions;
using OrtRunOptions = Microsoft.ML.OnnxRuntime.RunOptions;

namespace NotebookPersist.Benchmarks;

/// <summary>A model in OnnxRuntime, with its input and its output kept.</summary>
internal sealed class OnnxPeer : IPeer
{
    private readonly OrtRunOptions _run = new();
    private readonly InferenceSession _session;
    private readonly OrtValue _input;
    private readonly string _output;

    public OnnxPeer(byte[] model, string output, float[] input, int threads, params long[] inputShape)
    {
        using var options = new OrtOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(model, options);
        _input = OrtValue.CreateTensorValueFromMemory(input, inputShape);
        _output = output;
    }

    public string Name => "OnnxRuntime";

    public void Run() => _session.Run(_run, [OnnxModel.Input], [_input], [_output]).Dispose();

    /// <summary>Computes the result into memory that is there: of use where making room for it would take longer than the work.</summary>
    /// <param name="result">As large as the result.</param>
    /// <param name="shape">The result's shape.</param>
    /// <returns>What to call, as often as wanted.</returns>
    public Action Into(float[] result, params long[] shape)
    {
        OrtValue output = OrtValue.CreateTensorValueFromMemory(result, shape);
        return () => _session.Run(_run, [OnnxModel.Input], [_input], [_output], [output]);
    }

    public float[] Values()
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_run, [OnnxModel.Input], [_input], [_output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _input.Dispose();
        _session.Dispose();
        _run.Dispose();
    }
}
