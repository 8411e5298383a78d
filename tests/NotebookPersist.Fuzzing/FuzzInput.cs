namespace NotebookPersist.Fuzzing;

/// <summary>What one reader is given: files of a folder, by name.</summary>
internal sealed class FuzzInput(IEnumerable<KeyValuePair<string, byte[]>> files)
{
    public IReadOnlyDictionary<string, byte[]> Files { get; } = new SortedDictionary<string, byte[]>(files.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Unit: bytes of all files.</summary>
    public long ByteCount => Files.Values.Sum(static b => (long)b.Length);

    public static FuzzInput Of(params (string Name, byte[] Bytes)[] files) => new(files.Select(static f => KeyValuePair.Create(f.Name, f.Bytes)));

    /// <summary>The files of a folder as they are, its folders too.</summary>
    public static FuzzInput Read(string folder) => new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(p => KeyValuePair.Create(Path.GetRelativePath(folder, p).Replace('\\', '/'), File.ReadAllBytes(p))));

    public FuzzInput With(string name, byte[] bytes) => new(Files.Select(f => f.Key == name ? KeyValuePair.Create(name, bytes) : f));

    /// <summary>Makes a folder hold these files and no others.</summary>
    public void Write(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!Files.ContainsKey(Path.GetRelativePath(folder, path).Replace('\\', '/')))
                File.Delete(path);
        }

        foreach ((string name, byte[] bytes) in Files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // A file has a folder.
            File.WriteAllBytes(path, bytes);
        }
    }
}
