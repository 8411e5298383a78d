namespace NotebookPersist;

/// <summary>Names that signatures of SavedModels have by convention.</summary>
/// <remarks>Source: TensorFlow's <c>signature_constants</c>.</remarks>
public static class SignatureNames
{
    /// <summary>The signature that is meant where none is named.</summary>
    public const string DefaultServing = "serving_default";

    /// <summary>Method of a signature that computes outputs of any kind.</summary>
    public const string PredictMethod = "tensorflow/serving/predict";

    /// <summary>The usual input of a signature that predicts.</summary>
    public const string PredictInputs = "inputs";

    /// <summary>The usual output of a signature that predicts.</summary>
    public const string PredictOutputs = "outputs";

    /// <summary>Method of a signature that classifies.</summary>
    public const string ClassifyMethod = "tensorflow/serving/classify";

    /// <summary>The input of a signature that classifies.</summary>
    public const string ClassifyInputs = "inputs";

    /// <summary>The labels that a signature gives.</summary>
    public const string ClassifyOutputClasses = "classes";

    /// <summary>The scores that a signature gives.</summary>
    public const string ClassifyOutputScores = "scores";

    /// <summary>Method of a signature that computes numbers from examples.</summary>
    public const string RegressMethod = "tensorflow/serving/regress";

    /// <summary>The input of a signature that computes numbers.</summary>
    public const string RegressInputs = "inputs";

    /// <summary>The output of a signature that computes numbers.</summary>
    public const string RegressOutputs = "outputs";

    /// <summary>The signature that names the operation to run after loading.</summary>
    internal const string Initializer = "__saved_model_init_op";

    /// <summary>The signature that names the training step.</summary>
    internal const string Train = "__saved_model_train_op";
}
