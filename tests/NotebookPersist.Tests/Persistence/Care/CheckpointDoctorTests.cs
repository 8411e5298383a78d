using CsCheck;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Care;

public sealed class CheckpointDoctorTests : IDisposable
{
    private static readonly DoctorOptions Now = new() { QuietTime = TimeSpan.Zero };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_as_savers_leave_it_is_healthy()
    {
        SaveAll(1, 2, 3);
        DoctorReport report = CheckpointDoctor.Examine(_folder.Path);
        Assert.True(report.IsHealthy, report.ToString());
        Assert.Empty(report.Findings);
        Assert.Equal([1L, 2, 3], report.Checkpoints.Select(static c => Step(c.Prefix)));
        Assert.Equal(_folder["m-3"], report.LastGood);
        Assert.True(report.Checkpoints[2].IsNewest);
    }

    [Fact]
    public void Files_of_arrays_are_read_and_their_damage_is_found()
    {
        SaveAll(1);
        foreach (string name in new[] { "w.npz", "w.safetensors" })
        {
            ModelConverter.Convert(_folder["m-1"], _folder[name], new ConversionOptions { Skip = true });
            Assert.True(CheckpointDoctor.Examine(_folder[name]).IsHealthy);
            byte[] bytes = File.ReadAllBytes(_folder[name]);
            File.WriteAllBytes(_folder[name], bytes[..(bytes.Length / 2)]);
            Assert.False(CheckpointDoctor.Examine(_folder[name]).IsHealthy);
        }

        NpyFile.Write(_folder["w.npy"], new[] { 1f, 2f, 3f });
        Assert.True(CheckpointDoctor.Examine(_folder["w.npy"]).IsHealthy);
        File.WriteAllBytes(_folder["w.npy"], File.ReadAllBytes(_folder["w.npy"])[..^5]);
        Finding finding = Assert.Single(CheckpointDoctor.Examine(_folder["w.npy"]).Findings);
        Assert.Equal(FindingKind.DamagedTensor, finding.Kind);
    }

