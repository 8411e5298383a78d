using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Tensors;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>An operation: type, inputs, outputs with those who take them, attributes.</summary>
internal sealed class OperationDisplay : Display<Operation>
{
    private const int Listed = 12;

    protected override string Text(Operation value)
    {
        string outputs = string.Join(", ", value.Outputs.Take(Listed).Select(Describe));
        return outputs.Length == 0 ? value.ToString() : $"{value} → {outputs}";
    }

    protected override string Html(Operation value)
    {
        var report = new ReportView(value.Name);
        report.Badge(value.Type);
        if (value.Device.Length > 0)
            report.Badge(value.Device);
        if (value.Definition is null)
            report.Badge("cannot run here", CellTone.Warning);
        var ends = new TableView("", "Name", "Type", "Shape", "Taken by");
        foreach (Output input in value.Inputs.Take(Listed))
            ends.Add("input", TableCell.Name(input.Name), input.DType, input.Shape);
        foreach (Operation control in value.ControlInputs.Take(Listed))
            ends.Add("after", TableCell.Name(control.Name));
        foreach (Output output in value.Outputs.Take(Listed))
            ends.Add("output", TableCell.Name(output.Name), output.DType, output.Shape, TableCell.Name(Names(output.Consumers)));
        report.Table(ends);
        var attributes = new TableView("Attribute", "Value") { Caption = "Attributes", RowLimit = 40 };
        foreach ((string name, AttrValue attribute) in value.Attributes.OrderBy(static a => a.Key, StringComparer.Ordinal))
            attributes.Add(TableCell.Name(name), TableCell.Name(Describe(attribute)));
        report.Table(attributes, isFolded: true);
        return report.ToBundle().Html!;
    }

    /// <summary>Type and known shape of a value.</summary>
    internal static string Describe(Output output) => output.Shape.HasRank ? $"{output.DType.Name()} {output.Shape}" : output.DType.Name();

    /// <summary>The first few names of operations.</summary>
    internal static string Names(IEnumerable<Operation> operations)
    {
        string[] names = [.. operations.Select(static o => o.Name)];
        string listed = string.Join(", ", names.Take(6));
        return names.Length > 6 ? $"{listed} and {names.Length - 6} more" : listed;
    }

    private static string Describe(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.S => ElementText.Quote(value.S.ToByteArray()),
        AttrValue.ValueOneofCase.I => Figures.Count(value.I),
        AttrValue.ValueOneofCase.F => Figures.Short(value.F),
        AttrValue.ValueOneofCase.B => value.B ? "true" : "false",
        AttrValue.ValueOneofCase.Type => ((DType)value.Type).Name(),
        AttrValue.ValueOneofCase.Shape => value.Shape.ToShape().ToString(),
        AttrValue.ValueOneofCase.Tensor => new TensorSummary(TensorProtos.Decode(value.Tensor, "an attribute")).Line,
        AttrValue.ValueOneofCase.Func => value.Func.Name,
        AttrValue.ValueOneofCase.List => Figures.Shorten(Describe(value.List), 200),
        _ => "",
    };

    private static string Describe(AttrValue.Types.ListValue list) =>
        $"[{string.Join(", ", list.S.Select(static s => ElementText.Quote(s.ToByteArray()))
            .Concat(list.I.Select(Figures.Count))
            .Concat(list.F.Select(static f => Figures.Short(f)))
            .Concat(list.B.Select(static b => b ? "true" : "false"))
            .Concat(list.Type.Select(static t => ((DType)t).Name()))
            .Concat(list.Shape.Select(static s => s.ToShape().ToString()))
            .Concat(list.Func.Select(static f => f.Name))
            .Take(40))}]";
}

/// <summary>A symbolic value: name, type, shape, who makes and who takes it.</summary>
internal sealed class OutputDisplay : Display<Output>
{
    protected override string Text(Output value) => value.ToString();

    protected override string Html(Output value)
    {
        var html = new HtmlWriter();
        html.BeginOutput(value.Name).Begin("div", ("class", "np-line")).Begin("code").Element("b", value.Name).End();
        html.Element("code", OperationDisplay.Describe(value));
        html.Begin("span").Element("span", "from ", ("class", "np-dim")).Element("code", value.Operation.Type).End();
        string users = OperationDisplay.Names(value.Consumers);
        if (users.Length > 0)
            html.Begin("span").Element("span", "to ", ("class", "np-dim")).Element("code", users).End();
        return html.End().End().ToString();
    }
}

/// <summary>A variable: name, type, shape, size; its value lives in a session.</summary>
internal sealed class VariableDisplay : Display<Variable>
{
    protected override string Text(Variable value) => value.ToString();

    protected override string Html(Variable value)
    {
        var html = new HtmlWriter();
        html.BeginOutput(value.Name).Begin("div", ("class", "np-line")).Begin("code").Element("b", value.OperationName).End();
        html.Element("code", $"{value.DType.Name()} {value.Shape}");
        if (value.Shape.IsFullyKnown)
            html.Element("span", $"{Figures.Count(value.Shape.ElementCount, "parameter")}, {Figures.Bytes(value.Shape.ElementCount * value.DType.Size())}", ("class", "np-dim"));
        html.Badge(value.IsTrainable ? "trainable" : "not trainable");
        return html.End().End().ToString();
    }
}

/// <summary>A list of operations as a table.</summary>
internal sealed class OperationListDisplay : Display<IEnumerable<Operation>>
{
    private const int Listed = 200;

    protected override string Text(IEnumerable<Operation> value) => Table(value).ToString();

    protected override string? Html(IEnumerable<Operation> value) => Table(value).ToBundle().Html;

    private static TableView Table(IEnumerable<Operation> operations)
    {
        var table = new TableView("Operation", "Type", "Outputs") { RowLimit = Listed };
        foreach (Operation operation in operations)
            table.Add(TableCell.Name(operation.Name), operation.Type, TableCell.Name(string.Join(", ", operation.Outputs.Take(8).Select(OperationDisplay.Describe))));
        return table;
    }
}

/// <summary>A list of symbolic values as a table.</summary>
internal sealed class OutputListDisplay : Display<IEnumerable<Output>>
{
    protected override string Text(IEnumerable<Output> value) => Table(value).ToString();

    protected override string? Html(IEnumerable<Output> value) => Table(value).ToBundle().Html;

    private static TableView Table(IEnumerable<Output> outputs)
    {
        var table = new TableView("Name", "Type", "Shape");
        // A gradient is null where a loss does not depend on the variable.
        foreach (Output? output in outputs)
        {
            if (output is null)
                table.Add("null", "", "");
            else
                table.Add(TableCell.Name(output.Name), output.DType, output.Shape);
        }

        return table;
    }
}

/// <summary>A list of variables as a table.</summary>
internal sealed class VariableListDisplay : Display<IEnumerable<Variable>>
{
    protected override string Text(IEnumerable<Variable> value) => Table(value).ToString();

    protected override string? Html(IEnumerable<Variable> value) => Table(value).ToBundle().Html;

    private static TableView Table(IEnumerable<Variable> variables)
    {
        var table = new TableView("Variable", "Type", "Shape", "Parameters", "Trainable");
        foreach (Variable variable in variables)
            table.Add(TableCell.Name(variable.OperationName), variable.DType, variable.Shape, variable.Shape.IsFullyKnown ? variable.Shape.ElementCount : null, variable.IsTrainable);
        return table;
    }
}
