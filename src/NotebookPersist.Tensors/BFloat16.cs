using System.Globalization;

namespace NotebookPersist;

/// <summary>The upper 16 bits of a 32-bit float: eight exponent bits, seven stored mantissa bits.</summary>
/// <param name="Bits">The stored bits.</param>
/// <remarks>A storage type: arithmetic is done in 32-bit floats. Conversion rounds to nearest even, as TensorFlow does; NaN stays NaN.</remarks>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds a float to the nearest value, ties to even.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return new BFloat16(0x7FC0);
        return new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens without loss.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
}
