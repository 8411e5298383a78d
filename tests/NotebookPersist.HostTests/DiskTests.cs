using System.Globalization;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>Saves to disks that are full or read-only, to folders that may not be written to or go away, and from two processes at once.</summary>
public sealed class DiskTests : IDisposable
{
    private const int DiskByteCount = 4 << 20;
    private const int TooLittle = 100_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("notebookpersist-folder-").FullName;

    public static TheoryData<string> Modes => ["steps", "incremental", "same", "sharded", "async", "v1", "savedmodel", "freeze"];

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [RootTheory]
    [MemberData(nameof(Modes))]
    public async Task A_full_disk_gives_one_clear_error_and_changes_nothing(string mode)
    {
        using SmallDisk disk = SmallDisk.Mount(DiskByteCount);
        await SaveAsync(disk.Path, mode, 1);
        Dictionary<string, byte[]> before = Contents(disk.Path);

        // No room at all, and too little at the end of the files.
        foreach (int left in new[] { 0, mode == "freeze" ? 4096 : TooLittle, 404_004 + 4096 })
        {
            if (mode == "freeze" && left > 4096)
                continue;
            disk.Fill(left);
            string error = await FailAsync(disk.Path, mode, 2);
            Assert.StartsWith("IOException: ", error, StringComparison.Ordinal);
            Assert.Contains(disk.Path, error, StringComparison.Ordinal);
            Assert.Matches("the disk is full|there is no room", error);
            Assert.Contains("Free space", error, StringComparison.Ordinal);
            Assert.Single(error.Split('\n'));
            disk.Empty();
            RequireSame(before, disk.Path);
        }

        await SaveAsync(disk.Path, mode, 2);
    }

    [RootTheory]
    [MemberData(nameof(Modes))]
    public async Task A_read_only_disk_gives_one_clear_error(string mode)
    {
        using SmallDisk disk = SmallDisk.Mount(DiskByteCount);
        await SaveAsync(disk.Path, mode, 1);
        Dictionary<string, byte[]> before = Contents(disk.Path);
        disk.MakeReadOnly();
        string error = await FailAsync(disk.Path, mode, 2);
        Assert.StartsWith("IOException: ", error, StringComparison.Ordinal);
        Assert.Contains("read-only. Choose a folder that may be written to.", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'));
        RequireSame(before, disk.Path);
    }

    [RootTheory]
    [MemberData(nameof(Modes))]
    public async Task A_folder_of_somebody_else_gives_one_clear_error(string mode)
    {
        await SaveAsync(_folder, mode, 1);
        Dictionary<string, byte[]> before = Contents(_folder);
        if (!OperatingSystem.IsWindows()) // Nor does the test run there; the compiler wants to be told.
            File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        (int exitCode, string error) = await SaveLoop.RunAsync(_folder, mode, 2, "nobody");
        Assert.True(exitCode == 1, error);
        Assert.StartsWith("IOException: ", error, StringComparison.Ordinal);
        Assert.Contains(_folder, error, StringComparison.Ordinal);
        Assert.Contains("Choose a folder that may be written to.", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'));
        RequireSame(before, _folder);
    }

    [Theory]
    [InlineData("steps", "steps")]
    [InlineData("same", "same")]
    [InlineData("v1", "v1")]
    [InlineData("steps", "same")]
    [InlineData("savedmodel", "steps")]
    [InlineData("freeze", "same")]
    public async Task Two_processes_that_save_to_one_folder_take_turns(string one, string other)
    {
        Task[] both =
        [
            SaveLoop.KillAfterAsync(_folder, one, 1, TimeSpan.FromMilliseconds(1500), () => HasSaved(one)),
            SaveLoop.KillAfterAsync(_folder, other, 1, TimeSpan.FromMilliseconds(1500), () => HasSaved(other)),
        ];
        await Task.WhenAll(both);
        foreach (string mode in new[] { one, other }.Distinct())
        {
            using SavedFolder folder = SavedFolder.At(_folder, mode);
            Assert.True(folder.Examine("After both were killed") > 0, $"Nothing was saved by '{mode}'.");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_folder_that_goes_away_in_the_middle_of_saves_gives_one_clear_error_or_is_made_again(string mode)
    {
        string folder = Path.Combine(_folder, "saved");
        Directory.CreateDirectory(folder);
        Task<(int ExitCode, string Output)> saving = SaveLoop.RunAsync(folder, mode, 1, "many");
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!saving.IsCompleted && !stop.IsCancellationRequested)
        {
            await Task.Delay(5);
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A file was added in the meantime, or it is not there.
            }
        }

        (int exitCode, string output) = await saving;
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n');
        Assert.Equal(40, lines.Length);
        RequireSavedOrClear(lines, folder);
        await SaveAsync(folder, mode, 100);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_folder_that_goes_away_before_any_call_gives_one_clear_error_or_is_made_again(string mode)
    {
        string folder = Path.Combine(_folder, "saved");
        (int exitCode, string output) = await SaveLoop.RunAsync(folder, mode, 1, "vanish");
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n');
        Assert.InRange(lines.Length, 6, 200);
        Assert.Equal("saved", lines[^1]); // The one that nothing came in the way of.
        RequireSavedOrClear(lines, folder);
    }

    // Each line is "saved", or an error that says what is wrong.
    private static void RequireSavedOrClear(string[] lines, string folder) => Assert.All(
        lines.Where(static l => l != "saved"),
        line => Assert.Matches($"^IOException: .*'{folder}.*(is not there any more\\. Make it again|Choose a folder)", line));

    private bool HasSaved(string mode) => mode switch
    {
        "freeze" => File.Exists(Path.Combine(_folder, "model.pb")),
        "savedmodel" => Directory.EnumerateDirectories(_folder, "export-*").Any(static e => !e.Contains(".tempstate", StringComparison.Ordinal)),
        _ => File.Exists(Path.Combine(_folder, "checkpoint")),
    };

    private static async Task SaveAsync(string folder, string mode, int step)
    {
        (int exitCode, string said) = await SaveLoop.RunAsync(folder, mode, step, "once");
        Assert.True(exitCode == 0, said);
        using SavedFolder saved = SavedFolder.At(folder, mode);
        Assert.Equal(step, saved.Examine(string.Create(CultureInfo.InvariantCulture, $"Step {step}")));
        saved.RequireClean();
    }

    private static async Task<string> FailAsync(string folder, string mode, int step)
    {
        (int exitCode, string said) = await SaveLoop.RunAsync(folder, mode, step, "once");
        Assert.True(exitCode == 1, $"Exit code {exitCode}: {said}");
        return said;
    }

    private static Dictionary<string, byte[]> Contents(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(static f => f, File.ReadAllBytes);

    private static void RequireSame(Dictionary<string, byte[]> before, string folder)
    {
        Dictionary<string, byte[]> now = Contents(folder);
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), now.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, file => Assert.Equal(file.Value, now[file.Key]));
    }
}
