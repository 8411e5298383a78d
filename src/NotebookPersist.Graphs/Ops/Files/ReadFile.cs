using System.Text;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The bytes of a file.</summary>
    /// <remarks>Source: TensorFlow op "ReadFile".</remarks>
    public static Output ReadFile(this Graph graph, Operand filename, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ReadFileOp>(name, filename);
    }

    /// <summary>Writes a file, and the folders that lead to it.</summary>
    /// <remarks>Source: TensorFlow op "WriteFile".</remarks>
    public static Operation WriteFile(this Graph graph, Operand filename, Operand contents, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<WriteFileOp>(name, null, filename, contents);
    }

    /// <summary>The files whose names match patterns with * and ?, in the order of their names.</summary>
    /// <remarks>Source: TensorFlow op "MatchingFiles".</remarks>
    public static Output MatchingFiles(this Graph graph, Operand pattern, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<MatchingFilesOp>(name, pattern);
    }
}

internal sealed class ReadFileOp() : UndifferentiatedOp("ReadFile(filename: string) -> (contents: string)", "files are no continuous values")
{
    // A file can change between two runs.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 0);
        c.Output(0, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        string path = Encoding.UTF8.GetString(StringBytes.One(c, 0));
        try
        {
            c.Output(0, Tensor.OfStrings(Shape.Scalar, [RegularFile.ReadAllBytes(path)]));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.NotFound, $"{path}; No such file or directory, or it cannot be read: {fault.Message}", fault);
        }
    }
}

internal sealed class WriteFileOp() : UndifferentiatedOp("WriteFile(filename: string, contents: string) -> (); stateful", "it has no output")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 0);
        c.WithRank(1, 0);
    }

    public override void Compute(KernelContext c)
    {
        string path = Encoding.UTF8.GetString(StringBytes.One(c, 0));
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            AtomicFile.WriteAllBytes(path, StringBytes.One(c, 1));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KernelException(RunErrorCode.Unknown, $"{path} cannot be written: {fault.Message}", fault);
        }
    }
}

internal sealed class MatchingFilesOp() : UndifferentiatedOp("MatchingFiles(pattern: string) -> (filenames: string)", "files are no continuous values")
{
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c) => c.Output(0, [-1]);

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank > 1)
            throw c.InvalidArgument($"Input patterns tensor must be scalar or vector, but had shape: {c.Input(0).Shape}");
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (byte[] pattern in c.Input(0).Strings)
            found.UnionWith(Matching(Encoding.UTF8.GetString(pattern)));
        c.Output(0, Tensor.OfStrings([found.Count], [.. found.Select(Encoding.UTF8.GetBytes)]));
    }

    // One part of the path after the other: only those with * or ? are searched for.
    private static IEnumerable<string> Matching(string pattern)
    {
        string[] parts = pattern.Split('/');
        IEnumerable<string> places = [pattern.StartsWith('/') ? "/" : ""];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            bool isLast = i == parts.Length - 1;
            if (part.Length > 0)
                places = [.. places.SelectMany(p => Inside(p, part, isLast))];
        }

        return places.Where(static p => p.Length > 0);
    }

    private static IEnumerable<string> Inside(string folder, string part, bool isLast)
    {
        string[] names = [part];
        if (part.AsSpan().ContainsAny('*', '?'))
        {
            string searched = folder.Length == 0 ? "." : folder;
            if (!Directory.Exists(searched))
                return [];
            names = [.. Directory.EnumerateFileSystemEntries(searched, "*").Select(static p => Path.GetFileName(p)).Where(n => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(part, n, ignoreCase: false))];
        }

        return names.Select(n => Path.Combine(folder, n)).Where(p => isLast ? File.Exists(p) || Directory.Exists(p) : Directory.Exists(p));
    }
}
