using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>Tables below the checkpoints: footers, handles, blocks, keys and compression; both kinds of tables in turn.</summary>
internal sealed class TableTarget() : CheckpointTarget("table", verifyChecksums: false)
{
    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (FuzzInput own in OwnCheckpoints.SliceFiles(Prefix).Concat(OwnCheckpoints.Bundles(Prefix)))
            yield return own;
        foreach (string path in corpus.SliceFiles())
            yield return FuzzInput.Of((Prefix, File.ReadAllBytes(path)));
        foreach (string prefix in corpus.Bundles())
        {
            yield return new FuzzInput(Corpus.DataFiles(prefix).Select(d => KeyValuePair.Create(Prefix + d[prefix.Length..], File.ReadAllBytes(d)))
                .Append(KeyValuePair.Create(Prefix + ".index", File.ReadAllBytes(prefix + ".index"))));
        }
    }

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        string name = seed.Files.ContainsKey(Prefix) ? Prefix : Prefix + ".index";
        byte[] table = seed.Files[name];
        byte[] donor = other.Files.Values.Last();
        if (mutator.Chance(3) && TableImage.Parse(table) is { } image)
        {
            image.RestartInterval = mutator.Random.Next(1, 40);
            image.RowsPerBlock = mutator.Random.Next(1, 20);
            image.IsCompressed = mutator.Chance(3);
            int changed = mutator.Random.Next(Math.Max(1, image.Rows.Count / image.RowsPerBlock) + 2), at = 0;
            image.Block = b => at++ == changed ? mutator.Bytes(b, donor) : b;
            return seed.With(name, image.ToBytes());
        }

        // The last bytes are handles, where a byte decides much.
        if (mutator.Chance(3) && table.Length > 48)
            return seed.With(name, [.. table[..^48], .. mutator.Bytes(table[^48..^8], []), .. table[^8..]]);
        return seed.With(name, mutator.Table(table, donor, (_, value) => mutator.Bytes(value, donor)));
    }
}
