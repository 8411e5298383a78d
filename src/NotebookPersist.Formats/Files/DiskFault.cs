using System.Text.RegularExpressions;

namespace NotebookPersist.Formats.Files;

/// <summary>Says in one sentence why a file cannot be written, and what helps.</summary>
internal static partial class DiskFault
{
    // Numbers of Linux; macOS has another one for the quota, Windows one of its own for a full disk.
    private const int FileTooLarge = 27;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int OverQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int NoNumber = unchecked((int)0x80131620);

    /// <summary>The fault as it is told; the same one where there is nothing to add.</summary>
    /// <param name="fault">What the framework threw.</param>
    /// <param name="path">The file or folder that was being written.</param>
    /// <param name="preallocate">Unit: bytes that were to be set aside, or 0.</param>
    public static IOException Explain(Exception fault, string path, long preallocate = 0)
    {
        string target = TemporarySuffix().Replace(path, "");
        string? reason = fault switch
        {
            UnauthorizedAccessException => "permission is denied. Choose a folder that may be written to.",
            DirectoryNotFoundException or FileNotFoundException => $"its folder '{Path.GetDirectoryName(Path.GetFullPath(target))}' is not there any more. Make it again and save once more.",
            _ => fault.HResult switch
            {
                NoSpace or OverQuota or WindowsDiskFull => "the disk is full. Free space on it or choose a folder on another one.",
                FileTooLarge => "it would be larger than files may be here. Raise the limit or choose a folder on another disk.",
                ReadOnly => "the disk is read-only. Choose a folder that may be written to.",

                // Setting space aside fails without a number.
                NoNumber when preallocate > 0 => $"there is no room for its {preallocate} bytes. Free space on the disk or choose a folder on another one.",
                _ => null,
            },
        };
        return reason is null ? (IOException)fault : new IOException($"Cannot write '{target}': {reason}", fault);
    }

    /// <summary>True for faults that <see cref="Explain"/> knows how to tell.</summary>
    public static bool IsOfDisk(Exception fault) => fault is IOException or UnauthorizedAccessException;

    [GeneratedRegex(@"\.tempstate\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporarySuffix();
}
