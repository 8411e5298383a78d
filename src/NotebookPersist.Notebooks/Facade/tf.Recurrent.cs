namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.MapFn(Graph, Func{Output, Output}, Operand, DType, int, bool, bool, bool, string)"/>
    public static Output MapFn(Func<Output, Output> fn, Operand elems, DType dtype = DType.Invalid, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, string? name = null) =>
        Graph.MapFn(fn, elems, dtype, parallelIterations, backProp, swapMemory, inferShape, name);

    /// <inheritdoc cref="GraphOps.MapFn(Graph, Func{IReadOnlyList{Output}, IReadOnlyList{Output}}, IReadOnlyList{Operand}, IReadOnlyList{DType}, int, bool, bool, bool, string)"/>
    public static IReadOnlyList<Output> MapFn(
        Func<IReadOnlyList<Output>, IReadOnlyList<Output>> fn, IReadOnlyList<Operand> elems, IReadOnlyList<DType>? dtypes = null, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, string? name = null) =>
        Graph.MapFn(fn, elems, dtypes, parallelIterations, backProp, swapMemory, inferShape, name);

    /// <inheritdoc cref="GraphOps.Scan(Graph, Func{Output, Output, Output}, Operand, Operand, int, bool, bool, bool, bool, string)"/>
    public static Output Scan(Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, bool reverse = false, string? name = null) =>
        Graph.Scan(fn, elems, initializer, parallelIterations, backProp, swapMemory, inferShape, reverse, name);

    /// <inheritdoc cref="GraphOps.Scan(Graph, Func{IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}}, IReadOnlyList{Operand}, IReadOnlyList{Operand}, int, bool, bool, bool, bool, string)"/>
    public static IReadOnlyList<Output> Scan(
        Func<IReadOnlyList<Output>, IReadOnlyList<Output>, IReadOnlyList<Output>> fn, IReadOnlyList<Operand> elems, IReadOnlyList<Operand>? initializer = null, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, bool reverse = false, string? name = null) =>
        Graph.Scan(fn, elems, initializer, parallelIterations, backProp, swapMemory, inferShape, reverse, name);

    /// <inheritdoc cref="GraphOps.Foldl"/>
    public static Output Foldl(Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, string? name = null) =>
        Graph.Foldl(fn, elems, initializer, parallelIterations, backProp, swapMemory, name);

    /// <inheritdoc cref="GraphOps.Foldr"/>
    public static Output Foldr(Func<Output, Output, Output> fn, Operand elems, Operand initializer = default, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, string? name = null) =>
        Graph.Foldr(fn, elems, initializer, parallelIterations, backProp, swapMemory, name);

    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.EmbeddingLookup(Graph, Variable, Operand, PartitionStrategy, double?, string)"/>
        public static Output EmbeddingLookup(Variable parameters, Operand ids, PartitionStrategy partitionStrategy = PartitionStrategy.Mod, double? maxNorm = null, string? name = null) =>
            Graph.EmbeddingLookup(parameters, ids, partitionStrategy, maxNorm, name);

        /// <inheritdoc cref="GraphOps.EmbeddingLookup(Graph, IReadOnlyList{Variable}, Operand, PartitionStrategy, double?, string)"/>
        public static Output EmbeddingLookup(IReadOnlyList<Variable> parameters, Operand ids, PartitionStrategy partitionStrategy = PartitionStrategy.Mod, double? maxNorm = null, string? name = null) =>
            Graph.EmbeddingLookup(parameters, ids, partitionStrategy, maxNorm, name);

        /// <inheritdoc cref="RecurrentFunctions.DynamicRnn"/>
        public static (Output Outputs, IReadOnlyList<Output> State) DynamicRnn(
            NotebookPersist.RnnCell cell,
            Output inputs,
            Operand sequenceLength = default,
            IReadOnlyList<Output>? initialState = null,
            DType dtype = DType.Invalid,
            int parallelIterations = 32,
            bool swapMemory = false,
            bool timeMajor = false,
            string? scope = null) => RecurrentFunctions.DynamicRnn(cell, inputs, sequenceLength, initialState, dtype, parallelIterations, swapMemory, timeMajor, scope);

        /// <inheritdoc cref="RecurrentFunctions.BidirectionalDynamicRnn"/>
        public static ((Output Forward, Output Backward) Outputs, (IReadOnlyList<Output> Forward, IReadOnlyList<Output> Backward) States) BidirectionalDynamicRnn(
            NotebookPersist.RnnCell cellFw,
            NotebookPersist.RnnCell cellBw,
            Output inputs,
            Operand sequenceLength = default,
            IReadOnlyList<Output>? initialStateFw = null,
            IReadOnlyList<Output>? initialStateBw = null,
            DType dtype = DType.Invalid,
            int parallelIterations = 32,
            bool swapMemory = false,
            bool timeMajor = false,
            string? scope = null) =>
            RecurrentFunctions.BidirectionalDynamicRnn(cellFw, cellBw, inputs, sequenceLength, initialStateFw, initialStateBw, dtype, parallelIterations, swapMemory, timeMajor, scope);

        /// <inheritdoc cref="RecurrentFunctions.StaticRnn"/>
        public static (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> State) StaticRnn(
            NotebookPersist.RnnCell cell, IReadOnlyList<Output> inputs, IReadOnlyList<Output>? initialState = null, DType dtype = DType.Invalid, Operand sequenceLength = default, string? scope = null) =>
            RecurrentFunctions.StaticRnn(cell, inputs, initialState, dtype, sequenceLength, scope);

        /// <inheritdoc cref="RecurrentFunctions.StaticBidirectionalRnn"/>
        public static (IReadOnlyList<Output> Outputs, IReadOnlyList<Output> StateFw, IReadOnlyList<Output> StateBw) StaticBidirectionalRnn(
            NotebookPersist.RnnCell cellFw,
            NotebookPersist.RnnCell cellBw,
            IReadOnlyList<Output> inputs,
            IReadOnlyList<Output>? initialStateFw = null,
            IReadOnlyList<Output>? initialStateBw = null,
            DType dtype = DType.Invalid,
            Operand sequenceLength = default,
            string? scope = null) => RecurrentFunctions.StaticBidirectionalRnn(cellFw, cellBw, inputs, initialStateFw, initialStateBw, dtype, sequenceLength, scope);

        /// <inheritdoc cref="RecurrentFunctions.RawRnn"/>
        public static (TensorArray Outputs, IReadOnlyList<Output> State, IReadOnlyList<Output> LoopState) RawRnn(
            NotebookPersist.RnnCell cell,
            Func<Output, Output?, IReadOnlyList<Output>?, IReadOnlyList<Output>?, RawRnnStep> loopFn,
            int parallelIterations = 32,
            bool swapMemory = false,
            string? scope = null) => RecurrentFunctions.RawRnn(cell, loopFn, Graph, parallelIterations, swapMemory, scope);

        /// <summary>Cells of recurrent networks.</summary>
        public static class RnnCell
        {
            /// <inheritdoc cref="BasicRnnCell(int, LayerActivation, string)"/>
            public static NotebookPersist.RnnCell BasicRNNCell(int numUnits, LayerActivation? activation = null, string? name = null) => new BasicRnnCell(numUnits, activation, name);

            /// <inheritdoc cref="BasicLstmCell(int, double, LayerActivation, string)"/>
            public static NotebookPersist.RnnCell BasicLSTMCell(int numUnits, double forgetBias = 1, LayerActivation? activation = null, string? name = null) =>
                new BasicLstmCell(numUnits, forgetBias, activation, name);

            /// <inheritdoc cref="LstmCell(int, LstmOptions, string)"/>
            public static NotebookPersist.RnnCell LSTMCell(
                int numUnits,
                bool usePeepholes = false,
                double? cellClip = null,
                IInitializer? initializer = null,
                int? numProj = null,
                double? projClip = null,
                double forgetBias = 1,
                LayerActivation? activation = null,
                string? name = null) => new LstmCell(numUnits, new LstmOptions(usePeepholes, cellClip, initializer, numProj, projClip, forgetBias, activation), name);

            /// <inheritdoc cref="GruCell(int, LayerActivation, IInitializer, IInitializer, string)"/>
            public static NotebookPersist.RnnCell GRUCell(int numUnits, LayerActivation? activation = null, IInitializer? kernelInitializer = null, IInitializer? biasInitializer = null, string? name = null) =>
                new GruCell(numUnits, activation, kernelInitializer, biasInitializer, name);

            /// <inheritdoc cref="MultiRnnCell(IReadOnlyList{NotebookPersist.RnnCell}, string)"/>
            public static NotebookPersist.RnnCell MultiRNNCell(IReadOnlyList<NotebookPersist.RnnCell> cells, string? name = null) => new MultiRnnCell(cells, name);

            /// <inheritdoc cref="NotebookPersist.DropoutWrapper(NotebookPersist.RnnCell, Operand, Operand, Operand, int?)"/>
            public static NotebookPersist.RnnCell DropoutWrapper(
                NotebookPersist.RnnCell cell, Operand inputKeepProb = default, Operand outputKeepProb = default, Operand stateKeepProb = default, int? seed = null) =>
                new DropoutWrapper(cell, inputKeepProb, outputKeepProb, stateKeepProb, seed);
        }
    }
}
