namespace NotebookPersist.Kernels;

/// <summary>Looks for values that are no finite numbers.</summary>
public static class NumericCheck
{
    /// <summary>Whether a tensor of floats has NaN, and whether it has infinities.</summary>
    public static (bool HasNaN, bool HasInfinity) Find(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        bool nan = false;
        bool infinite = false;
        switch (tensor.DType)
        {
            case DType.Float32:
                foreach (float value in tensor.Data<float>())
                {
                    nan |= float.IsNaN(value);
                    infinite |= float.IsInfinity(value);
                }

                break;
            case DType.Float64:
                foreach (double value in tensor.Data<double>())
                {
                    nan |= double.IsNaN(value);
                    infinite |= double.IsInfinity(value);
                }

                break;
            default:
                for (int i = 0; i < tensor.Count; i++)
                {
                    double value = tensor.ItemAt<double>(i);
                    nan |= double.IsNaN(value);
                    infinite |= double.IsInfinity(value);
                }

                break;
        }

        return (nan, infinite);
    }
}
