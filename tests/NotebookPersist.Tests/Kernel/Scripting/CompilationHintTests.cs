using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

[Collection(NotebookPersist.Tests.Tutorials.DefaultGraphCollection.Name)]
public sealed class CompilationHintTests : IDisposable
{
    private readonly NotebookHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("tf.Nn.Softmaxx(1f)", "Did you mean 'tf.Nn.Softmax'?")]
    [InlineData("tf.Train.AdamOptimizr(1)", "Did you mean 'tf.Train.AdamOptimizer'?")]
    [InlineData("tf.Mul(1f, 2f)", "Did you mean 'tf.Multiply'?")]
    [InlineData("tf.Graph()", "Did you mean 'new Graph()'?")]
    [InlineData("tf.GetDefaultGraph().Finalize();", "Did you mean 'tf.GetDefaultGraph().FinalizeGraph'?")]
    [InlineData("tf.ReduceSum(1f, reduction_indices: 0)", "Did you mean 'axis:'?")]
    [InlineData("tf.Data.Dataset.Range(3)", "There is no tf.Data: make batches in C# and feed them, 'new() { [x] = batch }'.")]
    [InlineData("tf.Placeholder(\"float\")", "Element types are tf.Float32, tf.Int64, tf.String and so on.")]
    [InlineData("print(1)", "Write 'Console.WriteLine(…)', or the value alone, without ';', as the last line.")]
    [InlineData("using var s = new Session();", "A cell cannot hold a using declaration: write 'using (var x = …) { … }', or 'var x = …;' where later cells use it.")]
    [InlineData("#rr \"nuget: A\"", "Did you mean '#r'?")]
    [InlineData("#loda \"a.csx\"", "Did you mean '#load'?")]
    [InlineData("#R \"a.dll\"", "Did you mean '#r'?")]
    [InlineData("#restore ckpt/model", "Did you mean the magic '#!restore'?")]
    [InlineData("int x = 1;\n#Whos", "Did you mean the magic '#!whos'?")]
    [InlineData("#i \"https://example.org/v3/index.json\"", "Sources of packages are named as in '#i \"nuget: https://…\"', in the cell of the '#r \"nuget: …\"' that needs them.")]
    [InlineData("#load a.csx", "Write what it names in quotes: '#r \"nuget: NAME\"', '#r \"path.dll\"' or '#load \"file.csx\"'.")]
    [InlineData("#zzzzz", "error CS1024: Preprocessor directive expected")]
    [InlineData("new Saver(varList: tf.GetCollection(tf.GraphKeys.TrainableVariables))", "Of a collection say what is in it: tf.GetCollection<Variable>(…), <Output> or <Operation>.")]
    [InlineData("foreach (var v in tf.GetCollection(\"parts\")) Console.WriteLine(v.Name);", "Of a collection say what is in it: tf.GetCollection<Variable>(…), <Output> or <Operation>.")]
    [InlineData("var (o, state) = tf.Nn.DynamicRnn(null!, null!); state.H", "A state is a list: of an LSTM cell state[0] is c, state[1] is h.")]
    [InlineData("tf.SavedModel.SignatureDefUtils.PredictSignatureDef(null, null)", "Its functions are in 'tf.SavedModel' itself.")]
    [InlineData("SignatureDefs.Build(inputs: new())", "Write 'new Dictionary<…> { … }' with its types.")]
    [InlineData("tf.NotThere(1)", "'tf' does not contain a definition for 'NotThere'")]
    public async Task What_is_written_otherwise_here_is_told(string code, string expected)
    {
        CellResult result = await Run(code);
        Assert.Equal(CellStatus.Rejected, result.Status);
        Assert.EndsWith(expected, result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%matplotlib inline")]
    [InlineData("%%time\n1")]
    [InlineData("!pip install numpy")]
    public async Task Magics_of_IPython_are_told_as_such(string code) =>
        Assert.Contains("are magics of IPython: here they begin with '#!'", (await Run(code)).Error!.Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_of_a_cell_that_did_not_compile_is_told_with_that_cell()
    {
        await Run("var loss = tf.NotThere(1); var (a, b) = (1, 2);");
        CellResult missed = await Run("loss");
        Assert.EndsWith(". 'loss' is declared in Cell[1]: if that did not compile, mend and run it first.", missed.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("'b' is declared in Cell[1]", (await Run("b")).Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("declared in", (await Run("c")).Error!.Message, StringComparison.Ordinal);
    }

    private Task<CellResult> Run(string code) => _host.Cells.RunAsync(new CellRequest(code), new CellOutputList());
}
