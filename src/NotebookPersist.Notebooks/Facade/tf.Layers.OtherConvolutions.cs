namespace NotebookPersist;

public static partial class tf
{
    public static partial class Layers
    {
        /// <inheritdoc cref="LayerFunctions.Conv1D"/>
        public static Output Conv1D(
            Output inputs,
            int filters,
            int kernelSize,
            int strides = 1,
            string padding = "valid",
            string dataFormat = "channels_last",
            int dilationRate = 1,
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv1D(inputs, filters, kernelSize, strides, padding, dataFormat, dilationRate, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.Conv3D"/>
        public static Output Conv3D(
            Output inputs,
            int filters,
            VolumeSize kernelSize,
            VolumeSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            VolumeSize? dilationRate = null,
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? kernelInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? kernelRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.Conv3D(inputs, filters, kernelSize, strides, padding, dataFormat, dilationRate, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.SeparableConv2D"/>
        public static Output SeparableConv2D(
            Output inputs,
            int filters,
            WindowSize kernelSize,
            WindowSize? strides = null,
            string padding = "valid",
            string dataFormat = "channels_last",
            int depthMultiplier = 1,
            LayerActivation? activation = null,
            bool useBias = true,
            IInitializer? depthwiseInitializer = null,
            IInitializer? pointwiseInitializer = null,
            IInitializer? biasInitializer = null,
            Func<Output, Output?>? depthwiseRegularizer = null,
            Func<Output, Output?>? pointwiseRegularizer = null,
            Func<Output, Output?>? biasRegularizer = null,
            bool trainable = true,
            string? name = null,
            VariableReuse reuse = default) =>
            LayerFunctions.SeparableConv2D(inputs, filters, kernelSize, strides, padding, dataFormat, depthMultiplier, activation, useBias, depthwiseInitializer, pointwiseInitializer, biasInitializer, depthwiseRegularizer, pointwiseRegularizer, biasRegularizer, trainable, name, reuse);

        /// <inheritdoc cref="LayerFunctions.MaxPooling1D"/>
        public static Output MaxPooling1D(Output inputs, int poolSize, int strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.MaxPooling1D(inputs, poolSize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="LayerFunctions.AveragePooling1D"/>
        public static Output AveragePooling1D(Output inputs, int poolSize, int strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.AveragePooling1D(inputs, poolSize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="LayerFunctions.MaxPooling3D"/>
        public static Output MaxPooling3D(Output inputs, VolumeSize poolSize, VolumeSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.MaxPooling3D(inputs, poolSize, strides, padding, dataFormat, name);

        /// <inheritdoc cref="LayerFunctions.AveragePooling3D"/>
        public static Output AveragePooling3D(Output inputs, VolumeSize poolSize, VolumeSize strides, string padding = "valid", string dataFormat = "channels_last", string? name = null) =>
            LayerFunctions.AveragePooling3D(inputs, poolSize, strides, padding, dataFormat, name);
    }
}
