using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace NotebookPersist.Kernel.Completion;

/// <summary>What a symbol's documentation says, as text.</summary>
internal static class DocumentationText
{
    private const int LongestChain = 8;

    /// <summary>The summary, and what the parameter at a place is for.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameter">The place of the parameter, from 0.</param>
    /// <param name="compilation">Knows the members whose documentation others take over.</param>
    public static string Of(IMethodSymbol method, int parameter, Compilation compilation)
    {
        if (RootOf(method) is not { } root)
            return "";
        for (int i = 0; i < LongestChain && root.Element("inheritdoc")?.Attribute("cref")?.Value is { } other; i++)
        {
            if (DocumentationCommentId.GetFirstSymbolForDeclarationId(other, compilation) is not { } known || RootOf(known) is not { } taken)
                break;
            root = taken;
        }

        string summary = Text(root.Element("summary"));
        if (parameter >= method.Parameters.Length)
            return summary;
        string name = method.Parameters[parameter].Name;
        string about = Text(root.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name));
        return about.Length == 0 ? summary : $"{summary}\n{name}: {about}".Trim();
    }

    private static XElement? RootOf(ISymbol symbol)
    {
        try
        {
            return symbol.GetDocumentationCommentXml() is { Length: > 0 } xml ? XElement.Parse(xml) : null;
        }
        catch (XmlException)
        {
            return null; // Documentation that is no XML says nothing.
        }
    }

    private static string Text(XElement? element)
    {
        if (element is null)
            return "";
        IEnumerable<string> parts = element.DescendantNodes().Select(static node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" or "typeparamref" } reference => Name(reference),
            _ => "",
        });
        return string.Join(' ', string.Concat(parts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Name(XElement reference)
    {
        string name = reference.Attribute("cref")?.Value ?? reference.Attribute("name")?.Value ?? reference.Attribute("langword")?.Value ?? "";
        return name[(name.LastIndexOf(':') + 1)..].Split('(')[0].Split('.')[^1];
    }
}
