using OpenCvSharp;

namespace NotebookPersist.Benchmarks;

/// <summary>The same model in every engine that runs here: OnnxRuntime, OpenCV, and libtorch where it loads.</summary>
internal sealed class Peers : IDisposable
{
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal);

    private readonly OnnxPeer _onnx;
    private readonly List<IPeer> _others = [];

    /// <summary>Gives each engine the model; who cannot run it is told of once and left out.</summary>
    public Peers(OnnxModel model, float[] input, int threads, params long[] inputShape)
    {
        using (model)
        {
            byte[] bytes = model.ToBytes();
            _onnx = new OnnxPeer(bytes, model.Output, input, threads, inputShape);
            Join("OpenCV", () => new OpenCvPeer(bytes, input, threads, inputShape));
            if (TorchPeer.Fault is null)
                Join("libtorch", () => new TorchPeer(model.Steps, input, threads, inputShape));
            else
                Tell($"libtorch is left out (a build with -p:WithLibTorch=true brings it): {TorchPeer.Fault}");
        }
    }

    /// <summary>Compares a result with everybody's: a fast wrong answer is worth nothing.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void Compare(float[] own)
    {
        foreach (IPeer peer in (IPeer[])[_onnx, .. _others])
            KernelBenchmarks.Compare(own, peer.Values(), peer.Name);
    }

    /// <summary>A contest of all with our way; OnnxRuntime, which the others are compared with, comes first.</summary>
    /// <param name="title">Of the table.</param>
    /// <param name="own">Our way.</param>
    public Contest Contest(string title, Action own) => Join(new Contest(title).Add(_onnx.Name, _onnx.Run), own);

    /// <summary>The same, and OnnxRuntime has memory for its result, of use where making room for it would take longer than the work.</summary>
    /// <param name="title">Of the table.</param>
    /// <param name="own">Our way.</param>
    /// <param name="resultShape">The result's shape.</param>
    public Contest Contest(string title, Action own, params int[] resultShape)
    {
        float[] result = new float[resultShape.Aggregate(static (a, b) => a * b)];
        return Join(new Contest(title).Add(_onnx.Name, _onnx.Into(result, [.. resultShape.Select(static d => (long)d)])), own);
    }

    public void Dispose()
    {
        _onnx.Dispose();
        foreach (IPeer peer in _others)
            peer.Dispose();
    }

    private Contest Join(Contest contest, Action own)
    {
        contest.Add("NotebookPersist", own);
        foreach (IPeer peer in _others)
            contest.Add(peer.Name, peer.Run);
        return contest;
    }

    private void Join(string name, Func<IPeer> make)
    {
        try
        {
            _others.Add(make());
        }
        catch (Exception fault) when (fault is OpenCVException or DllNotFoundException or TypeInitializationException)
        {
            Tell($"{name} is left out: {fault.GetBaseException().Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Tell(string line)
    {
        if (Told.Add(line))
            Console.WriteLine($"\n{line}");
    }
}
