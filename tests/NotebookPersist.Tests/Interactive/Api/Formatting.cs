// Signatures as in the last public sources of dotnet/interactive, as far as extension.dib uses them. What is internal here serves the tests.
namespace Microsoft.DotNet.Interactive.Formatting;

public class FormattedValue
{
    public FormattedValue(string mimeType, string value) => (MimeType, Value) = (mimeType, value);

    public string MimeType { get; }

    public string Value { get; }

    internal static FormattedValue[] CreateMany(object value) =>
        [.. Formatter.GetPreferredMimeTypesFor(value.GetType()).Select(m => new FormattedValue(m, value.ToDisplayString(m)))];
}

public class DisplayedValue
{
    public DisplayedValue(object value, IReadOnlyList<FormattedValue> formattedValues) => (Value, FormattedValues) = (value, formattedValues);

    public string DisplayId { get; } = Guid.NewGuid().ToString();

    public IReadOnlyList<FormattedValue> FormattedValues { get; private set; }

    public object Value { get; private set; }

    public void Update(object updatedValue)
    {
        Value = updatedValue;
        FormattedValues = FormattedValue.CreateMany(updatedValue);
    }
}
