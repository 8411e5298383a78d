using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NotebookPersist.Kernel.Languages;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Tells the reader of a notebook what went wrong in terms of the cell's own text.</summary>
internal static partial class ErrorReport
{
    private const int CompilationErrorLimit = 10;
    private const int FrameLimit = 20;

    public static CellError OfCompilation(
        ImmutableArray<Diagnostic> errors, CellSession session, Compilation compilation, IReadOnlyDictionary<string, string> sources)
    {
        var lines = session.Code.ReplaceLineEndings("\n").Split('\n');
        var traceback = new List<string>();

        // The compiler tells them kind by kind. What the cell loads comes before what it does itself.
        errors = [.. errors.OrderBy(e => IsOf(session, e)).ThenBy(static e => Position(e).Line).ThenBy(static e => Position(e).Column)];
        foreach (var error in errors.Take(CompilationErrorLimit))
            Describe(error, session, lines, compilation, sources, traceback);
        if (errors.Length > CompilationErrorLimit)
            traceback.Add($"… and {errors.Length - CompilationErrorLimit} more errors.");

        var first = errors[0];
        var (line, column, _) = Position(first);
        var file = IsOf(session, first) ? "" : Path.GetFileName(first.Location.GetMappedLineSpan().Path) + " ";
        var meant = Meant(first, TextOf(lines, line), sources, session, compilation);
        var rest = errors.Length > 1 ? $" (and {errors.Length - 1} more)" : "";
        return new CellError(
            "CompilationError", $"{file}({line},{column}): error {first.Id}: {first.GetMessage(null)}{meant}{rest}", traceback, line, column, file.Length == 0 ? TextOf(lines, line) : null);
    }

    public static CellError OfLanguage(LanguageException exception, CellSession session)
    {
        var lines = session.Code.ReplaceLineEndings("\n").Split('\n');
        var traceback = new List<string>();
        foreach (var error in exception.Errors.Take(CompilationErrorLimit))
        {
            traceback.Add($"{session.Name}, line {error.Line}, column {error.Column}: error {error.Id}: {error.Message}");
            AddSource(lines, error.Line, error.Column, error.Length, traceback);
        }

        if (exception.Errors.Count > CompilationErrorLimit)
            traceback.Add($"… and {exception.Errors.Count - CompilationErrorLimit} more errors.");
        var first = exception.Errors[0];
        return new CellError("CompilationError", exception.Message, traceback, first.Line, first.Column, TextOf(lines, first.Line));
    }

    public static CellError OfException(
        Exception exception, CellSession session, IReadOnlyDictionary<string, string> sources, string baseDirectory, IEnumerable<NotebookVariable>? variables = null)
    {
        var shown = Unwrap(exception);
        var traceback = new List<string>();
        (string Cell, int Line)? place = null;
        for (Exception? e = shown; e is not null; e = e.InnerException is { } inner ? Unwrap(inner) : null)
        {
            // A cause that was passed on word for word is told once.
            if (e == shown || !shown.Message.Contains(e.Message, StringComparison.Ordinal))
                traceback.Add($"{(e == shown ? "" : "caused by ")}{e.GetType().Name}: {e.Message}");
            var frames = AddFrames(e, session, sources, baseDirectory, traceback);
            if (frames.Count > 0)
                place ??= frames.Find(f => f.Cell == session.Name) is { Cell: not null } own ? own : frames[0];
        }

        var line = place?.Cell == session.Name ? place?.Line : null;
        var source = place is { } p ? TextOf(sources[p.Cell].ReplaceLineEndings("\n").Split('\n'), p.Line) : null;
        string message = shown.Message;
        if (shown is NullReferenceException or ArgumentException && variables is not null && NullVariables.Hint(source ?? session.Code, variables) is { } hint)
        {
            traceback.Add("    Hint: " + hint);
            message = $"{message} {hint}";
        }

        return new CellError(shown.GetType().Name, message, traceback, line, null, source, shown);
    }

