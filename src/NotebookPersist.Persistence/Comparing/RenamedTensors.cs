using System.Security.Cryptography;

namespace NotebookPersist.Persistence;

/// <summary>Finds tensors that have the same bytes under another name.</summary>
/// <remarks>
/// Only tensors of one type, shape and size are read, and a pair is told only where it is the only one possible: unique by its bytes, or by
/// its name under a change of scope that unique pairs have shown. What is told was compared byte by byte.
/// </remarks>
internal static class RenamedTensors
{
    // More are no scopes that a person made, but a hostile name.
    private const int MostScopes = 64;

    /// <summary>Pairs of old and new names.</summary>
    public static List<(StoredTensor Old, StoredTensor New)> Find(IReadOnlyList<StoredTensor> removed, IReadOnlyList<StoredTensor> added, CancellationToken cancellation)
    {
        List<(StoredTensor Old, StoredTensor New)> pairs = [];
        List<(StoredTensor[] Old, StoredTensor[] New)> unclear = [];
        ILookup<(DType, string), StoredTensor> newBySpec = Readable(added).ToLookup(Spec);
        foreach (IGrouping<(DType, string), StoredTensor> old in Readable(removed).GroupBy(Spec).Where(g => newBySpec[g.Key].Any()))
        {
            ILookup<string, StoredTensor> newByBytes = newBySpec[old.Key].ToLookup(t => Digest(t, cancellation));
            foreach (IGrouping<string, StoredTensor> same in old.GroupBy(t => Digest(t, cancellation)))
            {
                StoredTensor[] olds = [.. same], news = [.. newByBytes[same.Key]];
                if (same.Key.Length == 0 || news.Length == 0)
                    continue;
                if (olds.Length == 1 && news.Length == 1)
                    pairs.Add((olds[0], news[0]));
                else
                    unclear.Add((olds, news));
            }
        }

        AddByScope(pairs, unclear);
        return pairs.FindAll(p => HaveSameBytes(p.Old.Read!(cancellation), p.New.Read!(cancellation))); // Readable has chosen those with values.
    }

    /// <summary>True where every bit is the same; strings alike.</summary>
    public static bool HaveSameBytes(Tensor a, Tensor b)
    {
        if (a.DType != b.DType || a.Count != b.Count)
            return false;
        if (a.DType != DType.String)
            return a.DType.HasFixedSize() && a.Bytes.SequenceEqual(b.Bytes);
        ReadOnlySpan<byte[]> left = a.Strings, right = b.Strings;
        for (int i = 0; i < left.Length; i++)
        {
            if (!left[i].AsSpan().SequenceEqual(right[i]))
                return false;
        }

        return true;
    }

    private static IEnumerable<StoredTensor> Readable(IEnumerable<StoredTensor> tensors) => tensors.Where(static t => t.Read is not null && (t.DType.HasFixedSize() || t.DType == DType.String));

    private static (DType, string) Spec(StoredTensor tensor) => (tensor.DType, tensor.Shape.ToString());

    private static string Digest(StoredTensor tensor, CancellationToken cancellation)
    {
        try
        {
            Tensor value = tensor.Read!(cancellation); // Readable has chosen those with values.
            if (value.DType != DType.String)
                return Convert.ToHexString(SHA256.HashData(value.Bytes));
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (byte[] text in value.Strings)
            {
                hash.AppendData(BitConverter.GetBytes(text.Length));
                hash.AppendData(text);
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (IOException)
        {
            return ""; // Stays removed or added: what cannot be read has no equal.
        }
    }

    // Zero biases all look alike. If 'vgg/conv1/weights' became 'net/conv1/weights', then 'vgg/conv1/biases' is 'net/conv1/biases'.
    private static void AddByScope(List<(StoredTensor Old, StoredTensor New)> pairs, List<(StoredTensor[] Old, StoredTensor[] New)> unclear)
    {
        HashSet<(string Old, string New)> scopes = [.. pairs.SelectMany(static p => Scopes(p.Old.Name, p.New.Name))];
        foreach ((StoredTensor[] olds, StoredTensor[] news) in unclear)
        {
            Dictionary<string, StoredTensor> byName = news.ToDictionary(static t => t.Name, StringComparer.Ordinal);
            List<(StoredTensor Old, StoredTensor New)> found = [];
            foreach (StoredTensor old in olds)
            {
                StoredTensor[] fitting = [.. scopes
                    .Where(s => old.Name.StartsWith(s.Old, StringComparison.Ordinal))
                    .Select(s => byName.GetValueOrDefault(s.New + old.Name[s.Old.Length..]))
                    .OfType<StoredTensor>()
                    .Distinct()];
                if (fitting.Length == 1)
                    found.Add((old, fitting[0]));
            }

            pairs.AddRange(found.Where(p => found.Count(q => q.New == p.New) == 1));
        }
    }

    // The beginnings before each slash of the common end: a/x/w and b/x/w tell a/ -> b/ and a/x/ -> b/x/.
    private static IEnumerable<(string Old, string New)> Scopes(string old, string @new)
    {
        int common = 0;
        while (common < Math.Min(old.Length, @new.Length) && old[^(common + 1)] == @new[^(common + 1)])
            common++;
        for (int length = 0, scopes = 0; length <= common && scopes < MostScopes; length++)
        {
            if (!EndsScope(old, length) || !EndsScope(@new, length))
                continue;
            scopes++;
            string oldScope = old[..^length], newScope = @new[..^length];
            yield return (oldScope, newScope);
        }

        static bool EndsScope(string name, int length) => length == name.Length || name[^(length + 1)] == '/';
    }
}
