using System.Runtime.InteropServices;
using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace NotebookPersist.Benchmarks;

/// <summary>A model in OpenCV's own engine for networks, on the processor.</summary>
internal sealed class OpenCvPeer : IPeer
{
    private readonly Net _net;
    private readonly Mat _input;
    private readonly float[] _values;

    /// <summary>Reads the model that the other peer reads.</summary>
    /// <exception cref="OpenCVException">OpenCV does not know what the model holds.</exception>
    public OpenCvPeer(byte[] model, float[] input, int threads, params long[] inputShape)
    {
        Cv2.SetNumThreads(threads); // Of the process: all peers of a table have the same number.
        _net = CvDnn.ReadNetFromOnnx(model) ?? throw new OpenCVException("The model was not read.");
        _net.SetPreferableBackend(Backend.OPENCV);
        _net.SetPreferableTarget(Target.CPU);
        _values = GC.AllocateUninitializedArray<float>(input.Length, pinned: true);
        input.CopyTo(_values, 0);
        _input = Mat.FromPixelData([.. inputShape.Select(static d => (int)d)], MatType.CV_32FC1, Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0));
        _net.SetInput(_input);
        Run(); // What it cannot run it tells only now.
    }

    public string Name => "OpenCV";

    public void Run() => _net.Forward().Dispose();

    public float[] Values()
    {
        using Mat output = _net.Forward();
        float[] values = new float[output.Total()];
        Marshal.Copy(output.Data, values, 0, values.Length);
        return values;
    }

    public void Dispose()
    {
        _net.Dispose();
        _input.Dispose();
    }
}
