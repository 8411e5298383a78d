namespace NotebookPersist;

/// <summary>Labels of all operands and of the result, with the ellipsis written out: one label for each of its dimensions.</summary>
internal sealed record EinsumEquation(int[][] Inputs, int[] Output)
{
    // Labels of an ellipsis count down from its last dimension.
    private const int LastOfEllipsis = -1;

    /// <summary>Reads an equation for operands of given ranks.</summary>
    /// <exception cref="FormatException">The equation is malformed, or does not fit the ranks.</exception>
    public static EinsumEquation Parse(string equation, IReadOnlyList<int> ranks)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length != 2)
            throw new FormatException($"Expecting exactly one '->' in einsum equation: {equation}");
        string[] terms = sides[0].Split(',');
        if (terms.Length != ranks.Count)
            throw new FormatException($"Expected {ranks.Count} inputs in equation {equation} but got: {terms.Length}");
        int widest = 0;
        int[][] inputs = new int[terms.Length][];
        for (int i = 0; i < terms.Length; i++)
        {
            bool hasEllipsis = terms[i].Contains("...", StringComparison.Ordinal);
            int named = terms[i].Length - (hasEllipsis ? 3 : 0);
            int rest = ranks[i] - named;
            if (rest < 0 || (rest > 0 && !hasEllipsis))
                throw new FormatException($"Expected input {i} to have rank {(hasEllipsis ? "at least " : "")}{named} but got: {ranks[i]}");
            widest = Math.Max(widest, rest);
            inputs[i] = Labels(terms[i], rest, equation);
        }

        int[] output = Labels(sides[1], sides[1].Contains("...", StringComparison.Ordinal) ? widest : 0, equation);
        foreach (int label in output)
        {
            if (!inputs.Any(labels => labels.Contains(label)))
                throw new FormatException($"Einsum equation {equation} has a label in its result that no operand has: '{(char)label}'.");
        }

        return new EinsumEquation(inputs, output);
    }

    /// <summary>The equation with its result written out where it is not: labels that occur once, in alphabetical order.</summary>
    public static string Explicit(string equation)
    {
        if (equation.Contains("->", StringComparison.Ordinal))
            return equation;
        string letters = string.Concat(equation.Where(char.IsLetter));
        IEnumerable<char> single = letters.Where(l => letters.Count(other => other == l) == 1).Order();
        return $"{equation}->{(equation.Contains("...", StringComparison.Ordinal) ? "..." : "")}{string.Concat(single)}";
    }

    private static int[] Labels(string term, int ellipsis, string equation)
    {
        var labels = new List<int>();
        for (int i = 0; i < term.Length; i++)
        {
            if (char.IsAsciiLetter(term[i]))
            {
                labels.Add(term[i]);
            }
            else if (term.AsSpan(i).StartsWith("...") && term.LastIndexOf("...", StringComparison.Ordinal) == i)
            {
                for (int dimension = ellipsis - 1; dimension >= 0; dimension--)
                    labels.Add(LastOfEllipsis - dimension);
                i += 2;
            }
            else
            {
                throw new FormatException($"Invalid character '{term[i]}' in einsum equation {equation}: only letters, commas, one '->' and one '...' an operand may stand there.");
            }
        }

        return [.. labels];
    }

    /// <summary>The size of each label; dimensions of an ellipsis broadcast.</summary>
    /// <exception cref="FormatException">Operands disagree.</exception>
    public Dictionary<int, long> Sizes(IReadOnlyList<Shape> shapes)
    {
        var sizes = new Dictionary<int, long>();
        for (int i = 0; i < Inputs.Length; i++)
        {
            for (int axis = 0; axis < Inputs[i].Length; axis++)
            {
                (int label, long size) = (Inputs[i][axis], shapes[i][axis]);
                if (!sizes.TryGetValue(label, out long known) || known < 0 || (known == 1 && label < 0))
                    sizes[label] = known > 1 && size < 0 ? known : size;
                else if (size >= 0 && size != known && !(size == 1 && label < 0))
                    throw new FormatException($"Expected dimension {known} at axis {axis} of the input shaped {shapes[i]} but got dimension {size}");
            }
        }

        return sizes;
    }
}
