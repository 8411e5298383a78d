using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>Every operation of op-recipes.txt with every element type that its definition allows, one at a time.</summary>
public sealed class EveryTypeTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_allowed_element_type_runs_and_gives_the_values_of_the_others()
    {
        var faults = new List<string>();
        int ran = 0, operations = 0;
        foreach (OpRecipe recipe in OpRecipe.All())
        {
            operations++;
            string name = recipe.Op.Signature.Name;
            Dictionary<string, DType> basis = recipe.Basis();
            Tensor[]? expected = Try(recipe, basis, out string? fault);
            if (expected is null)
            {
                faults.Add($"{name}: {fault}");
                continue;
            }

            foreach ((string attr, DType type, bool refused) in recipe.Variations())
            {
                Tensor[]? actual = Try(recipe, recipe.With(attr, type), out fault);
                fault ??= recipe.IsFormOnly || type == DType.Bool ? null : Difference(expected, actual!);
                ran++;
                if (refused && actual is not null)
                    faults.Add($"{name} with {attr}={type.Name()}: runs, and is listed as refused");
                else if (fault is not null && !refused)
                    faults.Add($"{name} with {attr}={type.Name()}: {fault}");
            }
        }

        output.WriteLine($"{operations} operations ran {ran} times.");
        Assert.True(faults.Count == 0, $"{faults.Count} of {ran}:\n{string.Join('\n', faults)}");
        Assert.True(ran > 3000, $"Only {ran} combinations ran.");
    }

    [Fact]
    public void Inputs_whose_shapes_are_not_known_before_the_run_give_the_same_values()
    {
        var faults = new List<string>();
        foreach (OpRecipe recipe in OpRecipe.All())
        {
            Dictionary<string, DType> basis = recipe.Basis();
            Tensor[]? expected = Try(recipe, basis, out string? fault);
            Tensor[]? actual = fault is null ? Try(recipe, basis, out fault, isFed: true) : null;
            fault ??= recipe.IsFormOnly ? null : Difference(expected!, actual!);
            if (fault is not null)
                faults.Add($"{recipe.Op.Signature.Name}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>One size of the first input, and of all inputs of its shape, is 0: then operations give a result, or say what is wrong.</summary>
    [Fact]
    public void Inputs_without_elements_are_computed_or_refused_in_words()
    {
        var faults = new List<string>();
        int ran = 0;
        foreach (OpRecipe recipe in OpRecipe.All().Where(static r => r.Shapes is [{ Rank: > 0 }, ..]))
        {
            for (int axis = 0; axis < recipe.Shapes[0].Rank; axis++)
            {
                Shape WithoutElements(Shape shape, int input)
                {
                    long[] sizes = shape.ToArray();
                    if (input == 0 || shape.Equals(recipe.Shapes[0]))
                        sizes[axis] = 0;
                    return sizes;
                }

                foreach (Dictionary<string, DType> types in Floats(recipe))
                {
                    try
                    {
                        recipe.Run(types, isFed: true, WithoutElements);
                        ran++;
                    }
                    catch (Exception e) when (e is GraphException or RunException { InnerException: KernelException })
                    {
                        if (recipe.IsPlain)
                            faults.Add($"{recipe.Op.Signature.Name}, axis {axis}: {e.Message}");
                    }
                    catch (Exception e)
                    {
                        faults.Add($"{recipe.Op.Signature.Name}, axis {axis}: {e.GetType().Name} {e.Message}");
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(ran > 1000, $"Only {ran} runs had no elements.");
    }

    [Fact]
    public void Elementwise_operations_take_scalars()
    {
        var faults = new List<string>();
        // A logarithm of probabilities needs an axis.
        foreach (OpRecipe recipe in OpRecipe.All().Where(static r => r.IsPlain && r.Op.Signature.Name != "LogSoftmax"))
        {
            try
            {
                Assert.All(recipe.Run(recipe.Basis(), isFed: true, static (_, _) => Shape.Scalar), static t => Assert.Equal(Shape.Scalar, t.Shape));
            }
            catch (Exception e) when (e is GraphException or RunException)
            {
                faults.Add($"{recipe.Op.Signature.Name}: {e.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<Dictionary<string, DType>> Floats(OpRecipe recipe)
    {
        Dictionary<string, DType> basis = recipe.Basis();
        yield return basis;
        foreach (DType type in new[] { DType.Float32, DType.Float16, DType.BFloat16, DType.Int32 })
        {
            if (recipe.Op.Signature.FindAttr("T") is { AllowedTypes: var allowed } && (allowed.Count == 0 || allowed.Contains(type)) && !recipe.Refuses(type))
                yield return recipe.With("T", type);
        }
    }

    private static Tensor[]? Try(OpRecipe recipe, Dictionary<string, DType> types, out string? fault, bool isFed = false)
    {
        try
        {
            fault = null;
            return recipe.Run(types, isFed);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NotSupportedException or InvalidCastException or FormatException)
        {
            fault = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
            return null;
        }
    }

    private static string? Difference(Tensor[] expected, Tensor[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Shape.Equals(actual[i].Shape))
                return $"output {i} has shape {actual[i].Shape} instead of {expected[i].Shape}";
            if (!IsNumber(expected[i].DType) || !IsNumber(actual[i].DType))
                continue;
            for (int k = 0; k < expected[i].Count; k++)
            {
                double e = Real(expected[i], k), a = Real(actual[i], k);
                // Integers and bools cannot hold all that floats hold.
                if (actual[i].DType.IsInteger() && (!double.IsInteger(e) || e < 0))
                    continue;
                double tolerance = actual[i].DType switch { DType.Float16 => 8e-3, DType.BFloat16 => 4e-2, DType.Float64 or DType.Complex128 => 2e-6, _ => 2e-5 };
                if (!e.Equals(a) && !(Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e))))
                    return $"output {i}, element {k} is {a:R} instead of {e:R}";
            }
        }

        return null;
    }

    private static bool IsNumber(DType type) => type.IsInteger() || type.IsFloating() || type.IsComplex();

    private static double Real(Tensor tensor, int index) => tensor.DType switch
    {
        DType.Complex64 => ((Complex)tensor.Data<Complex64>()[index]).Real,
        DType.Complex128 => tensor.Data<Complex>()[index].Real,
        _ => tensor.ItemAt<double>(index),
    };
}
