using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Builds signatures: inputs and outputs of a graph under names that callers know.</summary>
/// <remarks>Source: TensorFlow's <c>signature_def_utils</c>. Thread safety: all members may be called from any thread.</remarks>
public static class SignatureDefs
{
    /// <summary>What a signature says of a tensor: name, type and shape.</summary>
    public static TensorInfo BuildTensorInfo(Output tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new TensorInfo { Name = tensor.Name, Dtype = (DataType)tensor.DType, TensorShape = tensor.Shape.ToProto() };
    }

    /// <summary>What a signature says of a variable's value.</summary>
    public static TensorInfo BuildTensorInfo(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return BuildTensorInfo(variable.Value);
    }

    /// <summary>A signature of any method.</summary>
    public static SignatureDef Build(
        IReadOnlyDictionary<string, TensorInfo>? inputs = null, IReadOnlyDictionary<string, TensorInfo>? outputs = null, string methodName = "")
    {
        var signature = new SignatureDef { MethodName = methodName };
        foreach ((string key, TensorInfo value) in inputs ?? new Dictionary<string, TensorInfo>())
            signature.Inputs.Add(key, value.Clone());
        foreach ((string key, TensorInfo value) in outputs ?? new Dictionary<string, TensorInfo>())
            signature.Outputs.Add(key, value.Clone());
        return signature;
    }

    /// <summary>A signature of any inputs and outputs.</summary>
    /// <exception cref="ArgumentException">There are no inputs or no outputs.</exception>
    public static SignatureDef Predict(IReadOnlyDictionary<string, Output> inputs, IReadOnlyDictionary<string, Output> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        if (inputs.Count == 0)
            throw new ArgumentException("Prediction inputs cannot be empty: name at least one tensor that is fed.", nameof(inputs));
        if (outputs.Count == 0)
            throw new ArgumentException("Prediction outputs cannot be empty: name at least one tensor that is computed.", nameof(outputs));
        return Build(Describe(inputs), Describe(outputs), SignatureNames.PredictMethod);
    }

    /// <summary>A signature of any inputs and outputs, variables among them.</summary>
    /// <exception cref="ArgumentException">There are no inputs or no outputs, or a plain value is among them.</exception>
    public static SignatureDef Predict(IReadOnlyDictionary<string, Operand> inputs, IReadOnlyDictionary<string, Operand> outputs) =>
        Predict(Outputs(inputs, nameof(inputs)), Outputs(outputs, nameof(outputs)));

    /// <summary>A signature that gives labels, scores, or both.</summary>
    /// <param name="examples">Takes serialized examples. DType: string.</param>
    /// <param name="classes">Labels; null for none. DType: string.</param>
    /// <param name="scores">Scores; null for none. DType: float32.</param>
    /// <exception cref="ArgumentException">A tensor has another type, or there are neither labels nor scores.</exception>
    public static SignatureDef Classification(Output examples, Output? classes = null, Output? scores = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (classes is null && scores is null)
            throw new ArgumentException("Classification classes and scores cannot both be null.", nameof(classes));
        var outputs = new Dictionary<string, TensorInfo>();
        if (classes is not null)
            outputs.Add(SignatureNames.ClassifyOutputClasses, Describe(classes, DType.String, "Classification classes", nameof(classes)));
        if (scores is not null)
            outputs.Add(SignatureNames.ClassifyOutputScores, Describe(scores, DType.Float32, "Classification scores", nameof(scores)));
        TensorInfo input = Describe(examples, DType.String, "Classification examples", nameof(examples));
        return Build(new Dictionary<string, TensorInfo> { [SignatureNames.ClassifyInputs] = input }, outputs, SignatureNames.ClassifyMethod);
    }

    /// <summary>A signature that gives a number for each example.</summary>
    /// <param name="examples">Takes serialized examples. DType: string.</param>
    /// <param name="predictions">The numbers. DType: float32.</param>
    /// <exception cref="ArgumentException">A tensor has another type.</exception>
    public static SignatureDef Regression(Output examples, Output predictions)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(predictions);
        TensorInfo input = Describe(examples, DType.String, "Regression examples", nameof(examples));
        TensorInfo output = Describe(predictions, DType.Float32, "Regression predictions", nameof(predictions));
        return Build(
            new Dictionary<string, TensorInfo> { [SignatureNames.RegressInputs] = input },
            new Dictionary<string, TensorInfo> { [SignatureNames.RegressOutputs] = output },
            SignatureNames.RegressMethod);
    }

    /// <summary>The tensors of a graph that are meant.</summary>
    /// <exception cref="ArgumentException">A plain value is among them.</exception>
    internal static Dictionary<string, Output> Outputs(IReadOnlyDictionary<string, Operand> operands, string parameter)
    {
        ArgumentNullException.ThrowIfNull(operands, parameter);
        return operands.ToDictionary(
            static o => o.Key,
            o => o.Value.Output ?? throw new ArgumentException($"'{o.Key}' is a plain value. A signature names tensors and variables of the graph.", parameter),
            StringComparer.Ordinal);
    }

    /// <summary>A signature that only names an operation, as loaders look for it.</summary>
    internal static SignatureDef OfOperation(string key, Operation operation) => Build(outputs: new Dictionary<string, TensorInfo>
    {
        [key] = new() { Name = operation.Name, TensorShape = Shape.Unknown.ToProto() },
    });

    private static Dictionary<string, TensorInfo> Describe(IReadOnlyDictionary<string, Output> tensors) =>
        tensors.ToDictionary(static t => t.Key, static t => BuildTensorInfo(t.Value), StringComparer.Ordinal);

    private static TensorInfo Describe(Output tensor, DType wanted, string what, string parameter) => tensor.DType == wanted
        ? BuildTensorInfo(tensor)
        : throw new ArgumentException($"{what} must be a {wanted.Name()} tensor; '{tensor.Name}' is {tensor.DType.Name()}.", parameter);
}
