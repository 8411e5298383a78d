using NotebookPersist.Formats;
using NotebookPersist.Fuzzing;
using NotebookPersist.Fuzzing.Mutation;
using NotebookPersist.Tests.Execution;
using Xunit;

namespace NotebookPersist.Tests.Fuzzing;

/// <summary>What fuzzing found stays fixed; nothing else may allocate meanwhile.</summary>
[Collection(nameof(Undisturbed))]
public sealed class HostileInputTests
{
    private static readonly string _folder = Path.Combine(RepositoryFiles.Root, "tests", "hostile");

    public static TheoryData<string, string> Inputs
    {
        get
        {
            TheoryData<string, string> inputs = [];
            foreach (string target in Directory.EnumerateDirectories(_folder).Order(StringComparer.Ordinal))
            {
                foreach (string input in Directory.EnumerateDirectories(target).Order(StringComparer.Ordinal))
                    inputs.Add(Path.GetFileName(target), Path.GetFileName(input));
            }

            return inputs;
        }
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Inputs_that_once_failed_are_refused_or_read(string target, string name)
    {
        using FuzzExecution execution = new();
        FuzzOutcome outcome = execution.Run(FuzzTarget.All.Single(t => t.Name == target), FuzzInput.Read(Path.Combine(_folder, target, name)));
        Assert.True(outcome.Finding is null, $"{outcome.Finding}: {outcome.Detail}");
    }

    [Fact]
    public void Every_input_is_told_of_and_is_of_a_target()
    {
        string readme = File.ReadAllText(Path.Combine(_folder, "README.md"));
        string[] targets = [.. Directory.EnumerateDirectories(_folder).Select(Path.GetFileName).OfType<string>()];
        Assert.Empty(targets.Except(FuzzTarget.All.Select(static t => t.Name)));
        foreach (string name in targets.SelectMany(static t => Directory.EnumerateDirectories(Path.Combine(_folder, t))).Select(Path.GetFileName).OfType<string>())
            Assert.Contains(name, readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_failure_of_a_reader_is_found_and_its_smallest_input_kept()
    {
        using TemporaryFolder folder = new();
        FuzzRun run = new(new BrokenReader(), new Corpus(folder["none"]), 5, folder.Path);
        run.Run(TimeSpan.FromSeconds(1));
        Assert.Contains(run.Findings.Keys, static k => k.StartsWith("reading: FormatException", StringComparison.Ordinal));
        Assert.Contains("memory", run.Findings.Keys);
        Assert.Equal([0xFF], File.ReadAllBytes(Path.Combine(folder.Path, "broken", "memory", "f")));
    }

    [Fact]
    public void Damaged_messages_and_tables_still_have_right_lengths_and_checksums()
    {
        Mutator mutator = new(1);
        FuzzInput seed = new NotebookPersist.Fuzzing.Targets.SliceFileTarget().Seeds(new Corpus("none")).Single();
        byte[] table = seed.Files["m"];
        Assert.Equal(Rows(table), Rows(TableImage.Parse(table)!.ToBytes()));
        int read = 0, refused = 0;
        using TemporaryFolder folder = new();
        for (int i = 0; i < 200; i++)
        {
            TableImage image = TableImage.Parse(table)!;
            image.IsCompressed = i % 2 == 0;
            image.RowsPerBlock = 1 + (i % 7);
            image.Rows[0] = ([], mutator.Message(image.Rows[0].Value, image.Rows[0].Value));
            File.WriteAllBytes(folder["m"], image.ToBytes());
            try
            {
                using CheckpointReader reader = CheckpointReader.Open(folder["m"]);
                read++;
            }
            catch (CheckpointFormatException fault)
            {
                Assert.NotEqual(CheckpointFault.ChecksumMismatch, fault.Fault);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 20, $"{read} read, {refused} refused");
    }

    private static IEnumerable<string> Rows(byte[] table) => TableImage.Parse(table)!.Rows.Select(static r => $"{Convert.ToHexString(r.Key)} {Convert.ToHexString(r.Value)}");

    // Trips over one byte and takes too much for another.
    private sealed class BrokenReader() : FuzzTarget("broken")
    {
        private static byte[]? _kept;

        public override IEnumerable<FuzzInput> Seeds(Corpus corpus) => [FuzzInput.Of(("f", "some words"u8.ToArray()))];

        public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) => seed.With("f", mutator.Bytes(seed.Files["f"], other.Files["f"]));

        public override object Read(string folder, Action<long> accept)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "f"));
            if (bytes.Contains((byte)0))
                throw new FormatException();
            if (bytes.Contains((byte)0xFF))
                _kept = GC.AllocateUninitializedArray<byte>(20 << 20);
            return bytes;
        }

        public override void Rewrite(object value, string folder) => File.WriteAllBytes(Path.Combine(folder, "f"), (byte[])value);
    }
}
