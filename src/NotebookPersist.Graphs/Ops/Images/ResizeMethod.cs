namespace NotebookPersist;

/// <summary>How pixels of a resized image come from those of the image.</summary>
/// <remarks>Source: TensorFlow's <c>tf.image.ResizeMethod</c>, with its numbers.</remarks>
public enum ResizeMethod
{
    /// <summary>Between the four nearest pixels.</summary>
    Bilinear = 0,

    /// <summary>The nearest pixel.</summary>
    NearestNeighbor = 1,

    /// <summary>By a curve through the sixteen nearest pixels.</summary>
    Bicubic = 2,

    /// <summary>The mean of the pixels that a new one covers.</summary>
    Area = 3,
}