    public static CellError OfPackage(PackageException exception, CellSession session)
    {
        var lines = session.Code.ReplaceLineEndings("\n").Split('\n');
        var source = TextOf(lines, exception.Line);
        List<string> traceback = [$"{session.Name}, line {exception.Line}: {exception.Message}"];
        if (source is not null)
            traceback.Add("    " + source);
        return new CellError("PackageError", exception.Message, traceback, exception.Line, 1, source, exception);
    }

    public static CellError OfMagic(string message, MagicLine? magic, int line, string text, CellSession session, Exception? exception = null)
        => new("MagicError", message, [$"{session.Name}, line {line}: {message}", "    " + (magic?.Text ?? text)], line, 1, text, exception);

    private static void Describe(Diagnostic error, CellSession session, string[] lines, Compilation compilation, IReadOnlyDictionary<string, string> sources, List<string> traceback)
    {
        var (line, column, length) = Position(error);
        var path = error.Location.GetMappedLineSpan().Path;
        traceback.Add($"{(string.IsNullOrEmpty(path) ? session.Name : path)}, line {line}, column {column}: error {error.Id}: {error.GetMessage(null)}");
        var text = path == session.Name || string.IsNullOrEmpty(path) ? AddSource(lines, line, column, length, traceback) : null;
        if (Hint(error, text, sources, session) is { } hint)
            traceback.Add("    Hint: " + hint);
        else if (PythonNames.Meant(error, compilation) is { } meant)
            traceback.Add($"    Hint: did you mean '{meant}'?");
    }

    private static string Meant(Diagnostic error, string? text, IReadOnlyDictionary<string, string> sources, CellSession session, Compilation compilation)
    {
        if (Hint(error, text, sources, session) is { } hint)
            return $". {char.ToUpperInvariant(hint[0])}{hint[1..]}";
        return PythonNames.Meant(error, compilation) is { } name ? $" Did you mean '{name}'?" : "";
    }

    private static string? Hint(Diagnostic error, string? text, IReadOnlyDictionary<string, string> sources, CellSession session) =>
        CompilationHint.Of(error, text, sources, session.Name) ?? ForeignNames.Advice(error);

    private static string? AddSource(string[] lines, int line, int column, int length, List<string> traceback)
    {
        if (TextOf(lines, line) is not { } text)
            return null;

        // Tabs are repeated so that the caret stands under the place whatever their width.
        var pad = string.Concat(text.Take(column - 1).Select(c => c == '\t' ? '\t' : ' '));
        traceback.Add("    " + text);
        traceback.Add("    " + pad + new string('^', Math.Clamp(length, 1, Math.Max(1, text.Length - column + 1))));
        return text;
    }

    private static (int Line, int Column, int Length) Position(Diagnostic error)
    {
        var span = error.Location.GetMappedLineSpan();
        var (start, end) = (span.StartLinePosition, span.EndLinePosition);
        return (start.Line + 1, start.Character + 1, start.Line == end.Line ? end.Character - start.Character : int.MaxValue);
    }

    private static bool IsOf(CellSession session, Diagnostic error) => error.Location.GetMappedLineSpan().Path is var path && (string.IsNullOrEmpty(path) || path == session.Name);

    private static string? TextOf(string[] lines, int line) => line >= 1 && line <= lines.Length ? lines[line - 1] : null;

