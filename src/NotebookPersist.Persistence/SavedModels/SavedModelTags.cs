namespace NotebookPersist;

/// <summary>Tags that tell what a SavedModel's meta graphs are for.</summary>
/// <remarks>Source: TensorFlow's <c>tag_constants</c>.</remarks>
public static class SavedModelTags
{
    /// <summary>For inference.</summary>
    public const string Serving = "serve";

    /// <summary>For training.</summary>
    public const string Training = "train";

    /// <summary>For evaluation.</summary>
    public const string Eval = "eval";

    /// <summary>For a GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>For a TPU.</summary>
    public const string Tpu = "tpu";
}
