using System.Diagnostics;
using System.Globalization;
using NotebookPersist.SaveLoop;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.HostTests;

/// <summary>Kills a process that saves, at random moments and before each call that changes the disk, and looks at what is left.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Two processes at a time: the machines that this runs on have two cores.
    private const int Lanes = 2;

    // Of the time that a process takes for its first, slow save and its end: it is to be killed in later saves too.
    private const int LongestDelay = 2;

    // Of a hundred kills so many are done by default, which keeps the tests short; NOTEBOOKPERSIST_KILLS=100 does all three hundred.
    private static readonly int Percent = int.Parse(Environment.GetEnvironmentVariable("NOTEBOOKPERSIST_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("steps", 50)]
    [InlineData("incremental", 50)]
    [InlineData("same", 50)]
    [InlineData("sharded", 40)]
    [InlineData("async", 40)]
    [InlineData("v1", 30)]
    [InlineData("savedmodel", 20)]
    [InlineData("freeze", 20)]
    public async Task A_killed_process_leaves_a_complete_checkpoint(string mode, int of)
    {
        int kills = Math.Max(Lanes, of * Percent / 100);
        int[] saves = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => KillAgainAndAgainAsync(mode, kills / Lanes, seed: 20261123 + lane)));
        output.WriteLine($"{mode}: {kills} kills, {saves.Sum()} saves between them, each time everything complete.");
        Assert.True(saves.Sum() >= kills / 10, $"Only {saves.Sum()} saves were done between {kills} kills: the test shows little.");
    }

    [Theory]
    [InlineData("steps")]
    [InlineData("incremental")]
    [InlineData("same")]
    [InlineData("sharded")]
    [InlineData("async")]
    [InlineData("v1")]
    [InlineData("savedmodel")]
    [InlineData("freeze")]
    public async Task A_process_killed_before_any_call_to_the_disk_leaves_a_complete_checkpoint(string mode)
    {
        int next = 0;
        int calls = 0;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            while (await DieAtAsync(mode, Interlocked.Increment(ref next)))
                Interlocked.Increment(ref calls);
        }));
        output.WriteLine($"{mode}: killed before each of {calls} calls, each time everything complete.");
        Assert.InRange(calls, 4, 200);
    }

    private static async Task<int> KillAgainAndAgainAsync(string mode, int kills, int seed)
    {
        TimeSpan once = await TimeOfOneSaveAsync(mode);
        using var folder = new SavedFolder(mode);
        var random = new Random(seed);
        int saves = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            await SaveLoop.KillAfterAsync(folder.Path, mode, folder.Latest + 1, random.NextDouble() * LongestDelay * once);
            saves += folder.Examine($"Kill {kill}");
        }

        // The next saves work and clean up.
        SaveOnceMore(folder, mode);
        Assert.Equal(1, folder.Examine("The save after the last kill"));
        folder.RequireClean();
        return saves;
    }

    private static async Task<TimeSpan> TimeOfOneSaveAsync(string mode)
    {
        using var folder = new SavedFolder(mode);
        long start = Stopwatch.GetTimestamp();
        (int exitCode, string said) = await SaveLoop.RunAsync(folder.Path, mode, 1, "once");
        Assert.True(exitCode == 0, said);
        return Stopwatch.GetElapsedTime(start);
    }

    // False where the save has fewer calls.
    private static async Task<bool> DieAtAsync(string mode, int call)
    {
        using var folder = new SavedFolder(mode);
        (int exitCode, string said) = await SaveLoop.RunAsync(folder.Path, mode, 1, call.ToString(CultureInfo.InvariantCulture));
        Assert.True(exitCode == (said == "survived" ? 0 : 128 + 9), $"Call {call}: exit code {exitCode}. {said}");
        folder.Examine($"Killed before call {call}");
        Assert.InRange(folder.Latest, 2, 3);

        SaveOnceMore(folder, mode);
        Assert.Equal(1, folder.Examine($"The save after a kill before call {call}"));
        folder.RequireClean();
        return said != "survived";
    }

    private static void SaveOnceMore(SavedFolder folder, string mode)
    {
        using var next = new SavedSteps(folder.Path, mode);
        next.Save((int)folder.Latest + 1);
        next.Wait();
    }
}
