using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

public sealed class PersistenceDisplayTests
{
    [Fact]
    public void A_restore_plan_names_what_is_missing_and_what_is_near()
    {
        var spec = new TensorSpec(DType.Float32, [784, 128]);
        var plan = new RestorePlan("ckpt/model-0", [
            new RestoreItem("dense/kernel", RestoreOutcome.Missing, spec, null, ["dense_1/kernel"]),
            new RestoreItem("dense/bias", RestoreOutcome.Match, spec, spec, []),
        ]);
        MimeBundle bundle = Fragments.Render(plan);

        Assert.StartsWith("Restore from 'ckpt/model-0' [1 of 2 match, cannot be restored so]", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("dense_1/kernel", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("np-bad", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_plan_has_lines_to_copy_and_folds_what_agrees()
    {
        var spec = new TensorSpec(DType.Float32, [2]);
        var plan = new RestorePlan("ckpt/<m>", [
            new RestoreItem("a", RestoreOutcome.Match, spec, spec, []) { Source = "a" },
            new RestoreItem("b", RestoreOutcome.Renamed, spec, spec, []) { Source = "old/b", Naming = RestoreNaming.Rename },
            new RestoreItem("c", RestoreOutcome.Missing, spec, null, ["cc"]) { Source = "old/c", Naming = RestoreNaming.Rename },
            new RestoreItem("d", RestoreOutcome.Skipped, spec, null, []),
            new RestoreItem("cc", RestoreOutcome.Extra, null, spec, []) { Source = "cc" },
        ])
        {
            Notes = ["The pattern to skip, 'x', fits no variable."],
            Suggestion = new RestoreSuggestion(new RestoreOptions { Map = new Dictionary<string, string> { ["c"] = "cc" }, Skip = ["d"] }, 1, 0),
        };
        MimeBundle bundle = Fragments.Render(plan);

        Assert.StartsWith("Restore from 'ckpt/<m>' [2 of 4 match, 1 renamed, 1 skipped, cannot be restored so]", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("\n  #!restore \"ckpt/<m>\" --map \"c=cc\" --skip \"d\"\n", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("saver.Restore(session, \"ckpt/<m>\", new RestoreOptions { Map = new Dictionary<string, string> { [\"c\"] = \"cc\" }, Skip = [\"d\"] });", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("c as old/c", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("user-select:all", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("<summary>Matching (1)</summary>", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("[2 of 4 restored, 1 renamed, 1 skipped, 1 left as it is", Fragments.Render(plan with { Options = new RestoreOptions { Partial = true }, Elapsed = TimeSpan.FromSeconds(1) }).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_written_by_TensorFlow_is_shown_with_its_tensors()
    {
        string index = SharedFiles.Enumerate("golden-tf115/checkpoints", "*.index").First();
        using Checkpoint checkpoint = Checkpoint.Open(index);
        MimeBundle bundle = Fragments.Render(checkpoint);

        Assert.Contains(checkpoint.Tensors[0].Name, bundle.Text, StringComparison.Ordinal);
        Assert.Contains("V2", bundle.Html, StringComparison.Ordinal);
        Assert.Contains("State", Fragments.Render(ModelInspection.Of(index, verify: true)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("State", Fragments.Render(ModelInspection.Of(index)).Text, StringComparison.Ordinal);
    }
}
