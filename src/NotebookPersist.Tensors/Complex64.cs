using System.Numerics;
using System.Runtime.InteropServices;

namespace NotebookPersist;

/// <summary>A complex number of two 32-bit floats, in the memory layout of TensorFlow's complex64.</summary>
/// <param name="Real">Real part.</param>
/// <param name="Imaginary">Imaginary part.</param>
/// <remarks>A storage type: arithmetic is done in <see cref="Complex"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Complex64(float Real, float Imaginary)
{
    /// <summary>Widens without loss.</summary>
    public static implicit operator Complex(Complex64 value) => new(value.Real, value.Imaginary);

    /// <summary>Rounds both parts to 32-bit floats.</summary>
    public static explicit operator Complex64(Complex value) => new((float)value.Real, (float)value.Imaginary);

    /// <inheritdoc/>
    public override string ToString() => ((Complex)this).ToString();
}
