using System.Globalization;
using NotebookPersist.Notebooks;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Notebooks;

/// <summary>Cells that are changed and run again, in any order, failing or not: the graph is as if only the latest run of each had happened.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class RerunTests
{
    private const int TrialCount = 400;
    private const int RunCount = 14;
    private const int CellCount = 5;

    [Fact]
    public void Random_edits_leave_what_a_fresh_run_of_the_latest_cells_makes()
    {
        for (int seed = 0; seed < TrialCount; seed++)
        {
            var random = new Random(seed);
            var notebook = new Notebook();
            Cell[] cells = [.. Enumerable.Range(0, CellCount).Select(i => new Cell(((char)('a' + i)).ToString(), []))];
            var order = new List<Cell>();
            var log = new List<string>();
            for (int run = 0; run < RunCount; run++)
            {
                int index = random.Next(CellCount);
                if (cells[index].Statements.Count == 0 || random.Next(3) > 0)
                    cells[index] = Change(random, cells[index], index);
                Queue<Cell> pending = new([cells[index]]);

                // As the warning asks for: cells whose operations went with those of another run again.
                for (int rounds = 0; pending.TryDequeue(out Cell? cell); rounds++)
                {
                    Assert.True(rounds < 1000, $"Seed {seed}: the cells never settle.");
                    order.RemoveAll(c => c.Id == cell.Id);
                    order.Add(cell);
                    IReadOnlyList<string> affected = notebook.Run(cell);
                    log.Add($"{cell} (then {string.Join(' ', affected)})");
                    foreach (Cell other in order.Where(c => affected.Contains(c.Id) && pending.All(p => p.Id != c.Id)).ToArray())
                        pending.Enqueue(other);
                }
            }

            var fresh = new Notebook();
            foreach (Cell cell in order)
                fresh.Run(cell);
            string history = $"Seed {seed}, cells in the order of their latest runs:\n{string.Join("\n", order)}\nAll runs:\n{string.Join("\n", log)}\n";
            Assert.True(fresh.Describe() == notebook.Describe(), $"{history}Fresh:\n{fresh.Describe()}\nRun again and again:\n{notebook.Describe()}");
        }
    }

    [Fact]
    public void Items_of_collections_that_name_no_operation_go_with_their_cell()
    {
        var notebook = new Notebook();
        var cell = new Cell("a", [(n => n.Graph.AddToCollection("rates", 0.5), "add 0.5")]);
        notebook.Run(cell);
        notebook.Run(new Cell("b", [(n => n.Graph.AddToCollection("rates", 0.1), "add 0.1")]));
        notebook.Run(cell);
        Assert.Equal([0.1, 0.5], notebook.Graph.GetCollection("rates"));
        notebook.Run(new Cell("a", [(static _ => { }, "nothing")]));
        Assert.Equal([0.1], notebook.Graph.GetCollection("rates"));
    }

    [Fact]
    public void A_value_of_a_cell_that_was_run_again_is_refused_in_words()
    {
        var notebook = new Notebook();
        notebook.Run(new Cell("a", [(n => n["w"] = n.Graph.Variable(1f, name: "w"), "w")]));
        var stale = (Variable)notebook["w"]!;
        notebook.Run(new Cell("a", [(static _ => { }, "nothing")]));
        string message = Assert.Throws<GraphException>(() => notebook.Graph.Identity(stale.Value)).Message;
        Assert.Contains("'w/read:0' is no longer in the graph: the cell that made it", message, StringComparison.Ordinal);
        Assert.Throws<GraphException>(() => notebook.Graph.AddToCollection("x", stale));
        Assert.Throws<GraphException>(() => notebook.Graph.ControlDependencies(stale.Initializer));
        Assert.Empty(notebook.Graph.Operations);
    }

    [Fact]
    public void An_initialiser_that_another_cell_replaced_comes_back_when_that_cell_is_run_without_it()
    {
        var notebook = new Notebook();
        notebook.Run(new Cell("a", [(n => n["w"] = n.Graph.Variable(1f, name: "w"), "w")]));
        var variable = (Variable)notebook["w"]!;
        Operation first = variable.Initializer;
        notebook.Run(new Cell("b", [(n =>
        {
            Output value = n.Graph.Constant(7f);
            variable.ReplaceInitializer(n.Graph.Assign(variable.Reference, value).Operation, value);
        }, "replace")]));
        Assert.NotEqual(first, variable.Initializer);
        notebook.Run(new Cell("b", [(static _ => { }, "nothing")]));
        Assert.Equal(first, variable.Initializer);
        using var session = new Session(notebook.Graph);
        session.Run(notebook.Graph.GlobalVariablesInitializer());
        Assert.Equal(1f, (float)session.Run(variable));
    }

    [Fact]
    public void A_cell_that_failed_to_make_an_operation_gets_its_name_when_it_is_mended()
    {
        var notebook = new Notebook();
        notebook.Run(new Cell("a", [(n => n.Graph.MatMul(n.Graph.Constant(new float[2, 3], name: "x"), n.Graph.Constant(new float[2, 3], name: "w"), name: "y"), "y")]));
        Assert.DoesNotContain(notebook.Graph.Operations, static o => o.Name == "y");
        notebook.Run(new Cell("b", [(n => n.Graph.Constant(1f, name: "y"), "y")]));
        Assert.Contains(notebook.Graph.Operations, static o => o.Name == "y");
    }

    [Fact]
    public void A_recurrent_cell_of_another_cell_makes_its_variables_again()
    {
        var notebook = new Notebook();
        notebook.Run(new Cell("a", [(n => n["cell"] = new MultiRnnCell([new BasicLstmCell(3), new GruCell(2)]), "cell")]));
        var use = new Cell("b", [(n =>
        {
            var cell = (RnnCell)n["cell"]!;
            Output x = n.Graph.Constant(new float[2, 4]);
            n["y"] = cell.Call(x, cell.ZeroState(n.Graph, 2, DType.Float32)).Output;
        }, "use")]);
        notebook.Run(use);
        string first = notebook.Describe();
        notebook.Run(use);
        Assert.Equal(first, notebook.Describe());
        Assert.Equal(6, ((RnnCell)notebook["cell"]!).Variables.Count);
    }

    [Fact]
    public void A_seed_goes_with_the_cell_that_set_it()
    {
        var notebook = new Notebook();
        notebook.Run(new Cell("a", [(n => n.Graph.Seed = 3, "seed"), (n => n.Graph.UseResourceVariables = true, "resource")]));
        notebook.Run(new Cell("b", [(static _ => { }, "nothing")]));
        Assert.Equal((3, true), (notebook.Graph.Seed, notebook.Graph.UseResourceVariables));
        notebook.Run(new Cell("a", [(static _ => { }, "nothing")]));
        Assert.Equal((null, false), (notebook.Graph.Seed, notebook.Graph.UseResourceVariables));
    }

    // Names carry their cell, so that they do not depend on which other cell came first.
    private static Cell Change(Random random, Cell cell, int index)
    {
        var statements = new List<(Action<Notebook>, string)>();
        for (int i = random.Next(1, 6); i > 0; i--)
            statements.Add(Statement(random, cell.Id, index));
        return cell with { Statements = statements };
    }

    private static (Action<Notebook> Do, string Text) Statement(Random random, string cell, int index)
    {
        string name = cell + random.Next(2).ToString(CultureInfo.InvariantCulture);
        string scope = cell + "scope";

        // What a cell above declares. Cells are run in any order; what two of them need of each other no order could give.
        string source = ((char)('a' + random.Next(Math.Max(index, 1)))).ToString() + random.Next(2).ToString(CultureInfo.InvariantCulture);
        double number = random.Next(100);
        return random.Next(13) switch
        {
            0 or 1 => (n => n[name] = n.Graph.Variable((float)number, name: name), $"{name} = Variable({number})"),
            2 => (n => n[name] = n.Graph.Constant((float)number, name: name), $"{name} = Constant({number})"),
            3 or 4 => (n => n[name] = n.Graph.Add(n.Value(source), n.Value(source), name: name + "sum"), $"{name} = {source} + {source}"),
            5 => (n => n.Graph.AddToCollection("numbers", number), $"collect {number}"),
            6 => (n => n.Graph.AddToCollection("outputs", n.Value(name)), $"collect {name}"),
            7 => (n => n[name] = InScope(n.Graph, scope, () => n.Graph.GetVariable("w", [1], initializer: new ConstantInitializer(number))), $"{name} = GetVariable({scope}/w)"),
            // It is built on the variables of all cells, so that only the last one may make it.
            8 when index == CellCount - 1 => (n => n[cell + "saver"] = new Saver(graph: n.Graph, name: cell + "save"), $"{cell}saver = Saver()"),
            9 => (static _ => throw new InvalidOperationException("The cell fails here."), "throw"),
            10 => (n => n[name] = n.Graph.Cond(n.Graph.Constant(true, name: name + "flag"), () => n.Graph.Identity(n.Value(source)), () => n.Graph.Constant(1f, name: name + "else"), name: name + "cond"), $"{name} = Cond({source})"),
            11 => (n => Controlled(n, source, name, number), $"{name} = Constant({number}) after {source}"),
            _ => (n => n[name] = LayerFunctions.Dense(n.Graph.Constant(new float[1, 2], name: name + "in"), 3, name: name + "layer"), $"{name} = Dense"),
        };
    }

    private static Variable InScope(Graph graph, string scope, Func<Variable> make)
    {
        using (graph.VariableScope(scope, VariableReuse.Auto))
            return make();
    }

    private static void Controlled(Notebook notebook, string source, string name, double number)
    {
        using (notebook.Graph.ControlDependencies(notebook.Value(source)))
            notebook[name] = notebook.Graph.Constant((float)number, name: name);
    }

    private sealed record Cell(string Id, IReadOnlyList<(Action<Notebook> Do, string Text)> Statements)
    {
        public override string ToString() => $"{Id}: {string.Join("; ", Statements.Select(static s => s.Text))}";
    }

    /// <summary>A graph with its workspace and the variables of the cells.</summary>
    private sealed class Notebook
    {
        private readonly Dictionary<string, object> _variables = new(StringComparer.Ordinal);
        private readonly Workspace _workspace;

        public Notebook() => _workspace = new Workspace(() => [new KeyValuePair<string, object?>("graph", Graph), .. _variables.Select(static v => KeyValuePair.Create(v.Key, (object?)v.Value))]);

        public Graph Graph { get; } = new();

        public object? this[string name]
        {
            get => _variables.GetValueOrDefault(name);
            set => _variables[name] = value!; // Cells assign what they made.
        }

        // A fresh run does not have what is no longer in the graph; that it is refused is tested on its own.
        public Output Value(string name)
        {
            Output? value = _variables.GetValueOrDefault(name) switch { Variable variable => variable.Value, Output output => output, _ => null };
            return value is not null && Graph.TryGetOperation(value.Operation.Name, out Operation? own) && own == value.Operation
                ? value
                : throw new InvalidOperationException($"There is no variable '{name}'.");
        }

        /// <returns>Ids of other cells that lost operations.</returns>
        public IReadOnlyList<string> Run(Cell cell)
        {
            Dictionary<string, string?> before = Graph.Operations.ToDictionary(static o => o.Name, static o => o.Cell);
            _workspace.BeginCell(cell.Id);
            string[] affected = [.. before.Where(o => o.Value != cell.Id && !Graph.TryGetOperation(o.Key, out _)).Select(static o => o.Value).OfType<string>().Distinct()];
            try
            {
                foreach ((Action<Notebook> statement, _) in cell.Statements)
                    statement(this);
            }
            catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
            {
                // The cell ends here, as it would in a notebook.
            }
            finally
            {
                _workspace.EndCell();
            }

            return affected;
        }

        /// <summary>Everything that could differ: nodes, collections, what the savers that still have their nodes save, and which names come next.</summary>
        public string Describe()
        {
            _workspace.BeginCell("probe");
            string[] savers = [.. _variables.Where(v => v.Value is Saver saver && Graph.TryGetOperation(saver.Definition.RestoreOpName, out _))
                .OrderBy(static v => v.Key, StringComparer.Ordinal).Select(static v => $"{v.Key}: {string.Join(", ", ((Saver)v.Value).Names.Order(StringComparer.Ordinal))}")];
            string[] collections = [.. Graph.CollectionKeys.Select(k => $"{k}: {string.Join(", ", Graph.GetCollection(k).Select(static i => i switch { Output o => o.Name, Variable v => v.Name, _ => i.ToString() }))}")];
            string[] next = [.. Enumerable.Range(0, CellCount).SelectMany(i => new[] { "0", "1", "scope", "save", "0sum", "0layer" }.Select(s => Graph.UniqueName((char)('a' + i) + s)))];
            return string.Join('\n', [Graph.ToGraphDef(addShapes: true).ToString(), .. savers, .. collections, .. next]);
        }
    }
}
