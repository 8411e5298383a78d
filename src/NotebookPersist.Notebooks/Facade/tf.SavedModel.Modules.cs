using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class tf
{
    public static partial class SavedModel
    {
        /// <summary>Reading models, as <c>tf.saved_model.loader</c>.</summary>
        public static class Loader
        {
            /// <inheritdoc cref="NotebookPersist.SavedModel.Load(Session, IReadOnlyCollection{string}, string, string, CancellationToken)"/>
            public static MetaGraphDef Load(Session sess, IReadOnlyCollection<string> tags, string exportDir, string? importScope = null) =>
                SavedModel.Load(sess, tags, exportDir, importScope);

            /// <inheritdoc cref="NotebookPersist.SavedModel.IsAt"/>
            public static bool MaybeSavedModelDirectory(string exportDir) => ContainsSavedModel(exportDir);
        }

        /// <summary>Tags of meta graphs, as <c>tf.saved_model.tag_constants</c>.</summary>
        public static class TagConstants
        {
            /// <inheritdoc cref="SavedModel.Serving"/>
            public const string Serving = SavedModel.Serving;

            /// <inheritdoc cref="SavedModel.Training"/>
            public const string Training = SavedModel.Training;

            /// <inheritdoc cref="SavedModel.Gpu"/>
            public const string Gpu = SavedModel.Gpu;

            /// <inheritdoc cref="SavedModel.Tpu"/>
            public const string Tpu = SavedModel.Tpu;
        }

        /// <summary>Names in signatures, as <c>tf.saved_model.signature_constants</c>.</summary>
        public static class SignatureConstants
        {
            /// <inheritdoc cref="SignatureNames.DefaultServing"/>
            public const string DefaultServingSignatureDefKey = SignatureNames.DefaultServing;

            /// <inheritdoc cref="SignatureNames.PredictMethod"/>
            public const string PredictMethodName = SignatureNames.PredictMethod;

            /// <inheritdoc cref="SignatureNames.ClassifyMethod"/>
            public const string ClassifyMethodName = SignatureNames.ClassifyMethod;

            /// <inheritdoc cref="SignatureNames.RegressMethod"/>
            public const string RegressMethodName = SignatureNames.RegressMethod;
        }
    }
}
