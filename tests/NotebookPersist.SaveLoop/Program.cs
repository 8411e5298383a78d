using NotebookPersist;

// Saves a model over and over until it is killed: SaveLoop FOLDER FIRST_STEP MODE
// All values of a checkpoint are its step, so that a mixture of two saves shows.
string folder = args[0];
int step = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
string mode = args[2];

var graph = new Graph();
var variables = new[] { 100_000, 1000, 1 }.Select((size, i) => graph.Variable(graph.Fill(new[] { size }, 0f), name: $"v{i}")).ToArray();
Output value = graph.Placeholder(DType.Float32, Shape.Scalar, "value");
Operation assign = graph.Group([.. variables.Select((v, i) => graph.Assign(v.Reference, graph.Fill(new[] { (int)v.Shape.ElementCount }, value)).Operation)], "assign");
using var session = new Session(graph);
var saver = new Saver(graph: graph, maxToKeep: 3);
if (CheckpointStates.Get(folder) is { } state)
    saver.RecoverLastCheckpoints(state.AllModelCheckpointPaths);
Console.WriteLine("ready");
while (true)
{
    session.Run(assign, new FeedDict { ["value:0"] = (float)step });
    string prefix = Path.Combine(folder, "model");
    if (mode == "same")
        saver.Save(session, prefix);
    else
        saver.Save(session, prefix, step, options: new SaveOptions { Incremental = mode == "incremental" });
    step++;
}
