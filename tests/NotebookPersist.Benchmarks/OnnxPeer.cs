using Microsoft.ML.OnnxRuntime;
using OrtOptions = Microsoft.ML.OnnxRuntime.SessionOptions;
using OrtRunOptions = Microsoft.ML.OnnxRuntime.RunOptions;

namespace NotebookPersist.Benchmarks;

/// <summary>A model in OnnxRuntime, with its input and its output kept.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly OrtRunOptions _run = new();
    private readonly InferenceSession _session;
    private readonly OrtValue _input;
    private readonly string _output;

    public OnnxPeer(OnnxModel model, float[] input, int threads, params long[] inputShape)
    {
        using var options = new OrtOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        using (model)
            _session = new InferenceSession(model.ToBytes(), options);
        _input = OrtValue.CreateTensorValueFromMemory(input, inputShape);
        _output = model.Output;
    }

    public float[] Run()
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_run, [OnnxModel.Input], [_input], [_output]);
        return outputs[0].GetTensorDataAsSpan<float>()[..1].ToArray();
    }

    /// <summary>All of the result.</summary>
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
