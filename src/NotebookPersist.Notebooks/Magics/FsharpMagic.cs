namespace NotebookPersist.Notebooks.Magics;

internal sealed class FsharpMagic() : Magic(
    Name,
    "Runs the lines below as F#, up to the next line of '#!csharp' or another such magic. The notebook itself is 'notebook', and 'display x' shows a value. "
        + "'#!share --from csharp x' among the lines brings a C# variable; in C#, '#!share --from fsharp y' brings one of F#.")
{
    private const string Language = "fsharp";

    private new const string Name = "#!" + Language;

    public override bool IsOfHost => true;

    public override bool TakesText => true;

    public override bool TakesCode => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) =>
        Task.FromResult<object?>(call.Host.RunIn(Language, call.Text, cancellation));
}
