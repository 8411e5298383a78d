using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The gradient of taking patches of images or volumes.</summary>
internal static class PatchGradient
{
    /// <summary>Each element of a patch goes back to the place that it shows; the patches of an image of place numbers tell which.</summary>
    /// <typeparam name="TOp">Takes the patches.</typeparam>
    /// <param name="dimensions">2 for images, 3 for volumes.</param>
    /// <param name="attributes">Attributes that describe the windows.</param>
    public static GradientRule Of<TOp>(int dimensions, params string[] attributes)
        where TOp : Op => GradientRule.Via(g =>
        {
            Graph graph = g.Graph;
            Output shape = graph.Shape(g.X(0));
            Range inner = 1..(dimensions + 1);
            (Output batch, Output channels) = (graph.PartOf(shape, ..1), graph.PartOf(shape, (dimensions + 1)..));
            Output count = graph.ReduceProd(graph.PartOf(shape, inner));
            (Output one, Output open) = (graph.Constant(Tensor.Of<int>([1], [1])), graph.Constant(Tensor.Of<int>([1], [-1])));

            // Counted from 1: padding shows as 0, and as -1 falls out of the sum.
            Output numbers = graph.Reshape(graph.Range(1, count + 1), graph.Concat([one, graph.PartOf(shape, inner), one], 0));
            Output shown = graph.Reshape(graph.Add<TOp>(null, g.Copy(attributes), numbers), new[] { -1 }) - 1;
            Output arriving = graph.Transpose(graph.Reshape(g.Dy(0), graph.Concat([batch, open, channels], 0)), new[] { 1, 0, 2 });
            return [graph.Reshape(graph.Transpose(graph.UnsortedSegmentSum(arriving, shown, count), new[] { 1, 0, 2 }), shape)];
        });
}