    private static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var single] } => Unwrap(single),
        _ => exception,
    };

    // Frames of the cells are shown with their source; of the library's own frames between them only the one that the cell called.
    private static List<(string Cell, int Line)> AddFrames(
        Exception e, CellSession session, IReadOnlyDictionary<string, string> sources, string baseDirectory, List<string> traceback)
    {
        var places = new List<(string Cell, int Line)>();
        var folded = new List<MethodBase>();
        var shown = 0;
        foreach (var frame in new StackTrace(e, fNeedFileInfo: true).GetFrames())
        {
            var method = frame.GetMethod();
            var file = SourceName(frame.GetFileName(), baseDirectory, sources);
            if (file is null && method is not null && IsCell(method))
            {
                AddLostLine(e, session, places, traceback);
                continue;
            }

            if (file is null || !sources.TryGetValue(file, out var source))
            {
                if (method is not null && !IsPlumbing(method))
                    folded.Add(method);
                continue;
            }

            places.Add((file, frame.GetFileLineNumber()));
            if (++shown > FrameLimit)
                continue;
            if (folded.Count > 0)
                traceback.Add($"  at {NameOf(folded[^1])}{(folded.Count > 1 ? $" ({folded.Count - 1} inner frames folded)" : "")}");
            folded.Clear();
            traceback.Add($"  at {(method is null ? "" : FunctionPrefix(method))}{file}, line {frame.GetFileLineNumber()}");
            if (TextOf(source.ReplaceLineEndings("\n").Split('\n'), frame.GetFileLineNumber()) is { } text)
                traceback.Add("      " + text.Trim());
        }

        if (shown > FrameLimit)
            traceback.Add($"  … {shown - FrameLimit} more frames");
        return places;
    }

    // The compiler completes the name of a cell or of an imported file to a path from the base directory; that of F# knows no such directory.
    private static string? SourceName(string? path, string baseDirectory, IReadOnlyDictionary<string, string> sources) =>
        !string.IsNullOrEmpty(path) && Path.GetRelativePath(baseDirectory, path) is var name && sources.ContainsKey(name) ? name : Path.GetFileName(path);

    // The cell itself, whose code is that of the running one: earlier cells have ended.
    private static bool IsCell(MethodBase method) =>
        method.DeclaringType?.FullName is { } type && CellCode.IsOfCSharp(type) && type.Contains("<Initialize>", StringComparison.Ordinal);

    private static void AddLostLine(Exception e, CellSession session, List<(string Cell, int Line)> places, List<string> traceback)
    {
        var candidates = LostLine.Candidates(e, session.Code);
        if (candidates is [var line])
        {
            places.Add((session.Name, line));
            traceback.Add($"  at {session.Name}, line {line}");
            if (TextOf(session.Code.ReplaceLineEndings("\n").Split('\n'), line) is { } text)
                traceback.Add("      " + text.Trim());
        }
        else
        {
            traceback.Add($"  at {session.Name}{(candidates.Count is > 1 and <= 5 ? $", one of the lines {string.Join(", ", candidates)}" : "")}");
        }
    }

    private static bool IsPlumbing(MethodBase method)
        => method.DeclaringType?.Namespace is "System.Runtime.CompilerServices" or "System.Runtime.ExceptionServices" or "System.Threading"
            || method.DeclaringType?.FullName?.StartsWith("System.Threading.Tasks.Task", StringComparison.Ordinal) == true;

    private static string NameOf(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";

    private static string FunctionPrefix(MethodBase method)
    {
        if (CellCode.IsOfFSharp(method.DeclaringType?.FullName))
            return method.Name.EndsWith('@') ? "" : $"{(method.DeclaringType!.Name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? method.DeclaringType.Name[..at] : method.Name)} in ";

        // Compiler-made names: <<Initialize>>d__0.MoveNext is the cell itself, <Train>d__4.MoveNext the async Train, <Train>b__0 a lambda in it.
        var raw = method.Name == "MoveNext" ? method.DeclaringType!.Name : method.Name;
        if (raw.Contains("<Initialize>", StringComparison.Ordinal))
            return raw.Contains(">b__", StringComparison.Ordinal) ? "a lambda in " : "";
        var match = CompilerMadeName().Match(raw);
        var name = match.Success ? match.Groups[1].Value : raw;
        var type = method.DeclaringType is { } declaring && !CellCode.IsOfCSharp(declaring.Name)
            && !declaring.Name.Contains('<', StringComparison.Ordinal) ? declaring.Name + "." : "";
        return $"{type}{name} in ";
    }

    [GeneratedRegex(@"^<(\w+)>")]
    private static partial Regex CompilerMadeName();
}
