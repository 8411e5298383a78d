using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

public sealed class PersistenceDisplayTests
{
    [Fact]
    public void A_restore_report_names_what_is_missing_and_what_is_near()
    {
        var spec = new TensorSpec(DType.Float32, [784, 128]);
        var report = new RestoreReport("ckpt/model-0", [
            new RestoreItem("dense/kernel", RestoreOutcome.Missing, spec, null, ["dense_1/kernel"]),
            new RestoreItem("dense/bias", RestoreOutcome.Match, spec, spec, []),
        ]);
        MimeBundle bundle = Fragments.Render(report);

        Assert.StartsWith("Restore from 'ckpt/model-0' [1 of 2 match]", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("dense_1/kernel", bundle.Text, StringComparison.Ordinal);
        Assert.Contains("np-bad", bundle.Html, StringComparison.Ordinal);
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
