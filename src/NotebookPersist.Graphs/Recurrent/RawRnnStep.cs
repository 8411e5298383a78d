namespace NotebookPersist;

/// <summary>What the function of a raw recurrent network says of a step.</summary>
/// <param name="ElementsFinished">Whether each sequence of the batch is over. Shape: [batch]. DType: bool.</param>
/// <param name="NextInput">The input of the step. Shape: [batch, features].</param>
/// <param name="NextState">The state that the step begins with.</param>
/// <param name="EmitOutput">What the step before gave, to be kept; null for the cell's output.</param>
/// <param name="LoopState">Values that the function hands on to itself; null for none, at a later call for those of the call before.</param>
/// <remarks>The first call, which has no step before it, tells the initial input, state and loop state, and by its output the shape and type of those kept.</remarks>
public sealed record RawRnnStep(
    Output ElementsFinished,
    Output NextInput,
    IReadOnlyList<Output> NextState,
    Output? EmitOutput = null,
    IReadOnlyList<Output>? LoopState = null);
