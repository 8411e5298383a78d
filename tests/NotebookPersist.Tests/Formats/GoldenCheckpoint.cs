using System.Globalization;
using System.Text;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Npy;

namespace NotebookPersist.Tests.Formats;

/// <summary>A checkpoint that TensorFlow 1.15.5 wrote, with its own account of what is in it.</summary>
internal sealed record GoldenCheckpoint(string Folder)
{
    public string Name => Path.GetFileName(Folder);

    public static IEnumerable<GoldenCheckpoint> All(string version)
        => Directory.EnumerateDirectories(Path.Combine(SharedFiles.Golden, "checkpoints"), version + "_*").Order(StringComparer.Ordinal).Select(static f => new GoldenCheckpoint(f));

    public static GoldenCheckpoint Case(string name) => new(SharedFiles.Path("golden-tf115/checkpoints/" + name));

    /// <summary>The path by which the checkpoint is opened.</summary>
    public string Prefix
    {
        get
        {
            string file = Directory.EnumerateFiles(Folder, "model.ckpt*").Order(StringComparer.Ordinal).First();
            int suffix = file.LastIndexOf(".data-", StringComparison.Ordinal);
            suffix = suffix < 0 ? file.LastIndexOf("-00000-of-", StringComparison.Ordinal) : suffix;
            return suffix < 0 ? file : file[..suffix];
        }
    }

    /// <summary>How many tensors there are where tensors.txt tells only the first ones, else null.</summary>
    public int? CutTo => File.ReadLines(Path.Combine(Folder, "tensors.txt")).LastOrDefault() is string last && last.StartsWith("(cut; ", StringComparison.Ordinal)
        ? int.Parse(last.Split(' ')[1], CultureInfo.InvariantCulture)
        : null;

    /// <summary>The rows of tensors.txt.</summary>
    public IEnumerable<Row> Rows()
    {
        foreach (string line in File.ReadLines(Path.Combine(Folder, "tensors.txt")))
        {
            string[] columns = line.Split('\t');
            if (columns.Length < 5)
                continue;
            string slices = columns.Length > 5 ? columns[5]["slices: ".Length..] : "";
            uint crc = uint.Parse(columns[3].AsSpan("crc32c(values)=".Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            yield return new Row(TensorName.Decode(Unescape(columns[0])), columns[1], columns[2], crc, columns[4]["values: ".Length..], slices);
        }
    }

    /// <summary>The values of a tensor as TensorFlow read them, or null where no file holds them.</summary>
    public Tensor? Values(string name)
    {
        string file = Path.Combine(Folder, "npy", FileName(name));
        return File.Exists(file + ".npy") ? NpyFile.Read(file + ".npy") : null;
    }

    /// <summary>The strings of a tensor as TensorFlow read them, or null where no file holds them.</summary>
    public byte[][]? Strings(string name)
    {
        string file = Path.Combine(Folder, "npy", FileName(name)) + ".txt";
        return File.Exists(file) ? [.. File.ReadLines(file).Select(static line => Unescape(line[(line.IndexOf(' ') + 1)..]))] : null;
    }

    public static byte[] Unescape(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            switch (text[++i])
            {
                case 'x':
                    bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                case 's':
                    bytes.Add((byte)' ');
                    break;
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case 't':
                    bytes.Add((byte)'\t');
                    break;
                case 'r':
                    bytes.Add((byte)'\r');
                    break;
                default:
                    bytes.Add((byte)text[i]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static string FileName(string name)
    {
        StringBuilder text = new();
        foreach (byte b in TensorName.Encode(name))
            text.Append(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)'-' ? ((char)b).ToString() : $"%{b:x2}");
        return text.ToString();
    }

    /// <summary>One tensor in TensorFlow's account.</summary>
    internal sealed record Row(string Name, string Type, string Shape, uint Crc, string Values, string Slices)
    {
        public bool IsReadable => !Values.StartsWith("Invalid argument", StringComparison.Ordinal);
    }
}
