using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class AboutMagic() : Magic("#!about", "Shows versions, and what the machine offers.")
{
    public override bool IsOfHost => true;

    protected override bool WaitsForSaves => false;

    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) => Task.FromResult<object?>(new MagicReport(
        "NotebookPersist",
        [
            KeyValuePair.Create("version", Version),
            KeyValuePair.Create("runtime", RuntimeInformation.FrameworkDescription),
            KeyValuePair.Create("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
            KeyValuePair.Create("processors", $"{Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)}, {Vectors}"),
            KeyValuePair.Create("memory of the process", MagicReport.Bytes(Environment.WorkingSet)),
            KeyValuePair.Create("folder", Environment.CurrentDirectory),
        ],
        []));

    private static string Version => typeof(Magic).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static string Vectors => Avx512F.IsSupported ? "vectors of 512 bits" : Avx2.IsSupported ? "vectors of 256 bits" : "vectors of 128 bits";
}
