namespace NotebookPersist.Notebooks.Magics;

internal sealed class WhosMagic() : Magic("#!whos", "Shows the notebook's variables: type, shape and size of tensors, and values.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(VariableList.Of(call.Workspace));
}
