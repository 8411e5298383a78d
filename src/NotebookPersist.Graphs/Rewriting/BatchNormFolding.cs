using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>Multiplies batch normalisations, and products with constants, into the weights of the layer before them.</summary>
/// <remarks>
/// <c>(w * x + b) * s + o</c> is <c>(w * s) * x + (b * s + o)</c>. The sum becomes a BiasAdd with the name of the normalisation, as in TensorFlow's
/// fold_batch_norms; weights that others use too are left for them. Only float32.
/// </remarks>
internal static class BatchNormFolding
{
    public static int Apply(RewrittenGraph graph)
    {
        int changed = 0;
        Dictionary<string, NodeDef> nodes = graph.ByName();
        ILookup<string, (NodeDef Node, NodeInput Input)> uses = graph.Uses();
        foreach (string name in graph.Nodes.Select(static n => n.Name).ToArray())
        {
            if (!nodes.TryGetValue(name, out NodeDef? node) || Match(graph, node, nodes, uses) is not { } layer)
                continue;
            Fold(graph, node, layer);
            changed++;
            nodes = graph.ByName();
            uses = graph.Uses();
        }

        return changed;
    }

    private static Layer? Match(RewrittenGraph graph, NodeDef node, Dictionary<string, NodeDef> nodes, ILookup<string, (NodeDef Node, NodeInput Input)> uses)
    {
        if (node.Op is not ("Mul" or "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" or "BatchNormWithGlobalNormalization") || node.Input.Count < 2)
            return null;
        // Statistics that somebody reads would be gone, and who waits for the node would wait for another.
        if (node.Input.Any(static i => i.StartsWith('^')) || uses[node.Name].Any(static u => u.Input.Index != 0))
            return null;
        NodeDef? before = Sole(graph, node.Input[0], nodes, uses);
        if (node.Op == "Mul" && before is null or { Op: "Const" })
            before = Sole(graph, node.Input[1], nodes, uses);
        NodeDef? bias = before is { Op: "BiasAdd", Input.Count: 2 } ? before : null;
        NodeDef? layer = bias is null ? before : Sole(graph, bias.Input[0], nodes, uses);
        if (layer is not { Op: "Conv2D" or "DepthwiseConv2dNative" or "MatMul", Input.Count: 2 } || ChannelScale.Constant(layer.Input[1], nodes) is not { } weights)
            return null;
        bool isProduct = layer.Op == "MatMul";
        if (weights.Rank != (isProduct ? 2 : 4) || weights.Count == 0 || (isProduct && node.Op != "Mul"))
            return null;
        bool isTransposed = isProduct && layer.Attr.TryGetValue("transpose_b", out AttrValue? transposed) && transposed.B;
        int channels = (int)(layer.Op == "DepthwiseConv2dNative" ? weights.Shape[2] * weights.Shape[3] : weights.Shape[isTransposed ? 0 : weights.Rank - 1]);
        bool channelsFirst = layer.Attr.TryGetValue("data_format", out AttrValue? format) && format.S.ToStringUtf8() == "NCHW";
        if (ChannelScale.Of(node, channels, channelsFirst, nodes) is not { } scale)
            return null;
        float[]? biases = bias is null ? [] : ChannelScale.Constant(bias.Input[1], nodes) is { } values && values.Count == channels ? values.ToArray<float>() : null;
        return biases is null ? null : new Layer(layer, bias, biases, weights, isTransposed, scale, nodes[NodeInput.Parse(layer.Input[1]).Node], uses);
    }

    // The node that an input leads to, if nobody else uses it.
    private static NodeDef? Sole(RewrittenGraph graph, string input, Dictionary<string, NodeDef> nodes, ILookup<string, (NodeDef Node, NodeInput Input)> uses)
    {
        var source = NodeInput.Parse(input);
        return source.Index == 0 && !graph.IsKept(source.Node) && uses[source.Node].Count() == 1 ? nodes.GetValueOrDefault(source.Node) : null;
    }

    private static void Fold(RewrittenGraph graph, NodeDef node, Layer layer)
    {
        (double[] scale, double[]? offset) = layer.Scale;
        bool isAlone = layer.Uses[layer.WeightNode.Name].Count() == 1 && !graph.IsKept(layer.WeightNode.Name);
        string weightName = isAlone ? layer.WeightNode.Name : graph.FreeName(layer.Node.Name + "/folded_weights");
        NodeDef weights = RewrittenGraph.Constant(weightName, Scaled(layer.Weights, scale, layer.IsTransposed));
        layer.Node.Input[1] = weightName;
        int at = graph.Nodes.IndexOf(layer.Node);
        if (isAlone)
            graph.Nodes[graph.Nodes.IndexOf(layer.WeightNode)] = weights;
        else
            graph.Nodes.Insert(at++, weights);
        int place = graph.Nodes.IndexOf(node);
        if (layer.Bias is null && offset is null)
        {
            // Nothing is added: the layer itself takes the name that is asked for.
            graph.Nodes.RemoveAt(at);
            place -= at < place ? 1 : 0;
            layer.Node.Name = node.Name;
            graph.Nodes[place] = layer.Node;
            return;
        }

        float[] sum = new float[scale.Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = (float)((layer.Bias is null ? 0 : layer.Biases[i] * scale[i]) + (offset?[i] ?? 0));
        NodeDef offsets = RewrittenGraph.Constant(graph.FreeName(layer.Node.Name + "_bn_offset"), (Tensor)sum);
        var add = new NodeDef { Name = node.Name, Op = "BiasAdd", Device = node.Device };
        add.Input.AddRange([layer.Node.Name, offsets.Name]);
        add.Attr.Add("T", layer.Node.Attr["T"].Clone());
        if (layer.Node.Attr.TryGetValue("data_format", out AttrValue? format))
            add.Attr.Add("data_format", format.Clone());
        graph.Nodes[place] = add;
        graph.Nodes.Insert(place, offsets);
        if (layer.Bias is not null)
            graph.Nodes.Remove(layer.Bias);
    }

    // The channels are the last dimension, or the last two; of transposed matrices the first.
    private static Tensor Scaled(Tensor weights, double[] scale, bool isTransposed)
    {
        Tensor scaled = Tensor.Uninitialized(DType.Float32, weights.Shape);
        ReadOnlySpan<float> from = weights.Data<float>();
        Span<float> to = scaled.MutableData<float>();
        int row = from.Length / scale.Length;
        for (int i = 0; i < from.Length; i++)
            to[i] = (float)(from[i] * scale[isTransposed ? i / row : i % scale.Length]);
        return scaled;
    }

    private sealed record Layer(
        NodeDef Node,
        NodeDef? Bias,
        float[] Biases,
        Tensor Weights,
        bool IsTransposed,
        ChannelScale Scale,
        NodeDef WeightNode,
        ILookup<string, (NodeDef Node, NodeInput Input)> Uses);
}
