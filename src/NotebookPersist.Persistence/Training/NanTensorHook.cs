namespace NotebookPersist;

/// <summary>Ends training where a loss is no number any more.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.NanTensorHook</c>.</remarks>
public sealed class NanTensorHook(Output lossTensor, bool failOnNanLoss = true) : SessionRunHook
{
    private readonly Output _loss = lossTensor ?? throw new ArgumentNullException(nameof(lossTensor));

    /// <inheritdoc/>
    public override IReadOnlyList<Fetch> BeforeRun(MonitoredSession session) => [_loss];

    /// <inheritdoc/>
    /// <exception cref="ArithmeticException">The loss is no number, and training is to fail then.</exception>
    public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(values);
        Tensor loss = values[0]!; // Fetched as a value.
        if (!Enumerable.Range(0, loss.Count).Any(i => double.IsNaN(loss.ItemAt<double>(i))))
            return;
        if (failOnNanLoss)
            throw new ArithmeticException($"NaN loss during training: '{_loss.Name}' is {loss}. A smaller learning rate, or clipped gradients, may keep it finite.");
        session.RequestStop();
    }
}
