using System.Runtime.CompilerServices;
using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Models as folders for serving, over the default graph.</summary>
    public static partial class SavedModel
    {
        /// <summary>Tag of a meta graph for inference.</summary>
        public const string Serving = SavedModelTags.Serving;

        /// <summary>Tag of a meta graph for training.</summary>
        public const string Training = SavedModelTags.Training;

        /// <summary>Tag of a meta graph for a GPU.</summary>
        public const string Gpu = SavedModelTags.Gpu;

        /// <summary>Tag of a meta graph for a TPU.</summary>
        public const string Tpu = SavedModelTags.Tpu;

        /// <inheritdoc cref="SignatureNames.DefaultServing"/>
        public const string DefaultServingSignatureDefKey = SignatureNames.DefaultServing;

        /// <inheritdoc cref="SignatureNames.PredictMethod"/>
        public const string PredictMethodName = SignatureNames.PredictMethod;

        /// <inheritdoc cref="SignatureNames.ClassifyMethod"/>
        public const string ClassifyMethodName = SignatureNames.ClassifyMethod;

        /// <inheritdoc cref="SignatureNames.RegressMethod"/>
        public const string RegressMethodName = SignatureNames.RegressMethod;

        /// <summary>Starts a SavedModel in a folder that does not exist or is empty.</summary>
        /// <exception cref="IOException">The folder holds something.</exception>
        public static SavedModelBuilder Builder(string exportDir) => new(exportDir);

        /// <inheritdoc cref="NotebookPersist.SavedModel.SimpleSave(Session, string, IReadOnlyDictionary{string, Output}, IReadOnlyDictionary{string, Output}, Operation, CancellationToken)"/>
        public static string SimpleSave(
            Session session,
            string exportDir,
            IReadOnlyDictionary<string, Output> inputs,
            IReadOnlyDictionary<string, Output> outputs,
            Operation? legacyInitOp = null) => NotebookPersist.SavedModel.SimpleSave(session, exportDir, inputs, outputs, legacyInitOp);

        /// <inheritdoc cref="NotebookPersist.SavedModel.SimpleSave(Session, string, Dictionary{string, Operand}, Dictionary{string, Operand}, Operation, CancellationToken)"/>
        [OverloadResolutionPriority(1)]
        public static string SimpleSave(
            Session session, string exportDir, Dictionary<string, Operand> inputs, Dictionary<string, Operand> outputs, Operation? legacyInitOp = null) =>
            NotebookPersist.SavedModel.SimpleSave(session, exportDir, inputs, outputs, legacyInitOp);

        /// <inheritdoc cref="NotebookPersist.SavedModel.SimpleSave(Session, string, IReadOnlyDictionary{string, Output}, IReadOnlyDictionary{string, Output}, Operation, CancellationToken)"/>
        public static string SimpleSave(
            Session session, string exportDir, Dictionary<string, Output> inputs, Dictionary<string, Output> outputs, Operation? legacyInitOp = null) =>
            NotebookPersist.SavedModel.SimpleSave(session, exportDir, (IReadOnlyDictionary<string, Output>)inputs, outputs, legacyInitOp);

        /// <inheritdoc cref="NotebookPersist.SavedModel.Load(Session, IReadOnlyCollection{string}, string, string, CancellationToken)"/>
        public static MetaGraphDef Load(Session session, IReadOnlyCollection<string> tags, string exportDir, string? importScope = null) =>
            NotebookPersist.SavedModel.Load(session, tags, exportDir, importScope);

        /// <inheritdoc cref="NotebookPersist.SavedModel.IsAt"/>
        public static bool ContainsSavedModel(string exportDir) => NotebookPersist.SavedModel.IsAt(exportDir);

        /// <inheritdoc cref="SignatureDefs.BuildTensorInfo(Output)"/>
        public static TensorInfo BuildTensorInfo(Output tensor) => SignatureDefs.BuildTensorInfo(tensor);

        /// <inheritdoc cref="SignatureDefs.BuildTensorInfo(Variable)"/>
        public static TensorInfo BuildTensorInfo(Variable tensor) => SignatureDefs.BuildTensorInfo(tensor);

        /// <inheritdoc cref="SignatureDefs.Build"/>
        public static SignatureDef BuildSignatureDef(
            IReadOnlyDictionary<string, TensorInfo>? inputs = null, IReadOnlyDictionary<string, TensorInfo>? outputs = null, string methodName = "") =>
            SignatureDefs.Build(inputs, outputs, methodName);

        /// <inheritdoc cref="SignatureDefs.Predict(IReadOnlyDictionary{string, Output}, IReadOnlyDictionary{string, Output})"/>
        public static SignatureDef PredictSignatureDef(IReadOnlyDictionary<string, Output> inputs, IReadOnlyDictionary<string, Output> outputs) =>
            SignatureDefs.Predict(inputs, outputs);

        /// <inheritdoc cref="SignatureDefs.Predict(IReadOnlyDictionary{string, Operand}, IReadOnlyDictionary{string, Operand})"/>
        [OverloadResolutionPriority(1)]
        public static SignatureDef PredictSignatureDef(Dictionary<string, Operand> inputs, Dictionary<string, Operand> outputs) => SignatureDefs.Predict(inputs, outputs);

        /// <inheritdoc cref="SignatureDefs.Classification"/>
        public static SignatureDef ClassificationSignatureDef(Output examples, Output? classes, Output? scores) =>
            SignatureDefs.Classification(examples, classes, scores);

        /// <inheritdoc cref="SignatureDefs.Regression"/>
        public static SignatureDef RegressionSignatureDef(Output examples, Output predictions) => SignatureDefs.Regression(examples, predictions);
    }
}
