using System.Text.Json.Serialization;
using Microsoft.DotNet.Interactive.Formatting;

// Signatures as in the last public sources of dotnet/interactive, as far as extension.dib uses them. What is internal here serves the tests.
namespace Microsoft.DotNet.Interactive.Commands;

public abstract class KernelCommand
{
    protected KernelCommand(string? targetKernelName = null) => TargetKernelName = targetKernelName;

    [JsonInclude]
    public string? TargetKernelName { get; internal set; }

    public Uri? OriginUri { get; set; }

    public Uri? DestinationUri { get; set; }
}

public abstract class KernelDirectiveCommand : KernelCommand
{
}

public class SubmitCode : KernelCommand
{
    public SubmitCode(string code, string? targetKernelName = null)
        : base(targetKernelName) => Code = code;

    public string Code { get; internal set; }
}

public class UpdateDisplayedValue : KernelCommand
{
    public UpdateDisplayedValue(FormattedValue formattedValue, string valueId) => (FormattedValue, ValueId) = (formattedValue, valueId);

    public FormattedValue FormattedValue { get; }

    public string ValueId { get; }
}
