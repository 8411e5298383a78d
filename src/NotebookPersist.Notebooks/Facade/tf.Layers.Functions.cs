using System.Runtime.CompilerServices;

namespace NotebookPersist;

public static partial class tf
{
    // What a cell writes as x => tf.Nn.LeakyRelu(x, alpha: 0.1f), or a function of its own.
    public static partial class Layers
    {
        /// <summary>As the other, with any function of the sums as activation.</summary>
        /// <inheritdoc cref="LayerFunctions.Dense"/>
        [OverloadResolutionPriority(-1)]
        public static Output Dense(
            Output inputs,
            int units,
            Func<Output, Output> activation,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Dense(inputs, units, Unnamed(activation), useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <summary>As the other, with any function of the sums as activation.</summary>
        /// <inheritdoc cref="LayerFunctions.Conv2D"/>
        [OverloadResolutionPriority(-1)]
        public static Output Conv2D(
            Output inputs,
            int filters,
            WindowSize kernelSize,
            Func<Output, Output> activation,
            WindowSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            WindowSize? dilationRate = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv2D(inputs, filters, kernelSize, strides, padding, dataFormat, dilationRate, Unnamed(activation), useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <summary>As the other, with any function of the sums as activation.</summary>
        /// <inheritdoc cref="LayerFunctions.Conv2DTranspose"/>
        [OverloadResolutionPriority(-1)]
        public static Output Conv2DTranspose(
            Output inputs,
            int filters,
            WindowSize kernelSize,
            Func<Output, Output> activation,
            WindowSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv2DTranspose(inputs, filters, kernelSize, strides, padding, dataFormat, Unnamed(activation), useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <summary>As the other, with any function of the sums as activation.</summary>
        /// <inheritdoc cref="LayerFunctions.Conv1D"/>
        [OverloadResolutionPriority(-1)]
        public static Output Conv1D(
            Output inputs,
            int filters,
            int kernelSize,
            Func<Output, Output> activation,
            int strides = 1,
            string padding = "valid",
            string dataFormat = "channels_last",
            int dilationRate = 1,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv1D(inputs, filters, kernelSize, strides, padding, dataFormat, dilationRate, Unnamed(activation), useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        private static LayerActivation? Unnamed(Func<Output, Output>? activation) => activation is null ? null : (features, _) => activation(Graph.Convert(features));
    }
}
