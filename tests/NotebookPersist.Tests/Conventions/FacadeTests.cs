using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace NotebookPersist.Tests.Conventions;

public sealed class FacadeTests
{
    // Builders that TensorFlow's own module does not show either, and why.
    private static readonly Dictionary<string, string> NotForCells = new(StringComparer.Ordinal)
    {
        ["AddV2"] = "the operator + makes it",
        ["ConcatOffset"] = "only the gradient of Concat makes it",
        ["Convert"] = "tf.ConvertToTensor is its name there",
        ["PreventGradient"] = "only gradients make it",
        ["RestoreV2"] = "a Saver makes it",
        ["Save"] = "a Saver makes it",
        ["SaveSlices"] = "a Saver makes it",
        ["SaveV2"] = "a Saver makes it",
        ["ShardedFilename"] = "a Saver makes it",
        ["VariableV2"] = "a Variable makes it",
    };

    [Fact]
    public void Every_builder_is_in_the_facade_but_those_with_a_reason()
    {
        HashSet<string> shown = [.. new[] { typeof(tf), typeof(tf.Nn), typeof(tf.Strings), typeof(tf.Train), typeof(tf.Linalg), typeof(tf.Signal), typeof(tf.Image) }
            .SelectMany(static t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(static m => m.Name)];
        IEnumerable<string> missing = Builders().Where(b => !shown.Contains(b)).Order(StringComparer.Ordinal);
        Assert.Equal(NotForCells.Keys.Order(StringComparer.Ordinal), missing);
    }

    private static IEnumerable<string> Builders() => typeof(GraphOps)
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(static m => m.IsDefined(typeof(ExtensionAttribute), inherit: false) && m.GetParameters()[0].ParameterType == typeof(Graph))
        .Select(static m => m.Name)
        .Distinct();
}
