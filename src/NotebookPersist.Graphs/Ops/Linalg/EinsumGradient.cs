using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The gradient of a sum of products: another one, of the gradient and the other operands.</summary>
internal static class EinsumGradient
{
    public static Output?[] Build(GradientContext g)
    {
        Graph graph = g.Graph;
        Shape[] shapes = [.. Enumerable.Range(0, g.InputCount).Select(i => g.X(i).Shape)];
        if (!Array.TrueForAll(shapes, static s => s.HasRank))
            throw new GraphException("The gradient of Einsum needs the ranks of its operands.", g.Operation.Name, g.Operation.Type);
        EinsumEquation equation = EinsumEquation.Parse(g.Attributes.String("equation"), [.. shapes.Select(static s => s.Rank)]);
        Dictionary<int, long> sizes = equation.Sizes(shapes);
        Dictionary<int, char> letters = Letters(equation);
        string Text(IEnumerable<int> labels) => string.Concat(labels.Select(l => letters[l]));

        var gradients = new Output?[shapes.Length];
        for (int i = 0; i < gradients.Length; i++)
        {
            int[] labels = equation.Inputs[i];
            // Broadcast dimensions are summed over, and come back by a change of shape.
            bool[] broadcast = [.. labels.Select((l, axis) => l < 0 && shapes[i][axis] == 1 && sizes[l] != 1)];
            int[] own = [.. labels.Where((_, axis) => !broadcast[axis])];
            var terms = new List<string> { Text(equation.Output) };
            var operands = new List<Operand> { g.Dy(0) };
            HashSet<int> known = [.. equation.Output];
            for (int other = 0; other < gradients.Length; other++)
            {
                if (other == i)
                    continue;
                // Other operands' broadcast dimensions of size 1 are dropped likewise.
                int[] axes = [.. Enumerable.Range(0, shapes[other].Rank).Where(a => equation.Inputs[other][a] >= 0 || shapes[other][a] != 1 || sizes[equation.Inputs[other][a]] == 1)];
                Output operand = Conjugate(graph, g.X(other));
                if (axes.Length < shapes[other].Rank)
                    operand = graph.Squeeze(operand, [.. Enumerable.Range(0, shapes[other].Rank).Except(axes)]);
                int[] theirs = [.. axes.Select(a => equation.Inputs[other][a])];
                terms.Add(Text(theirs));
                operands.Add(operand);
                known.UnionWith(theirs);
            }

            // What was only summed over takes the same gradient everywhere.
            foreach (int label in own.Distinct().Where(l => !known.Contains(l)))
            {
                Output size = graph.PartOf(graph.Shape(g.X(i)), Array.IndexOf(labels, label)..(Array.IndexOf(labels, label) + 1));
                terms.Add(Text([label]));
                operands.Add(graph.Cast(graph.Fill(size, 1f), g.X(i).DType));
            }

            Output dx = graph.Einsum($"{string.Join(',', terms)}->{Text(own)}", [.. operands]);
            gradients[i] = own.Length < labels.Length ? graph.Reshape(dx, graph.Shape(g.X(i))) : dx;
        }

        return gradients;
    }

    private static Output Conjugate(Graph graph, Output x) => x.DType is DType.Complex64 or DType.Complex128 ? graph.Conjugate(x) : x;

    private static Dictionary<int, char> Letters(EinsumEquation equation)
    {
        var letters = new Dictionary<int, char>();
        const string All = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        int[] labels = [.. equation.Inputs.SelectMany(static l => l).Distinct()];
        foreach (int label in labels.Where(static l => l >= 0))
            letters[label] = (char)label;
        foreach (int label in labels.Where(static l => l < 0))
            letters[label] = All.First(l => !letters.ContainsValue(l));
        return letters;
    }
}
