using System.Text;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TableInitializingOp(string signature) : UndifferentiatedOp(signature, "it has no output")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(1).Rank != 1)
            throw c.InvalidArgument($"Keys must be a vector, but received shape {c.Input(1).Shape}");
        if (c.Input(2).Shape != c.Input(1).Shape)
            throw c.InvalidArgument($"Keys and values must be vectors of the same size, but received {c.Input(1).Shape} and {c.Input(2).Shape}");
        c.Table().Initialize(c.Input(1), c.Input(2));
    }
}

internal sealed class InitializeTableOp() : TableInitializingOp("InitializeTable(table_handle: ref(string), keys: Tkey, values: Tval) -> () where Tkey: type, Tval: type");

internal sealed class InitializeTableV2Op() : TableInitializingOp("InitializeTableV2(table_handle: resource, keys: Tkey, values: Tval) -> () where Tkey: type, Tval: type; stateful");

/// <summary>Fills a table from the lines of a file.</summary>
internal abstract class TextTableInitializingOp(string signature) : UndifferentiatedOp(signature, "it has no output")
{
    private const long WholeLine = -2;
    private const long LineNumber = -1;

    public override void Compute(KernelContext c)
    {
        if (c.Input(1).Count != 1)
            throw c.InvalidArgument($"filename should be a single string, but got {c.Input(1).Shape}");
        string path = (string)c.Input(1).Reshaped(Shape.Scalar);
        LookupTable table = c.Table();
        (long keyAt, long valueAt) = (c.Attributes.Int("key_index"), c.Attributes.Int("value_index"));
        long size = c.Attributes.Int("vocab_size");
        string delimiter = c.Attributes.String("delimiter");
        if (delimiter.Length != 1)
            throw c.InvalidArgument("delimiter should be only 1 char");
        List<string> lines = Lines(path);
        if (size >= 0 && lines.Count < size)
            throw c.InvalidArgument($"Invalid vocab_size in {path}: expected {size} but got {lines.Count}");
        int count = size >= 0 ? (int)size : lines.Count;
        Tensor keys = Tensor.Zeros(table.KeyType, [count]);
        Tensor values = Tensor.Zeros(table.ValueType, [count]);
        for (int i = 0; i < count; i++)
        {
            Set(c, keys, i, lines[i], keyAt, delimiter[0], path);
            Set(c, values, i, lines[i], valueAt, delimiter[0], path);
        }

        table.Initialize(keys, values);
    }

    // The file's bytes are kept as they are: one character a byte.
    private static List<string> Lines(string path)
    {
        byte[] content;
        try
        {
            content = RegularFile.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(RunErrorCode.NotFound, $"{path}; No such file or directory, or it cannot be read: {fault.Message}", fault);
        }

        List<string> lines = [.. Encoding.Latin1.GetString(content).Split('\n').Select(static l => l.Replace("\r", "", StringComparison.Ordinal))];
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static void Set(KernelContext c, Tensor target, int line, string text, long column, char delimiter, string path)
    {
        if (column == LineNumber)
        {
            if (target.DType != DType.Int64)
                throw c.InvalidArgument($"Key or value index is the line number, which is int64, but the table has {target.DType.SignatureName()}");
            target.MutableData<long>()[line] = line;
            return;
        }

        if (column != WholeLine)
        {
            string[] parts = text.Split(delimiter);
            if (column >= parts.Length)
                throw c.InvalidArgument($"Invalid number of columns in {path} line {line} ({text}) : expected more than {column} got {parts.Length}");
            text = parts[column];
        }

        if (target.DType == DType.String)
            NotebookPersist.Kernels.RawElements.Raw<byte[]>(target)[line] = Encoding.Latin1.GetBytes(text);
        else
            LookupTable.Parse(text, target, line);
    }
}

internal sealed class InitializeTableFromTextFileOp() : TextTableInitializingOp("InitializeTableFromTextFile(table_handle: ref(string), filename: string) -> () where key_index: int >= -2, value_index: int >= -2, vocab_size: int >= -1 = -1, delimiter: string = '\t'");

internal sealed class InitializeTableFromTextFileV2Op() : TextTableInitializingOp("InitializeTableFromTextFileV2(table_handle: resource, filename: string) -> () where key_index: int >= -2, value_index: int >= -2, vocab_size: int >= -1 = -1, delimiter: string = '\t'; stateful");
