using System.Collections.Concurrent;
using System.Net;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Microsoft.FSharp.Reflection;

namespace NotebookPersist.FSharpCells;

/// <summary>Shows values of F#'s own kinds as F# writes them.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal static class FSharpDisplays
{
    private const string PlainText = "text/plain";
    private const string Html = "text/html";

    // What the interactive compiler calls the assemblies that it makes, with a number.
    private const string CellAssembly = "FSI-ASSEMBLY";

    private static readonly FSharpFunc<object, string> Write = ExtraTopLevelOperators.PrintFormatToString(
        new PrintfFormat<FSharpFunc<object, string>, Unit, string, string, object>("%A"));

    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    /// <summary>Adds the displays to those of the notebook.</summary>
    public static void Register()
    {
        Known.Clear();
        foreach (Type type in (Type[])[typeof(FSharpList<>), typeof(FSharpSet<>), typeof(FSharpMap<,>)])
            RegisterText(type);
        RegisterBoth(typeof(FSharpOption<>));
        RegisterBoth(typeof(FSharpValueOption<>));
        RegisterBoth(typeof(None));
    }

    /// <summary>Adds the displays of a type that cells have made, and of the types that it is made of.</summary>
    public static void Know(Type type)
    {
        if (!Known.TryAdd(type, true))
            return;
        foreach (Type part in type.GetGenericArguments().Append(type.GetElementType()).OfType<Type>())
            Know(part);
        if (type.Assembly.GetName().Name?.StartsWith(CellAssembly, StringComparison.Ordinal) != true)
            return; // Libraries have displays of their own.

        // A record is a table of its fields where there is HTML; which fields a union has is a matter of its case.
        if (FSharpType.IsUnion(type, null))
            RegisterBoth(type);
        else if (FSharpType.IsRecord(type, null))
            RegisterText(type);
    }

    /// <summary>What is shown of null: F# has a value of some types that is null.</summary>
    public static object? OfNull(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(FSharpOption<>) ? new None() : null;

    private static void RegisterText(Type type) => Formatter.Register(type, static (value, writer) => writer.Write(Write.Invoke(value)), PlainText);

    private static void RegisterBoth(Type type)
    {
        RegisterText(type);
        Formatter.Register(type, static (value, writer) => writer.Write($"<pre>{WebUtility.HtmlEncode(Write.Invoke(value))}</pre>"), Html);
    }

    private sealed class None
    {
        public override string ToString() => "None";
    }
}
