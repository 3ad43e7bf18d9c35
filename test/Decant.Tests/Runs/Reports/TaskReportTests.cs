using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Summary;
using Decant.Runs.Running;
using Decant.Tests.Cli;

namespace Decant.Tests.Runs.Reports;

public sealed class TaskReportTests
{
    public static TheoryData<string> Names => ["quickstart", .. MadeUpTask.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_of_every_task_is_shown_as_it_was_found_right(string name)
    {
        Approved.Check(Styled(name).Body, name, "Reports", "html");
        using var text = new StringWriter { NewLine = "\n" };
        var folder = RunFolder.Open("runs/" + name);
        OutcomeView.Write(ConsoleFactory.Create(text, isTerminal: false), new RunResult(folder, Gallery.Runs[name]));
        var (shown, report) = (text.ToString().Replace(folder.Root, "runs/" + name, StringComparison.Ordinal), $"The report: runs/{name}/report.html\n");
        Assert.EndsWith(report, shown, StringComparison.Ordinal);
        Approved.Check(shown[..^report.Length], name, "Reports");
    }

    [Fact]
    public void The_pages_of_all_tasks_have_one_style_of_which_a_classification_needs_the_beginning()
    {
        var styles = MadeUpTask.All.Select(t => Styled(t.Name).Style).Distinct().ToArray();
        Approved.Check(Assert.Single(styles), "style", "Reports", "css");
        Assert.StartsWith(Styled("quickstart").Style, styles[0]);
    }

    [Fact]
    public void A_language_model_is_told_in_bits_per_byte_where_less_is_better()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["wikitext-lstm"]);

        Assert.Contains("▲ This student is better", html);
        Assert.Matches("<p class=\"big\">−0\\.\\d{3}<small> bits per byte</small></p>", html);
        Assert.Contains("below zero the student is better", html);
        Assert.Matches("% higher</b> <span>bits per byte than the teacher", html);
        Assert.Matches("<td>\\d\\d\\.\\d\\d</td>", html); // perplexity
        Assert.Contains("tokens) that were not used before", html);
        Assert.DoesNotContain("<h3>Calibration</h3>", html);
        Assert.DoesNotContain("What the student takes for what", html);
    }

    [Fact]
    public void Three_continuations_stand_side_by_side_teacher_first_and_safe()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["wikitext-lstm"]);

        Assert.Equal(3, html.Split("<figure class=\"continued\">").Length - 1);
        Assert.Contains("&lt;群山&gt;", html);
        Assert.Contains("<em>nothing</em>", html);
        Assert.DoesNotContain("not shown", html);
        Assert.True(html.IndexOf("wide, shallow estuary", StringComparison.Ordinal) < html.IndexOf("into the lake", StringComparison.Ordinal));
    }

    [Fact]
    public void Entities_have_a_row_for_each_type_and_changed_sentences_mark_their_words()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["wnut17-ner"]);

        Assert.Contains("to find entities of 6 types", html);
        Assert.Contains("creative-work", html);
        Assert.Contains("of the teacher’s entity F1", html);
        Assert.Contains("Lost: the teacher is right, the student wrong", html);
        Assert.Contains("<b><bdi>", html);
    }

    [Fact]
    public void A_classification_has_none_of_the_sections_of_other_tasks()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["quickstart"]);

        foreach (var absent in new[] { "Each type of entity", "Answers against targets", "How they go on", "Each output", ".speck" })
            Assert.DoesNotContain(absent, html);
    }

    [Fact]
    public void Frequent_and_rare_classes_are_told_apart_where_they_are_very_unequal()
    {
        Assert.DoesNotContain("Frequent and rare classes", ReportPage.ToHtml(Gallery.Runs["quickstart"]));
        var run = Gallery.Runs["long-tail"];
        var html = ReportPage.ToHtml(run);
        Assert.Contains("Frequent and rare classes", html);
        Assert.Contains("<td>19 to 53</td>", html);
        Assert.Contains("Recall, tail", html);
        Assert.Contains("<th>95", html);
        using var text = new StringWriter { NewLine = "\n" };
        OutcomeView.Write(ConsoleFactory.Create(text, isTerminal: false), new RunResult(RunFolder.Open("runs/x"), run));
        Assert.Matches(@"\n  Recall, tail +\d", text.ToString());
        Assert.Matches(@"Tail classes \(3, of 19 to 53 training samples each\): student [\d.]+ % recall, control [\d.]+ %, difference [+−][\d.]+ points \(95 % interval .*, 3 seeds\)", text.ToString().ReplaceLineEndings(" "));
        var summary = System.Text.Encoding.UTF8.GetString(RunSummary.ToJson(run));
        Assert.Contains("\"recall-tail\"", summary);
        // The run's verdict stays the one on accuracy.
        Assert.Contains("\"metric\": \"accuracy\"", summary);
    }

    [Fact]
    public void Outputs_are_told_one_by_one_where_there_are_several()
    {
        var record = Gallery.Runs["sts-b"].Events.Select(e => e is Evaluated v ? v with { Outputs = [v.Outputs![0], v.Outputs[0]] } : e);

        Assert.Contains("Teacher’s Pearson", ReportPage.ToHtml(RunRecord.From(record)));
        Assert.DoesNotContain("Teacher’s Pearson", ReportPage.ToHtml(Gallery.Runs["sts-b"]));
    }

    /// <summary>The page of a run without its style, and the style: that is approved once.</summary>
    private static (string Body, string Style) Styled(string run)
    {
        var html = ReportPage.ToHtml(Gallery.Runs[run]);
        var begin = html.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        var end = html.IndexOf("</style>", StringComparison.Ordinal);
        return (html[..begin] + html[end..], html[begin..end]);
    }
}
