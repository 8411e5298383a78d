using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Splits records of comma-separated values into a tensor a column.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="records">Strings, each a record.</param>
    /// <param name="recordDefaults">A tensor a column: its type, and the value of empty fields, or no element where they are required.</param>
    /// <param name="fieldDelim">One character.</param>
    /// <param name="useQuoteDelim">Whether quotes enclose fields.</param>
    /// <param name="naValue">What stands for an empty field.</param>
    /// <param name="selectCols">The columns to read, in ascending order; by default all.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "DecodeCSV".</remarks>
    public static IReadOnlyList<Output> DecodeCsv(
        this Graph graph,
        Operand records,
        ReadOnlySpan<Operand> recordDefaults,
        string fieldDelim = ",",
        bool useQuoteDelim = true,
        string naValue = "",
        IReadOnlyList<int>? selectCols = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var attributes = new AttributeList { { "field_delim", fieldDelim }, { "use_quote_delim", useQuoteDelim }, { "na_value", naValue }, { "select_cols", selectCols ?? [] } };
        return graph.AddOperation<DecodeCsvOp>(name, attributes, [records, .. recordDefaults]).Outputs;
    }
}

internal sealed class DecodeCsvOp() : UndifferentiatedOp("DecodeCSV(records: string, record_defaults: [OUT_TYPE]) -> (output: [OUT_TYPE]) where OUT_TYPE: list(float | double | int32 | int64 | string) >= 1, field_delim: string = ',', use_quote_delim: bool = true, na_value: string = '', select_cols: list(int) = []", "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.Input(0));
    }

    public override void Compute(KernelContext c)
    {
        int columns = c.InputCount - 1;
        string delimiter = c.Attributes.String("field_delim");
        if (delimiter.Length != 1)
            throw c.InvalidArgument("field_delim should be only 1 char");
        long[] selected = [.. c.Attributes.Ints("select_cols")];
        if (selected.Length > 0 && selected.Length != columns)
            throw c.InvalidArgument("select_cols should match output size");
        ReadOnlySpan<byte[]> records = c.Input(0).Strings;
        Tensor[] outputs = new Tensor[columns];
        for (int i = 0; i < columns; i++)
        {
            Tensor missing = c.Input(i + 1);
            if (missing.Rank > 1 || missing.Count > 1)
                throw c.InvalidArgument($"There should only be 1 default per field but field {i} has {missing.Count}");
            outputs[i] = c.AllocateOutput(i, c.Input(0).Shape);
        }

        string na = c.Attributes.String("na_value");
        for (int i = 0; i < records.Length; i++)
        {
            List<string> fields = Fields(c, Encoding.Latin1.GetString(records[i]), delimiter[0], selected);
            if (fields.Count != columns)
                throw c.InvalidArgument($"Expect {columns} fields but have {fields.Count} in record {i}");
            for (int f = 0; f < columns; f++)
                Set(c, outputs[f], i, fields[f], f, na);
        }
    }

    private static void Set(KernelContext c, Tensor output, int record, string field, int column, string na)
    {
        Tensor missing = c.Input(column + 1);
        if (field.Length == 0 || field == na)
        {
            if (missing.Count != 1)
                throw c.InvalidArgument($"Field {column} is required but missing in record {record}!");
            NotebookPersist.Kernels.Scattering.TryApply(output, [record], 1, missing, NotebookPersist.Kernels.ScatterKind.Update);
        }
        else if (output.DType == DType.String)
        {
            NotebookPersist.Kernels.RawElements.Raw<byte[]>(output)[record] = Encoding.Latin1.GetBytes(field);
        }
        else
        {
            try
            {
                LookupTable.Parse(field.Trim(), output, record);
            }
            catch (KernelException)
            {
                throw c.InvalidArgument($"Field {column} in record {record} is not a valid {output.DType.Name().Replace("float32", "float", StringComparison.Ordinal)}: {field}");
            }
        }
    }

    private static List<string> Fields(KernelContext c, string record, char delimiter, long[] selected)
    {
        bool quotes = c.Attributes.Bool("use_quote_delim");
        var fields = new List<string>();
        int parsed = 0;
        int next = 0;
        int at = 0;
        while (at < record.Length)
        {
            if (record[at] is '\n' or '\r')
            {
                at++;
                continue;
            }

            string field = quotes && record[at] == '"' ? Quoted(c, record, delimiter, ref at) : Plain(c, record, delimiter, quotes, ref at);
            if (selected.Length == 0 || (next < selected.Length && selected[next] == parsed))
            {
                fields.Add(field);
                next++;
            }

            parsed++;
            if (selected.Length > 0 && next == selected.Length)
                return fields;
        }

        // After a last delimiter stands an empty field.
        if (record.Length > 0 && record[^1] == delimiter && (selected.Length == 0 || (next < selected.Length && selected[next] == parsed)))
            fields.Add("");
        return fields;
    }

    private static string Plain(KernelContext c, string record, char delimiter, bool quotes, ref int at)
    {
        int start = at;
        for (; at < record.Length && record[at] != delimiter; at++)
        {
            if ((quotes && record[at] == '"') || record[at] is '\n' or '\r')
                throw c.InvalidArgument("Unquoted fields cannot have quotes/CRLFs inside");
        }

        return record[start..at++];
    }

    private static string Quoted(KernelContext c, string record, char delimiter, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < record.Length - 1 && (record[at] != '"' || record[at + 1] != delimiter); at++)
        {
            if (record[at] == '"')
            {
                if (record[at + 1] != '"')
                    throw c.InvalidArgument("Quote inside a string has to be escaped by another quote");
                at++;
            }

            field.Append(record[at]);
        }

        if (at >= record.Length || record[at] != '"')
            throw c.InvalidArgument("Quoted field has to end with quote followed by delim or end");
        at += 2;
        return field.ToString();
    }
}
