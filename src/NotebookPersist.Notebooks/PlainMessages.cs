using System.Text.RegularExpressions;

namespace NotebookPersist.Notebooks;

/// <summary>Errors in the words of whoever wrote a magic or a command line.</summary>
public static partial class PlainMessages
{
    /// <summary>The message of an error without what only a C# caller can use.</summary>
    public static string Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault switch
        {
            ArgumentException { ParamName: not null } => Parameter().Replace(fault.Message, ""),
            ObjectDisposedException => fault.Message.Split(Environment.NewLine)[0],
            AggregateException { InnerExceptions: [Exception only] } => Of(only),
            _ => fault.Message,
        };
    }

    // Names of C# parameters mean nothing there.
    [GeneratedRegex(@" \(Parameter '[^']*'\)", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
