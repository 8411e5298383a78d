using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>How a checkpoint fits a graph: what does not agree first, with near names and options to paste; what agrees folded.</summary>
internal sealed class RestorePlanDisplay : Display<RestorePlan>
{
    protected override string Text(RestorePlan value) => Report(value).ToString();

    protected override string? Html(RestorePlan value) => Report(value).ToBundle().Html;

    private static ReportView Report(RestorePlan value)
    {
        int restored = value.Restored.Count();
        int wanted = value.Items.Count - value.Of(RestoreOutcome.Extra).Count();
        bool isDone = value.Elapsed is not null;
        (string asked, string done) = value.IsImport ? ("Import", "imported") : ("Restore", "restored");
        ReportView report = new ReportView($"{(isDone ? Capital(done) : asked)} from '{value.Path}'")
            .Badge($"{restored} of {wanted} {(isDone ? done : "match")}", value.Fits ? CellTone.Good : value.CanRestore ? CellTone.Warning : CellTone.Bad);
        if (value.Of(RestoreOutcome.Renamed).Count() is > 0 and int renamed)
            report.Badge($"{renamed} renamed");
        if (value.Of(RestoreOutcome.Skipped).Count() is > 0 and int skipped)
            report.Badge($"{skipped} skipped");
        if (value.Items.Count(static i => i.IsWanting) is > 0 and int left && value.CanRestore)
            report.Badge($"{left} {(isDone ? "left" : "to be left")} as {(left == 1 ? "it is" : "they are")}", CellTone.Warning);
        if (value.ByteCount > 0)
            report.Badge(value.Elapsed is { } time ? $"{Figures.Bytes(value.ByteCount)} in {time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s" : Figures.Bytes(value.ByteCount));
        if (!isDone)
            report.Badge(value.CanRestore ? "plan: nothing changed" : $"cannot be {done} so", value.CanRestore ? CellTone.Plain : CellTone.Bad);

        foreach (string fault in value.Faults)
            report.Line(fault);
        foreach (string note in value.Notes)
            report.Line($"Note: {note}");
        if (value.Suggestion is { } suggestion)
        {
            report.Line(suggestion.Summary);
            if (suggestion.Arguments is { } arguments)
                report.Code($"#!restore \"{value.Path}\" {arguments}");
            report.Code($"saver.Restore(session, \"{value.Path.Replace("\\", "\\\\", StringComparison.Ordinal)}\", {suggestion.Code});");
        }

        if (value.Import is { } import)
        {
            report.Line(import.Summary);
            if (import.Arguments is { } arguments)
                report.Code($"#!import \"{value.Path}\" {arguments}".TrimEnd());
        }

        return report.Table(Differing(value))
            .Table(List(value, RestoreOutcome.Renamed, "Renamed"), isFolded: true)
            .Table(List(value, RestoreOutcome.Match, "Matching"), isFolded: true)
            .Table(List(value, RestoreOutcome.Skipped, "Skipped"), isFolded: true)
            .Table(List(value, RestoreOutcome.Extra, $"In the {value.SourceNoun} only"), isFolded: true);
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static TableView Differing(RestorePlan value)
    {
        var table = new TableView("Name", "", "Graph expects", $"{Capital(value.SourceNoun)} holds", "Near names");
        foreach (RestoreItem item in value.Items.Where(static i => i.IsWanting))
        {
            string what = item.Outcome switch
            {
                RestoreOutcome.Missing => "missing",
                RestoreOutcome.DTypeDiffers => "other type",
                _ => "other shape",
            };
            string name = item.Naming == RestoreNaming.Own ? item.Name : $"{item.Name} as {item.Source}";
            table.Add(TableCell.Name(name), new TableCell(what, CellTone.Bad), TableCell.Name($"{item.Expected}"), TableCell.Name($"{item.Found}"), TableCell.Name(string.Join(", ", item.Near)));
        }

        return table;
    }

    private static TableView List(RestorePlan value, RestoreOutcome outcome, string caption)
    {
        bool isRenamed = outcome == RestoreOutcome.Renamed;
        var table = isRenamed ? new TableView("Name", $"Name in the {value.SourceNoun}", "By", "Type and shape") { Caption = caption } : new TableView("Name", "Type and shape") { Caption = caption };
        foreach (RestoreItem item in value.Of(outcome))
        {
            if (isRenamed)
                table.Add(TableCell.Name(item.Name), TableCell.Name($"{item.Source}"), By(item.Naming), TableCell.Name($"{item.Found}"));
            else
                table.Add(TableCell.Name(item.Name), TableCell.Name($"{item.Found ?? item.Expected}"));
        }

        return table;
    }

    private static string By(RestoreNaming naming) => naming switch
    {
        RestoreNaming.Map => "map",
        RestoreNaming.Rename => "rename",
        _ => "object graph",
    };
}
