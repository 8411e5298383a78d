using System.Buffers.Binary;
using System.Text;

namespace NotebookPersist.Fuzzing.Mutation;

/// <summary>Damages bytes, messages, tables and texts; the same numbers come of the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 14, 15, 16, 20, 21, 22, 23, 31, 32, 63, 64, 100, 127, 128, 129, 253, 254, 255, 256, 257, 1000, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536,
        1 << 20, 1 << 28, (1 << 30) - 1, 1 << 30, int.MaxValue - 56, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, (1UL << 32) + 1, 1UL << 40, 1UL << 53, 1UL << 60, 1UL << 61,
        (1UL << 61) + 1, 1UL << 62, long.MaxValue - 1, long.MaxValue, 1UL << 63, (1UL << 63) + 1, ulong.MaxValue - 1, ulong.MaxValue, unchecked((ulong)(long)int.MinValue),
    ];

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", "<", ">", ":", ",", ";", "\"", "'", "\\", "\\x", "\\377", "\\u0041", "\\U0010FFFF", "\\ud800", "#", "\n", "-", "--1", "inf", "-inf", "nan", "true", "false", "t",
        "0x", "0xFFFFFFFFFFFFFFFFF", "00", "08", "1e999", "1e-999", "1.", ".5", "1f", "-0", "9223372036854775808", "18446744073709551616", "-9223372036854775809", "2147483648", "null", "()",
        "(,)", "(1,)", "(-1,)", "(99999999999999999999,)", "True", "False", "'<f4'", "'|O'", "'<U4294967296'", "'|S0'", "'<c16'", "__metadata__", "\"dtype\"", "\"F32\"", "\"shape\"", "\"data_offsets\"",
        "[type.googleapis.com/x]", "node", "attr", "key", "value", "tensor", "dim", "size", "é", "\0", "\u2028",
    ];

    /// <summary>Where chance comes from.</summary>
    public Random Random { get; } = new(seed);

    public bool Chance(int oneIn) => Random.Next(oneIn) == 0;

    public T Choose<T>(IReadOnlyList<T> list) => list[Random.Next(list.Count)];

    /// <summary>Changes at some places, cuts, copies and fills.</summary>
    /// <param name="bytes">Left as they are.</param>
    /// <param name="other">Bytes that may be put in.</param>
    public byte[] Bytes(byte[] bytes, byte[] other)
    {
        var result = new List<byte>(bytes);
        for (int changes = 1 + (Random.Next(4) * Random.Next(2)); changes > 0; changes--)
        {
            int at = Random.Next(result.Count + 1);
            int left = result.Count - at;
            int count = Math.Min(left, 1 << Random.Next(8));
            switch (Random.Next(9))
            {
                case 0 or 1 when left > 0:
                    result[at] ^= (byte)(1 << Random.Next(8));
                    break;
                case 2 when left > 0:
                    result[at] = (byte)Choose(Interesting);
                    break;
                case 3:
                    byte[] number = new byte[8];
                    ulong value = Choose(Interesting);
                    if (Chance(4))
                        BinaryPrimitives.WriteUInt64BigEndian(number, value);
                    else
                        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
                    int width = 1 << Random.Next(4);
                    for (int i = 0; i < width && at + i < result.Count; i++)
                        result[at + i] = number[i];
                    break;
                case 4:
                    result.RemoveRange(at, count);
                    break;
                case 5:
                    result.InsertRange(at, result.GetRange(Random.Next(left + 1) is int from && from + count <= result.Count ? from : 0, Math.Min(count, result.Count)));
                    break;
                case 6 when other.Length > 0:
                    int start = Random.Next(other.Length);
                    result.InsertRange(at, other.AsSpan(start, Math.Min(other.Length - start, 1 << Random.Next(10))));
                    break;
                case 7 when Chance(4):
                    result.RemoveRange(at, left);
                    break;
                default:
                    result.InsertRange(at, Varint(Choose(Interesting)));
                    break;
            }
        }

        return [.. result];
    }

    /// <summary>Changes fields of a message and leaves all lengths right; bytes that are no message are changed as bytes.</summary>
    public byte[] Message(byte[] bytes, byte[] other)
    {
        if (Chance(12) || WireField.Parse(bytes) is not { } root)
            return Bytes(bytes, other);
        List<WireField>? donor = WireField.Parse(other);
        for (int changes = 1 + (Random.Next(4) * Random.Next(2)); changes > 0; changes--)
            Change(root, donor);
        return WireField.Format(root);
    }

    /// <summary>Changes rows of a table, or bytes of its blocks, under checksums that are right.</summary>
    /// <param name="file">A table.</param>
    /// <param name="other">Another.</param>
    /// <param name="value">Changes the value of a row; its key comes first.</param>
    public byte[] Table(byte[] file, byte[] other, Func<byte[], byte[], byte[]> value)
    {
        if (Chance(12))
            return Bytes(file, other);
        if (Chance(6))
        {
            byte[] changed = Bytes(file, []);
            if (changed.Length != file.Length)
                changed = [.. file];
            TableImage.SealFirstBlock(changed);
            return changed;
        }

        if (TableImage.Parse(file) is not { } image)
            return Bytes(file, other);
        List<(byte[] Key, byte[] Value)> rows = image.Rows;
        for (int changes = 1 + (Random.Next(4) * Random.Next(2)); changes > 0; changes--)
        {
            int at = Random.Next(Math.Max(1, rows.Count));
            if (at >= rows.Count)
            {
                rows.Add(([], Varint(Choose(Interesting))));
                continue;
            }

            (byte[] key, byte[] content) = rows[at];
            switch (Random.Next(12))
            {
                case 0:
                    rows[at] = (Bytes(key, []), content);
                    break;
                case 1:
                    rows.RemoveAt(at);
                    break;
                case 2:
                    rows.Insert(at, ([.. key, (byte)Random.Next(256)], content));
                    break;
                case 3:
                    (int first, int second) = (at, Random.Next(rows.Count));
                    (rows[first], rows[second]) = ((key, rows[second].Value), (rows[second].Key, content));
                    break;
                case 4 when TableImage.Parse(other) is { Rows.Count: > 0 } donor:
                    rows.Insert(at, Choose(donor.Rows));
                    break;
                default:
                    rows[at] = (key, value(key, content));
                    break;
            }
        }

        // Readers refuse keys out of order at once; mostly there is more to find behind.
        if (!Chance(10))
            rows.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        image.RestartInterval = Chance(2) ? 16 : Random.Next(1, 40);
        image.RowsPerBlock = Chance(2) ? int.MaxValue : Random.Next(1, 20);
        image.IsCompressed = Chance(4);
        if (Chance(8))
            image.Block = b => Chance(3) ? Bytes(b, []) : b;
        return image.ToBytes();
    }

    /// <summary>Changes words and lines of a text.</summary>
    public byte[] Text(byte[] text, byte[] other)
    {
        if (Chance(6))
            return Bytes(text, other);
        string result = Encoding.UTF8.GetString(text);
        for (int changes = 1 + (Random.Next(4) * Random.Next(2)); changes > 0; changes--)
        {
            int at = Random.Next(result.Length + 1);
            int end = Math.Min(result.Length, at + (1 << Random.Next(6)));
            int line = at == 0 ? 0 : result.LastIndexOf('\n', at - 1) + 1;
            int next = result.IndexOf('\n', at) is int found and >= 0 ? found + 1 : result.Length;
            result = Random.Next(9) switch
            {
                0 => result.Insert(at, Choose(Words)),
                1 => result[..at] + Choose(Words) + result[end..],
                2 => result.Remove(at, end - at),
                3 => result.Insert(line, result[line..next]),
                4 => result.Remove(line, next - line),
                5 => result.Insert(at, string.Concat(Enumerable.Repeat(Choose(Words), 1 << Random.Next(10)))),
                6 when other.Length > 0 => result.Insert(line, Encoding.UTF8.GetString(other, 0, Random.Next(Math.Min(other.Length, 2000)))),
                7 => Numbers(result, at),
                _ => result.Insert(at, ((long)Choose(Interesting)).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            };
        }

        return Encoding.UTF8.GetBytes(result);
    }

    private static byte[] Varint(ulong value)
    {
        using var stream = new MemoryStream();
        WireField.WriteVarint(stream, value);
        return stream.ToArray();
    }

    // Another number in the place of the next one.
    private string Numbers(string text, int from)
    {
        int start = text.AsSpan(from).IndexOfAnyInRange('0', '9') is int found and >= 0 ? from + found : -1;
        if (start < 0)
            return text;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return text[..start] + ((long)Choose(Interesting)).ToString(System.Globalization.CultureInfo.InvariantCulture) + text[end..];
    }

    private void Change(List<WireField> root, List<WireField>? donor)
    {
        (List<WireField> list, int at) = Pick(root);
        if (list.Count == 0)
        {
            list.Add(new WireField { Number = Random.Next(1, 20), Value = Choose(Interesting) });
            return;
        }

        WireField field = list[at];
        switch (Random.Next(13))
        {
            case 0:
                list.RemoveAt(at);
                break;
            case 1:
                list.Insert(at, field.Clone());
                break;
            case 2:
                int second = Random.Next(list.Count);
                (list[at], list[second]) = (list[second], field);
                break;
            case 3:
                field.Number = Chance(2) ? Math.Max(1, field.Number + Random.Next(-2, 3)) : Random.Next(1, 40);
                break;
            case 4:
                (List<WireField> source, int from) = Pick(Chance(2) && donor is not null ? donor : root);
                if (source.Count > 0)
                    list[at] = source[from].Clone();
                break;
            case 5:
                list.Add(new WireField { Number = Random.Next(1, 20), Value = Choose(Interesting) });
                break;
            case 6 when Chance(4):
                for (int depth = 1 << Random.Next(9); depth > 0; depth--)
                    list[at] = new WireField { Number = list[at].Number, Wire = 2, Fields = [list[at]] };
                break;
            case 7 when field.Wire == 2:
                (field.Fields, field.Bytes) = (null, []);
                break;
            case 8 when field is { Wire: 2, Fields: not null }:
                (field.Bytes, field.Fields) = (Bytes(WireField.Format(field.Fields), []), null);
                break;
            default:
                if (field.Wire == 2)
                {
                    if (field.Fields is null)
                        field.Bytes = Chance(2) ? Text(field.Bytes, []) : Bytes(field.Bytes, []);
                    else
                        field.Fields.Add(new WireField { Number = Random.Next(1, 12), Value = Choose(Interesting) });
                }
                else
                {
                    field.Value = Random.Next(4) switch { 0 => unchecked(field.Value + 1), 1 => unchecked(field.Value - 1), _ => Choose(Interesting) };
                }

                break;
        }
    }

    // Of all depths alike: few fields are at the top and many at the bottom.
    private (List<WireField> List, int At) Pick(List<WireField> root)
    {
        List<WireField> list = root;
        while (true)
        {
            int at = list.Count == 0 ? 0 : Random.Next(list.Count);
            if (list.Count == 0 || list[at].Fields is not { Count: > 0 } inner || Chance(4))
                return (list, at);
            list = inner;
        }
    }
}
