using System.Buffers.Binary;
using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>V2 checkpoints: index and data changed under checksums that are right again.</summary>
internal sealed class BundleTarget() : CheckpointTarget("bundle", verifyChecksums: true)
{
    private const string Index = Prefix + ".index";

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus) => corpus.Bundles().Select(static prefix => new FuzzInput(
        Corpus.DataFiles(prefix).Select(d => KeyValuePair.Create(Prefix + d[prefix.Length..], File.ReadAllBytes(d)))
            .Append(KeyValuePair.Create(Index, File.ReadAllBytes(prefix + ".index")))))
        .Concat(OwnCheckpoints.Bundles(Prefix));

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        FuzzInput changed = seed;
        if (mutator.Chance(4))
        {
            string name = mutator.Choose([.. seed.Files.Keys.Where(static n => n != Index)]);
            changed = changed.With(name, mutator.Bytes(seed.Files[name], mutator.Choose([.. other.Files.Values])));
        }

        if (changed == seed || mutator.Chance(2))
            changed = changed.With(Index, mutator.Table(seed.Files[Index], other.Files[Index], (_, value) => mutator.Message(value, mutator.Choose([.. other.Files.Values]))));
        return mutator.Chance(4) ? changed : Seal(changed);
    }

    // Gives every entry the checksum of the bytes that it points to.
    private static FuzzInput Seal(FuzzInput input)
    {
        if (TableImage.Parse(input.Files[Index]) is not { } table)
            return input;
        FuzzInput result = input;
        for (int i = 1; i < table.Rows.Count; i++)
        {
            if (WireField.Parse(table.Rows[i].Value) is not { } entry || entry.Exists(static f => f.Number == 7))
                continue;
            ulong shard = Number(entry, 3), offset = Number(entry, 4), size = Number(entry, 5);
            string? name = input.Files.Keys.FirstOrDefault(n => n.StartsWith($"{Prefix}.data-{shard:D5}", StringComparison.Ordinal));
            if (name is null || offset > (ulong)result.Files[name].Length || size > (ulong)result.Files[name].Length - offset)
                continue;
            byte[] data = [.. result.Files[name]];
            Span<byte> stored = data.AsSpan((int)offset, (int)size);
            uint crc = Number(entry, 1) == 7 ? SealStrings(stored, entry) : Crc32C.Extend(0, stored);
            result = result.With(name, data);
            entry.RemoveAll(static f => f.Number == 6);
            entry.Add(new WireField { Number = 6, Wire = 5, Value = Crc32C.Mask(crc) });
            table.Rows[i] = (table.Rows[i].Key, WireField.Format(entry));
        }

        return result.With(Index, table.ToBytes());
    }

    // Lengths, their own checksum, texts.
    private static uint SealStrings(Span<byte> stored, List<WireField> entry)
    {
        ulong count = 1;
        foreach (WireField dimension in entry.Where(static f => f.Number == 2).SelectMany(static f => f.Fields ?? []).Where(static f => f.Number == 2))
            count *= Number(dimension.Fields ?? [], 1);
        uint crc = 0;
        int at = 0;
        for (ulong i = 0; i < count && i <= (ulong)stored.Length; i++)
        {
            if (!WireField.TryVarint(stored, ref at, out ulong length))
                return 0;
            byte[] number = new byte[length <= uint.MaxValue ? 4 : 8];
            for (int k = 0; k < number.Length; k++)
                number[k] = (byte)(length >> (8 * k));
            crc = Crc32C.Extend(crc, number);
        }

        if (stored.Length - at < 4)
            return 0;
        BinaryPrimitives.WriteUInt32LittleEndian(stored[at..], Crc32C.Mask(crc));
        return Crc32C.Extend(crc, stored[at..]);
    }

    private static ulong Number(List<WireField> fields, int number) => fields.FindLast(f => f.Number == number)?.Value ?? 0;
}
