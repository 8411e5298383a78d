using Microsoft.DotNet.Interactive.Formatting;
using NotebookPersist.Notebooks;
using Plotly.NET;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

public sealed class DisplaysTests
{
    [Fact]
    public void Displays_are_found_by_scan_one_for_each_type()
    {
        Assert.Contains(Displays.All, static d => d.ValueType == typeof(Tensor));
        Assert.Equal(Displays.All.Count, Displays.All.DistinctBy(static d => d.ValueType).Count());
    }

    [Fact]
    public void Registering_twice_shows_values_once()
    {
        Displays.Register();
        Displays.Register();

        Assert.Equal("float32 scalar 61", ((Tensor)61f).ToDisplayString("text/plain"));
        Assert.Equal("int32 [1,2] [[1, 2]]", new[,] { { 1, 2 } }.ToDisplayString("text/plain"));
        string html = new Graph().ToDisplayString("text/html");
        Assert.Equal(1, (html.Length - html.Replace("<style>", "", StringComparison.Ordinal).Length) / "<style>".Length);
    }

    [Fact]
    public void A_value_that_throws_is_named_with_the_reason()
    {
        Tensor broken = Tensor.OfObjects(DType.Variant, [1], [new Throwing()]);
        Assert.True(Displays.TryRender(broken, out MimeBundle? bundle));

        Assert.Equal("Tensor (it cannot be displayed: NotSupportedException, no text)", bundle.Text);
        Assert.Contains("Shown as text", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_is_told_in_lines_not_as_a_tree_of_objects()
    {
        var error = new InvalidOperationException("Outer <b>.", new IOException("Inner."));
        MimeBundle bundle = Fragments.Render(error, 4000);

        Assert.Equal("InvalidOperationException: Outer <b>.\n  caused by IOException: Inner.", bundle.Text);
    }

    [Fact]
    public void A_table_is_aligned_and_says_what_it_leaves_out()
    {
        var table = new TableView("Name", "Count") { RowLimit = 2, Caption = "Things" };
        foreach (int i in Enumerable.Range(8, 5))
            table.Add($"item {i}", i * 100);

        Assert.Equal("Things\nName    Count\nitem 8    800\nitem 9    900\nand 3 more", Fragments.Render(table).Text);
    }

    [Fact]
    public void Items_that_are_not_shown_are_counted_without_rows()
    {
        TableView table = TableView.Of(Enumerable.Range(0, 1_000));

        Assert.Equal(100, table.Rows.Count);
        Assert.EndsWith("and 900 more", Fragments.Render(table).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_holds_badges_lines_and_tables()
    {
        ReportView report = new ReportView("Restored").Badge("2 of 2", CellTone.Good).Line("From 'ckpt'.").Table(new TableView("Name") { { "W1" } });
        MimeBundle bundle = Fragments.Render(report);

        Assert.Equal("Restored [2 of 2]\nFrom 'ckpt'.\n\nName\nW1", bundle.Text);
        Assert.Contains("np-good", bundle.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_carry_their_script_once_and_again_when_their_cell_runs_again()
    {
        const string script = "DecompressionStream";
        ChartPage.Reset();
        ChartPage.BeginCell("a");
        string first = Html(Charts.Line([3, 2, 1], "Loss"));
        string second = Html(Charts.Histogram(Tensor.Of<float>([4], [1f, 2f, 3f, 4f])));
        ChartPage.BeginCell("b");
        string third = Html(Charts.HeatMap(Tensor.Of<float>([2, 2], [1f, -2f, 3f, 4f])));
        ChartPage.BeginCell("a");
        string again = Html(Charts.Images(Tensor.Zeros(DType.UInt8, [3, 8, 8, 3])));

        Assert.Contains(script, first, StringComparison.Ordinal);
        Assert.DoesNotContain(script, second, StringComparison.Ordinal);
        Assert.DoesNotContain(script, third, StringComparison.Ordinal);
        Assert.Contains(script, again, StringComparison.Ordinal);
        Assert.All([first, second, third, again], static h => Assert.DoesNotContain("src=\"http", h, StringComparison.Ordinal));
    }

    [Fact]
    public void A_chart_tells_in_text_what_it_is()
    {
        Assert.True(Displays.TryRender(Charts.Line([1, 2], "Loss"), out MimeBundle? bundle));
        Assert.Equal("chart 'Loss': scatter", bundle.Text);
    }

    [Fact]
    public void Weights_are_drawn_as_one_histogram_each()
    {
        Tensor tensor = Tensor.Of<float>([100], [.. Enumerable.Range(0, 100).Select(static i => (float)i)]);
        GenericChart chart = Charts.Weights([new("a", tensor), new("b", tensor), new("constant", Tensor.Zeros(DType.Float32, [5]))]);
        Assert.True(Displays.TryRender(chart, out MimeBundle? bundle));
        Assert.Equal("chart '2 of 3 tensors': 2 × bar", bundle.Text);
    }

    private static string Html(GenericChart chart) => Displays.TryRender(chart, out MimeBundle? bundle) ? bundle.Html! : "";

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException("no text");
    }
}