    [Fact]
    public void A_flipped_bit_of_a_frozen_value_is_told_by_its_note()
    {
        var graph = new Graph();
        graph.Identity(graph.Variable(Tensor.Of<float>(new[] { 4 }, [1, 2, 3, 4]), name: "w").Value, "out");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        string path = _folder["frozen.pb"];
        GraphFreezer.FreezeToFile(session, path);
        Assert.Empty(CheckpointDoctor.Examine(path).Findings);

        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([3f, 4f])) + 5] ^= 1;
        File.WriteAllBytes(path, bytes);
        Finding finding = Assert.Single(CheckpointDoctor.Examine(path).Findings);
        Assert.Equal((FindingKind.DamagedGraph, FindingSeverity.Error), (finding.Kind, finding.Severity));
        Assert.Contains("is not the file that its note", finding.What, StringComparison.Ordinal);

        // A JSON file that is no note of ours says nothing.
        foreach (string other in new[] { "{", "[1]", "{\"sha256\": 1, \"sha256\": 2}", "{\"tool\": \"NotebookPersist 1\", \"sha256\": \"\\ud800\"}", $"{{\"tool\": \"another\", \"sha256\": \"{new string('0', 64)}\"}}", "{\"sha256\": 5}", "{\"sha256\": \"short\"}" })
        {
            File.WriteAllText(path + ".json", other);
            Assert.Empty(CheckpointDoctor.Examine(path).Findings);
        }
    }

    [Fact]
    public void A_flipped_bit_of_an_archive_names_the_array()
    {
        SaveAll(1);
        ModelConverter.Convert(_folder["m-1"], _folder["w.npz"]);
        byte[] bytes = File.ReadAllBytes(_folder["w.npz"]);
        bytes[bytes.AsSpan().IndexOf("NUMPY"u8) + 122 + 6] ^= 1;
        File.WriteAllBytes(_folder["w.npz"], bytes);
        Finding finding = Assert.Single(CheckpointDoctor.Examine(_folder["w.npz"]).Findings);
        Assert.NotNull(finding.TensorName);
        ConversionReport rest = ModelConverter.Convert(_folder["w.npz"], _folder["rest.npz"], new ConversionOptions { Skip = true });
        Assert.Equal(finding.TensorName, Assert.Single(rest.Skipped).Name);
        Assert.Contains("--skip", Assert.Throws<CheckpointFormatException>(() => ModelConverter.Convert(_folder["w.npz"], _folder["no.npz"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_named_and_not_examined()
    {
        File.WriteAllBytes(_folder["cat.jpg"], [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, .. "JFIF"u8]);
        CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() => CheckpointDoctor.Examine(_folder["cat.jpg"]));
        Assert.Contains("it is a JPEG image", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_are_told_whole_as_text()
    {
        DoctorReport report = CheckpointDoctor.Examine(SharedFiles.Path("golden-tf115/corrupt/v2_data_bitflip"));
        Assert.True(Displays.TryRender(report, out MimeBundle? shown));
        Assert.All(report.Findings, f => Assert.Contains(f.What, shown.Text, StringComparison.Ordinal));
        Assert.All(report.Findings, f => Assert.Contains(f.Remedy, shown.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("golden-tf115/corrupt/v2_data_bitflip", FindingKind.DamagedTensor)]
    [InlineData("golden-tf115/corrupt/v2_data_truncated", FindingKind.TruncatedFile)]
    [InlineData("golden-tf115/corrupt/v2_data_missing", FindingKind.MissingFile)]
    [InlineData("golden-tf115/corrupt/v2_index_bitflip", FindingKind.DamagedBlock)]
    [InlineData("golden-tf115/corrupt/v2_index_footer_bitflip", FindingKind.DamagedBlock)]
    [InlineData("golden-tf115/corrupt/v2_index_empty", FindingKind.TruncatedFile)]
    [InlineData("golden-tf115/corrupt/v2_string_len_bitflip", FindingKind.DamagedTensor)]
    [InlineData("golden-tf115/corrupt/v1_bitflip", FindingKind.DamagedBlock)]
    [InlineData("golden-tf115/corrupt/v1_truncated", FindingKind.DamagedBlock)]
    public void What_tensorflow_cannot_read_is_found(string folder, FindingKind kind)
    {
        DoctorReport report = CheckpointDoctor.Examine(SharedFiles.Path(folder));
        Finding finding = Assert.Single(report.Findings, f => f.Kind == kind);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.False(finding.IsRepairable);
        Assert.DoesNotContain(report.Checkpoints, static c => c.IsSound);
    }

    [Fact]
    public void Every_golden_checkpoint_is_sound_or_known_to_be_in_parts()
    {
        // Of one TensorFlow wrote only a part; of another it told a wrong number of data files, and cannot read it either.
        foreach (string folder in Directory.GetDirectories(SharedFiles.Path("golden-tf115/checkpoints")).Order(StringComparer.Ordinal))
        {
            DoctorReport report = CheckpointDoctor.Examine(folder, Now);
            Assert.NotEmpty(report.Checkpoints);
            Assert.True(report.IsHealthy || Path.GetFileName(folder) is "v2_sliced_partial" or "v2_sharded_empty_part", report.ToString());
        }
    }

    [Fact]
    public void A_flipped_bit_is_located()
    {
        SaveAll(1, 2);
        Flip(_folder["m-2.data-00000-of-00001"], 5);
        Finding finding = Assert.Single(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f.Kind == FindingKind.DamagedTensor);
        Assert.Equal("a", finding.TensorName);
        Assert.Equal(0, finding.ByteOffset);
    }

    [Fact]
    public void Data_of_another_checkpoint_is_told_from_damage()
    {
        SaveAll(1, 2);
        File.Copy(_folder["m-1.data-00000-of-00001"], _folder["m-2.data-00000-of-00001"], overwrite: true);
        Finding finding = Assert.Single(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f.Kind == FindingKind.ForeignFile);
        Assert.Contains("of another checkpoint", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_files_of_another_number_are_named_and_left()
    {
        SaveAll(1);
        File.WriteAllBytes(_folder["m-1.data-00000-of-00003"], [1]);
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path, Now);
        Assert.Equal(FindingKind.ForeignFile, Assert.Single(report.Findings).Kind);
        Assert.True(File.Exists(_folder["m-1.data-00000-of-00003"]));
        Assert.True(Assert.Single(report.Checkpoints).IsSound);
    }

    [Fact]
    public void A_damaged_newest_is_rolled_back_and_not_deleted()
    {
        SaveAll(1, 2, 3);
        Flip(_folder["m-3.data-00000-of-00001"], 5);
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f is { Kind: FindingKind.StateNamesDamaged, Severity: FindingSeverity.Error, IsRepairable: true });
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Assert.True(Assert.Single(report.Repairs).IsDone);
        Assert.Equal(_folder["m-2"], CheckpointStates.Latest(_folder.Path));
        Assert.True(File.Exists(_folder["m-3.index"]));
        Assert.DoesNotContain(report.Findings, static f => f.IsRepairable);
        Assert.Empty(CheckpointDoctor.Repair(_folder.Path).Repairs);
    }

    [Fact]
    public void A_missing_newest_is_rolled_back()
    {
        SaveAll(1, 2);
        File.Delete(_folder["m-2.index"]);
        DoctorReport before = CheckpointDoctor.Examine(_folder.Path);
        Assert.Contains(before.Findings, static f => f is { Kind: FindingKind.StateNamesMissing, IsRepairable: true });
        Assert.Contains(before.Findings, static f => f is { Kind: FindingKind.OrphanData, IsRepairable: false });
        CheckpointDoctor.Repair(_folder.Path);
        Assert.Equal(["m-1"], CheckpointStateFile.Read(_folder["checkpoint"]).AllModelCheckpointPaths);
        Assert.True(File.Exists(_folder["m-2.data-00000-of-00001"]));
    }

    [Fact]
    public void Nothing_sound_means_nothing_is_rewritten()
    {
        SaveAll(1);
        Flip(_folder["m-1.data-00000-of-00001"], 5);
        byte[] state = File.ReadAllBytes(_folder["checkpoint"]);
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Assert.Empty(report.Repairs);
        Assert.False(report.IsHealthy);
        Assert.Null(report.LastGood);
        Assert.Equal(state, File.ReadAllBytes(_folder["checkpoint"]));
    }

    [Theory]
    [InlineData("nonsense {{{")]
    [InlineData("")]
    [InlineData("all_model_checkpoint_paths: \"m-1\"\n")]
    public void A_broken_state_file_is_written_anew(string text)
    {
        SaveAll(1, 2, 10);
        File.WriteAllText(_folder["checkpoint"], text);
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f is { Kind: FindingKind.BrokenState, IsRepairable: true });
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Assert.True(report.IsHealthy, report.ToString());
        Assert.Equal("model_checkpoint_path: \"m-10\"\nall_model_checkpoint_paths: \"m-1\"\nall_model_checkpoint_paths: \"m-2\"\nall_model_checkpoint_paths: \"m-10\"\n", File.ReadAllText(_folder["checkpoint"]));
    }

    [Fact]
    public void Checkpoints_of_different_names_have_no_order_to_guess()
    {
        Save("a-1", 1);
        Save("b-2", 2);
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Finding finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.MissingState, FindingSeverity.Note, false), (finding.Kind, finding.Severity, finding.IsRepairable));
        Assert.False(File.Exists(_folder["checkpoint"]));
    }

    [Fact]
    public void A_missing_state_file_is_written_from_the_steps()
    {
        SaveAll(2, 10);
        File.Delete(_folder["checkpoint"]);
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f is { Kind: FindingKind.MissingState, IsRepairable: true });
        Assert.True(CheckpointDoctor.Repair(_folder.Path).IsHealthy);
        Assert.Equal(_folder["m-10"], CheckpointStates.Latest(_folder.Path));
    }

    [Fact]
    public void A_moved_folder_gets_relative_paths()
    {
        SaveAll(1, 2);
        WriteState("/gone/m-2", "/gone/m-1", "/gone/m-2");
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f is { Kind: FindingKind.MovedFolder, IsRepairable: true });
        Assert.True(CheckpointDoctor.Repair(_folder.Path).IsHealthy);
        Assert.Equal(["m-1", "m-2"], CheckpointStateFile.Read(_folder["checkpoint"]).AllModelCheckpointPaths);
    }

    [Fact]
    public void A_state_that_names_the_original_of_a_copied_folder_is_told_and_left()
    {
        using var original = new TemporaryFolder();
        SaveAll(1);
        foreach (string file in Directory.GetFiles(_folder.Path))
            File.Copy(file, original[Path.GetFileName(file)]);
        WriteState(original["m-1"], original["m-1"]);
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Assert.Equal(FindingKind.NamesOtherFolder, Assert.Single(report.Findings).Kind);
        Assert.Empty(report.Repairs);
    }

    [Fact]
    public void A_save_that_was_not_noted_down_is_added()
    {
        SaveAll(1, 2, 3);
        WriteState("m-2", "m-1", "m-2");
        File.SetLastWriteTimeUtc(_folder["checkpoint"], DateTime.UtcNow.AddMinutes(-5));
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f is { Kind: FindingKind.StaleState, IsRepairable: true });
        Assert.True(CheckpointDoctor.Repair(_folder.Path).IsHealthy);
        Assert.Equal(_folder["m-3"], CheckpointStates.Latest(_folder.Path));
    }

    [Fact]
    public void Times_are_kept_for_what_stays()
    {
        SaveAll(1, 2, 3);
        var state = new CheckpointState { ModelCheckpointPath = "m-3", LastPreservedTimestamp = 7 };
        state.AllModelCheckpointPaths.Add(["m-1", "m-2", "m-3"]);
        state.AllModelCheckpointTimestamps.Add([11, 12, 13]);
        CheckpointStateFile.Write(_folder["checkpoint"], state);
        File.Delete(_folder["m-2.index"]);
        CheckpointDoctor.Repair(_folder.Path);
        CheckpointState repaired = CheckpointStateFile.Read(_folder["checkpoint"]);
        Assert.Equal([11, 13], repaired.AllModelCheckpointTimestamps);
        Assert.Equal(7, repaired.LastPreservedTimestamp);
    }

    [Fact]
    public void Leftovers_are_removed_only_when_nobody_writes_them()
    {
        SaveAll(1);
        string old = _folder["m-2.data-00000-of-00001.tempstate123"], young = _folder["m-3.index.tempstate4"];
        Directory.CreateDirectory(_folder["m-2_temp_0123456789abcdef"]);
        string part = Path.Combine(_folder["m-2_temp_0123456789abcdef"], "part-00000-of-00001.data-00000-of-00001");
        foreach (string file in new[] { old, young, part })
            File.WriteAllBytes(file, [1, 2, 3]);
        foreach (string file in new[] { old, part })
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        Directory.SetLastWriteTimeUtc(_folder["m-2_temp_0123456789abcdef"], DateTime.UtcNow.AddHours(-1));
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path);
        Assert.Equal(2, report.Repairs.Count);
        Assert.False(File.Exists(old));
        Assert.False(Directory.Exists(_folder["m-2_temp_0123456789abcdef"]));
        Assert.Equal(FindingKind.BeingWritten, Assert.Single(report.Findings).Kind);
        Assert.True(report.IsHealthy);
        using (new FileStream(young, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Empty(CheckpointDoctor.Repair(_folder.Path, Now).Repairs);
        Assert.Single(CheckpointDoctor.Repair(_folder.Path, Now).Repairs);
        Assert.False(File.Exists(young));
    }

    [Fact]
    public void The_only_copy_is_kept_even_in_a_temporary_folder()
    {
        Save("m-1_temp_0123456789abcdef/part-00000-of-00001", 1);
        DoctorReport report = CheckpointDoctor.Repair(_folder.Path, Now);
        Finding finding = Assert.Single(report.Findings, static f => f.Kind == FindingKind.Leftover);
        Assert.False(finding.IsRepairable);
        Assert.Contains("can be restored", finding.Remedy, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["m-1_temp_0123456789abcdef/part-00000-of-00001.index"]));
    }

    [Fact]
    public void Meta_graphs_are_parsed_and_orphans_named()
    {
        SaveAll(1);
        File.WriteAllBytes(_folder["m-1.meta"], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        File.WriteAllBytes(_folder["m-7.meta"], []);
        DoctorReport report = CheckpointDoctor.Examine(_folder.Path);
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.DamagedGraph && f.Path == _folder["m-1.meta"]);
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.OrphanMetaGraph && f.Path == _folder["m-7.meta"]);
        Assert.True(Assert.Single(report.Checkpoints).IsSound);
    }

    [Fact]
    public void Missing_and_mixed_shards_of_v1_are_named()
    {
        string source = SharedFiles.Path("golden-tf115/checkpoints/v1_sharded");
        foreach (string file in Directory.GetFiles(source))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        Assert.True(CheckpointDoctor.Examine(_folder.Path).IsHealthy);
        string[] shards = [.. Directory.GetFiles(_folder.Path).Where(static f => f.Contains("-of-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.True(shards.Length > 1);
        File.Delete(shards[0]);
        DoctorReport report = CheckpointDoctor.Examine(_folder.Path);
        Assert.Equal(shards[0], Assert.Single(report.Findings, static f => f.Kind == FindingKind.MissingFile).Path);
        Assert.False(Assert.Single(report.Checkpoints).IsSound);
    }

    [Fact]
    public void A_dead_link_is_named()
    {
        SaveAll(1);
        File.Delete(_folder["m-1.data-00000-of-00001"]);
        File.CreateSymbolicLink(_folder["m-1.data-00000-of-00001"], _folder["nowhere"]);
        Assert.Contains(CheckpointDoctor.Examine(_folder.Path).Findings, static f => f.Kind == FindingKind.Unreadable && f.What.Contains("is a link", StringComparison.Ordinal));
    }

    [Fact]
    public void A_linked_state_file_is_not_replaced()
    {
        SaveAll(1, 2);
        WriteState("/gone/m-2", "/gone/m-1", "/gone/m-2");
        File.Move(_folder["checkpoint"], _folder["real_state"]);
        File.CreateSymbolicLink(_folder["checkpoint"], _folder["real_state"]);
        Assert.DoesNotContain(CheckpointDoctor.Examine(_folder.Path).Findings, f => f.Path == _folder["checkpoint"] && f.IsRepairable);
        CheckpointDoctor.Repair(_folder.Path);
        Assert.NotNull(new FileInfo(_folder["checkpoint"]).LinkTarget);
    }

    [Fact]
    public void One_checkpoint_is_looked_at_alone_under_each_of_its_names()
    {
        SaveAll(1, 2);
        Flip(_folder["m-2.data-00000-of-00001"], 5);
        foreach (string name in new[] { "m-1", "m-1.index", "m-1.data-00000-of-00001" })
            Assert.True(CheckpointDoctor.Examine(_folder[name]).IsHealthy);
        Assert.Equal(FindingKind.DamagedTensor, Assert.Single(CheckpointDoctor.Examine(_folder["m-2"]).Findings).Kind);
        File.Delete(_folder["m-1.index"]);
        Assert.Equal(FindingKind.OrphanData, Assert.Single(CheckpointDoctor.Examine(_folder["m-1"]).Findings).Kind);
        Assert.Throws<FileNotFoundException>(() => CheckpointDoctor.Examine(_folder["m-5"]));
    }

    [Fact]
    public void An_empty_folder_is_said_to_be_empty() =>
        Assert.Equal(FindingKind.NothingThere, Assert.Single(CheckpointDoctor.Examine(_folder.Path).Findings).Kind);

    [Fact]
    public void Folders_below_that_hold_checkpoints_are_named()
    {
        SaveAll(1);
        using var outer = new TemporaryFolder();
        Directory.CreateDirectory(outer["runs"]);
        foreach (string file in Directory.EnumerateFiles(_folder.Path))
            File.Copy(file, Path.Combine(outer["runs"], Path.GetFileName(file)));
        Assert.Contains($"'{outer["runs"]}'", Assert.Single(CheckpointDoctor.Examine(outer.Path).Findings).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_models_and_graphs_are_looked_at()
    {
        Assert.True(CheckpointDoctor.Examine(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-v2/00000123")).IsHealthy);
        File.WriteAllBytes(_folder["saved_model.pb"], [0xFF, 0xFF]);
        Assert.Equal(FindingKind.DamagedGraph, Assert.Single(CheckpointDoctor.Examine(_folder.Path).Findings).Kind);
        File.WriteAllBytes(_folder["x.pb"], [0xFF, 0xFF]);
        Assert.Equal(FindingKind.DamagedGraph, Assert.Single(CheckpointDoctor.Examine(_folder["x.pb"]).Findings).Kind);
    }

    [Fact]
    public void Repair_never_loses_a_sound_checkpoint_and_leaves_nothing_to_repair() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 60]).Array[1, 6].Sample(
            damages =>
            {
                using var folder = new TemporaryFolder();
                int[] steps = [1, 2, 3, 10];
                foreach (int step in steps)
                    Save(folder[$"m-{step}"], step, folder.Path);
                CheckpointStates.Update(folder.Path, folder["m-10"], steps.Select(s => folder[$"m-{s}"]));
                foreach ((int kind, int where) in damages)
                    Damage(folder, steps[where % steps.Length], kind, where);
                string[] sound = [.. steps.Select(s => folder[$"m-{s}"]).Where(IsSound)];
                DoctorReport report = CheckpointDoctor.Repair(folder.Path, Now);
                Assert.All(report.Repairs, static r => Assert.True(r.IsDone));
                Assert.DoesNotContain(report.Findings, static f => f.IsRepairable);
                Assert.Equal(sound, steps.Select(s => folder[$"m-{s}"]).Where(IsSound));
                DoctorReport again = CheckpointDoctor.Examine(folder.Path, Now);
                Assert.DoesNotContain(again.Findings, static f => f.IsRepairable);
                if (sound.Length > 0 && File.Exists(folder["checkpoint"]))
                    Assert.Contains(CheckpointStates.Latest(folder.Path), sound);
            },
            iter: 150,
            threads: 1);

    private static void Damage(TemporaryFolder folder, int step, int kind, int where)
    {
        string data = folder[$"m-{step}.data-00000-of-00001"], index = folder[$"m-{step}.index"];
        switch (kind)
        {
            case 0 when File.Exists(data):
                Flip(data, where);
                break;
            case 1 when File.Exists(index):
                Flip(index, where);
                break;
            case 2:
                File.Delete(data);
                break;
            case 3:
                File.Delete(index);
                break;
            case 4:
                File.WriteAllText(folder["checkpoint"], "model_checkpoint_path: " + where);
                break;
            case 5:
                File.Delete(folder["checkpoint"]);
                break;
            case 6:
                File.WriteAllBytes(folder[$"m-{step}.index.tempstate{where}"], [1]);
                break;
            case 7:
                CheckpointStateFile.Write(folder["checkpoint"], new CheckpointState { ModelCheckpointPath = $"/gone/m-{step}" });
                break;
            default:
                Directory.CreateDirectory(folder[$"m-{step}_temp_00112233445566aa"]);
                break;
        }
    }

    private static bool IsSound(string prefix)
    {
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(prefix);
            return checkpoint.Verify().Count == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Flip(string file, int position)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[position % bytes.Length] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    private static long Step(string prefix) => long.Parse(prefix[(prefix.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static void Save(string prefix, int seed, string folder)
    {
        Directory.CreateDirectory(folder);
        using BundleWriter writer = BundleWriter.Create(prefix);
        writer.Add("a", new float[] { seed, 2, 3 });
        writer.Add("b", new[,] { { seed + 1L, 5L }, { 6L, 7L } });
        writer.Add("s", $"text {seed}");
        writer.Finish();
    }

    private void Save(string name, int seed) => Save(_folder[name], seed, Path.GetDirectoryName(_folder[name])!);

    private void SaveAll(params int[] steps)
    {
        foreach (int step in steps)
            Save($"m-{step}", step);
        CheckpointStates.Update(_folder.Path, _folder[$"m-{steps[^1]}"], steps.Select(s => _folder[$"m-{s}"]));
    }

    private void WriteState(string newest, params string[] all)
    {
        var state = new CheckpointState { ModelCheckpointPath = newest };
        state.AllModelCheckpointPaths.Add(all);
        CheckpointStateFile.Write(_folder["checkpoint"], state);
    }
}
