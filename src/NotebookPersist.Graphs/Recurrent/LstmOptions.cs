namespace NotebookPersist;

/// <summary>What an <see cref="LstmCell"/> does besides the basic computation.</summary>
/// <param name="UsePeepholes">Whether gates see the cell state.</param>
/// <param name="CellClip">Largest absolute value of the cell state; null for none.</param>
/// <param name="Initializer">Of all weights; by default the variable scope's.</param>
/// <param name="NumProj">Size of the projected output; null for no projection.</param>
/// <param name="ProjClip">Largest absolute value of the projected output; null for none.</param>
/// <param name="ForgetBias">Added to the forget gate.</param>
/// <param name="Activation">Of the inner states; tanh by default.</param>
public sealed record LstmOptions(
    bool UsePeepholes = false,
    double? CellClip = null,
    IInitializer? Initializer = null,
    int? NumProj = null,
    double? ProjClip = null,
    double ForgetBias = 1,
    LayerActivation? Activation = null);
