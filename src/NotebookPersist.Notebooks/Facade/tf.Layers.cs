namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Layers as functions, over the default graph.</summary>
    public static partial class Layers
    {
        /// <inheritdoc cref="LayerFunctions.BatchNormalization"/>
        public static Output BatchNormalization(
            Output inputs,
            int axis = -1,
            double momentum = 0.99,
            double epsilon = 1e-3,
            bool center = true,
            bool scale = true,
            IInitializer? betaInitializer = null,
            IInitializer? gammaInitializer = null,
            IInitializer? movingMeanInitializer = null,
            IInitializer? movingVarianceInitializer = null,
            Func<Output, Output?>? betaRegularizer = null,
            Func<Output, Output?>? gammaRegularizer = null,
            Operand training = default,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.BatchNormalization(inputs, axis, momentum, epsilon, center, scale, betaInitializer, gammaInitializer, movingMeanInitializer, movingVarianceInitializer, betaRegularizer, gammaRegularizer, training, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.Conv2D"/>
        public static Output Conv2D(
            Output inputs,
            int filters,
            WindowSize kernelSize,
            WindowSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            WindowSize? dilationRate = null,
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv2D(inputs, filters, kernelSize, strides, padding, dataFormat, dilationRate, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.Conv2DTranspose"/>
        public static Output Conv2DTranspose(
            Output inputs,
            int filters,
            WindowSize kernelSize,
            WindowSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv2DTranspose(inputs, filters, kernelSize, strides, padding, dataFormat, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.Dense"/>
        public static Output Dense(
            Output inputs,
            int units,
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Dense(inputs, units, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.Flatten"/>
        public static Output Flatten(Output inputs, string? name = null) =>
            LayerFunctions.Flatten(inputs, name);

        /// <inheritdoc cref="LayerFunctions.Dropout"/>
        public static Output Dropout(Output inputs, Operand? rate = null, Shape? noiseShape = null, int? seed = null, Operand training = default, string? name = null) =>
            LayerFunctions.Dropout(inputs, rate, noiseShape, seed, training, name);

        /// <inheritdoc cref="LayerFunctions.MaxPooling2D"/>
        public static Output MaxPooling2D(Output inputs, WindowSize poolSize, WindowSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.MaxPooling2D(inputs, poolSize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="LayerFunctions.AveragePooling2D"/>
        public static Output AveragePooling2D(Output inputs, WindowSize poolSize, WindowSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.AveragePooling2D(inputs, poolSize, strides, padding, dataFormat, name);
    }
}
