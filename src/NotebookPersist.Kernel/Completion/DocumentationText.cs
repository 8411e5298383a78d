using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace NotebookPersist.Kernel.Completion;

/// <summary>What a symbol's documentation says, as text.</summary>
internal static class DocumentationText
{
    /// <summary>The summary, and what the parameter at a place is for.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameter">The place of the parameter, from 0.</param>
    public static string Of(IMethodSymbol method, int parameter)
    {
        string xml = method.GetDocumentationCommentXml() ?? "";
        if (xml.Length == 0)
            return "";
        XElement root;
        try
        {
            root = XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return ""; // Documentation that is no XML says nothing.
        }

        string summary = Text(root.Element("summary"));
        if (parameter >= method.Parameters.Length)
            return summary;
        string name = method.Parameters[parameter].Name;
        string about = Text(root.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name));
        return about.Length == 0 ? summary : $"{summary}\n{name}: {about}".Trim();
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
