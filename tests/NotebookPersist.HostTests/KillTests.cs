using System.Diagnostics;
using System.Globalization;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>Kills a process that saves in a loop at random moments, and looks at what is left.</summary>
public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notebookpersist-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("same", 100)]
    [InlineData("steps", 100)]
    [InlineData("incremental", 100)]
    public async Task A_killed_process_leaves_a_complete_checkpoint(string mode, int kills)
    {
        var random = new Random(20261123);
        float latest = 0;
        int saves = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            float next = latest + 1;
            await RunAndKillAsync(mode, next, TimeSpan.FromMilliseconds(kill == 0 ? 2000 : random.Next(5, 300)));
            CheckpointState state = CheckpointStates.Get(_folder)!; // The first run had time to save.
            float found = Read(CheckpointStates.Latest(_folder)!);
            Assert.True(found >= latest, $"Kill {kill}: the newest checkpoint holds step {found}, but step {latest} was there before.");
            foreach (string older in state.AllModelCheckpointPaths.Where(static p => File.Exists(p + ".index")))
                Read(older);
            saves += (int)(found - latest);
            latest = found;
        }

        Assert.True(saves >= kills / 2, $"Only {saves} saves were done between {kills} kills: the test shows little.");

        // The next saves work and clean up.
        await RunAndKillAsync(mode, latest + 1, TimeSpan.FromMilliseconds(1500));
        Assert.True(Read(CheckpointStates.Latest(_folder)!) > latest);
        Assert.InRange(Directory.GetFiles(_folder).Length, 1, 40);
    }

    private static float Read(string prefix)
    {
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        Assert.Empty(checkpoint.Verify());
        float[] values = [.. checkpoint.Tensors.SelectMany(t => checkpoint[t.Name].ToArray<float>()).Distinct()];
        return Assert.Single(values);
    }

    private async Task RunAndKillAsync(string mode, float step, TimeSpan delay)
    {
        var start = new ProcessStartInfo("dotnet", [Tool.Output("NotebookPersist.SaveLoop", "NotebookPersist.SaveLoop.dll"), _folder, step.ToString(CultureInfo.InvariantCulture), mode])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        await Task.Delay(delay);
        process.Kill();
        await process.WaitForExitAsync();
    }
}
