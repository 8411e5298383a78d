namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Functions of the bits of integers, in the default graph: those of <see cref="tf"/> under the names of TensorFlow's own module.</summary>
    public static partial class Bitwise
    {
        /// <inheritdoc cref="tf.BitwiseAnd(Operand, Operand, string)"/>
        public static Output BitwiseAnd(Operand x, Operand y, string? name = null) => tf.BitwiseAnd(x, y, name);

        /// <inheritdoc cref="tf.BitwiseOr(Operand, Operand, string)"/>
        public static Output BitwiseOr(Operand x, Operand y, string? name = null) => tf.BitwiseOr(x, y, name);

        /// <inheritdoc cref="tf.BitwiseXor(Operand, Operand, string)"/>
        public static Output BitwiseXor(Operand x, Operand y, string? name = null) => tf.BitwiseXor(x, y, name);

        /// <inheritdoc cref="tf.Invert(Operand, string)"/>
        public static Output Invert(Operand x, string? name = null) => tf.Invert(x, name);

        /// <inheritdoc cref="tf.LeftShift(Operand, Operand, string)"/>
        public static Output LeftShift(Operand x, Operand y, string? name = null) => tf.LeftShift(x, y, name);

        /// <inheritdoc cref="tf.RightShift(Operand, Operand, string)"/>
        public static Output RightShift(Operand x, Operand y, string? name = null) => tf.RightShift(x, y, name);
    }
}
