using System.Text;
using System.Text.Json.Nodes;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Summary;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Tests.Runs.Reports;

/// <summary>Records of several tasks, read back as a report needs them.</summary>
public class TasksReportTests
{
    private static RunRecord Record { get; } = RunRecord.From(Events());

    [Fact]
    public void A_task_has_its_own_events_and_its_part_of_what_is_about_all()
    {
        var run = new TasksView(Record);
        Assert.Equal(["digits", "letters"], run.Tasks.Select(t => t.Key));
        var letters = run.Tasks[1].Value;
        Assert.Equal(["teacher", "student", "control", "single"], letters.Models.Select(m => m.Name));
        Assert.Equal(0.8, letters.Student!.Metric("accuracy")!.Mean);
        Assert.Equal(new Dictionary<string, double> { ["accuracy"] = 0.72 }, Assert.Single(letters.Student!.Validations).Metrics);
        Assert.Empty(letters.Student!.Steps); // their loss is a sum over all tasks
        Assert.Equal(["of letters"], letters.Notes);
        Assert.Equal("letters helped", letters.Verdict!.Sentence);
        Assert.Equal("letters shared", letters.Sharing!.Sentence);
        Assert.Equal("regression", letters.Task.Name);
        Assert.Equal(["of all"], run.Whole.Notes);
        Assert.Equal("classification", run.Tasks[0].Value.Task.Name);
    }

    [Fact]
    public void A_trunk_in_common_counts_once()
    {
        var run = new TasksView(Record);
        Assert.Equal((1100L, 2000L, 20000L), (run.Parameters(Arms.Student), run.Parameters(Arms.Single), run.Parameters(Arms.Teacher)));
        Assert.Null(run.Parameters("nobody"));
    }

    [Fact]
    public void The_table_has_the_tasks_side_by_side()
    {
        var table = ComparisonTable.Of(Record);
        Assert.Equal(["teacher", "student", "control", "single"], table.Columns.Select(c => c.Key));
        Assert.Equal("Student against single", table.RatioTitle);
        Assert.Equal(["digits/accuracy", "letters/accuracy", "parameters"], table.Rows.Select(r => r.Key));
        Assert.Equal(["90.0 %", "80.0 %", "70.0 %", "85.0 %"], table.Rows[0].Cells.Select(c => c.Text.Replace(Words.Tie, ' ')));
        Assert.Equal("−5.0 points", table.Rows[0].Ratio);
        Assert.Equal("1.8× fewer", table.Rows[2].Ratio);
    }

    [Fact]
    public void Without_students_of_their_own_the_teacher_is_what_it_stands_against()
    {
        var table = ComparisonTable.Of(RunRecord.From(Events().Where(e => e is not (Evaluated { Arm: Arms.Single } or ModelDescribed { Role: Arms.Single } or Comparison { B: Arms.Single }))));
        Assert.Equal(["teacher", "student", "control"], table.Columns.Select(c => c.Key));
        Assert.Equal("Student against teacher", table.RatioTitle);
        Assert.StartsWith("88.9", table.Rows[0].Ratio);
    }

    [Fact]
    public void The_page_names_every_task_and_escapes_what_it_says()
    {
        var page = ReportPage.ToHtml(Record);
        Assert.Contains("""id="task-digits""", page);
        Assert.Contains("letters shared", page);
        Assert.Contains("91", page);
        Assert.DoesNotContain("<script", page);
        Assert.Equal(1, page.Split("Made by Decant").Length - 1);
        Assert.Contains("&lt;script&gt;", ReportPage.ToHtml(RunRecord.From(Events().Append(new RunNote { Text = "<script>" }))));
    }

    [Fact]
    public void Programs_find_each_task_under_its_name()
    {
        var summary = JsonNode.Parse(Encoding.UTF8.GetString(RunSummary.ToJson(Record)))!;
        Assert.Equal(0.8, summary["tasks"]!["digits"]!["student"]!["metrics"]!["accuracy"]!.GetValue<double>());
        Assert.Equal("no-difference", summary["tasks"]!["digits"]!["sharing"]!["verdict"]!.GetValue<string>());
        Assert.Equal(1000, summary["parameters"]!["shared"]!.GetValue<int>());
    }

    [Fact]
    public void A_record_of_one_task_has_no_tasks() => Assert.Empty(new MadeUpRun().ToRecord().Tasks);

    private static IEnumerable<RunEvent> Events()
    {
        yield return new RunStarted { Name = "two", Task = "multi-task", Seeds = [1] };
        yield return new RunNote { Text = "of all" };
        yield return new DataDescribed { Source = "d", Classes = ["a", "b"], Task = "classification", TaskName = "digits" };
        yield return new DataDescribed { Source = "l", Classes = ["a", "b"], Task = "regression", TaskName = "letters" };
        yield return new RunNote { Text = "of letters", TaskName = "letters" };
        yield return new ArmStarted { Arm = Arms.Student, Seed = 1, Epochs = 1, Steps = 10 };
        yield return new StepTaken { Arm = Arms.Student, Seed = 1, Step = 5, Loss = 1, Parts = new Dictionary<string, double> { ["digits/labels"] = 1 } };
        yield return new Validated { Arm = Arms.Student, Seed = 1, Step = 10, Epoch = 1, Metrics = new Dictionary<string, double> { ["mean"] = 0.71, ["digits/accuracy"] = 0.7, ["letters/accuracy"] = 0.72 } };
        foreach (var arm in new[] { Arms.Student, Arms.Control })
            yield return new ModelDescribed { Role = arm, Kind = "mlp", Parameters = 1100, Shared = 1000 };
        foreach (var task in new[] { "digits", "letters" })
        {
            foreach (var (arm, accuracy, parameters) in new[] { (Arms.Teacher, 0.9, 10_000), (Arms.Student, 0.8, 1050), (Arms.Control, 0.7, 1050), (Arms.Single, 0.85, 1000) })
            {
                yield return new ModelDescribed { Role = arm, Kind = "mlp", Parameters = parameters, TaskName = task };
                yield return new Evaluated { Arm = arm, Seed = 1, Samples = 100, Metrics = new Dictionary<string, double> { ["accuracy"] = accuracy }, TaskName = task };
            }

            yield return Against(task, Arms.Student, Arms.Control, 0.1, "helped", $"{task} helped");
            yield return Against(task, Arms.Student, Arms.Single, -0.05, "no-difference", $"{task} shared");
            yield return Against(task, Arms.Teacher, Arms.Student, 0.1, "helped", $"{task} kept");
        }

        yield return new RunFinished { Seconds = 3 };
    }

    private static Comparison Against(string task, string a, string b, double difference, string verdict, string sentence) =>
        new() { A = a, B = b, Difference = difference, Low = difference - 0.1, High = difference + 0.1, Verdict = verdict, Sentence = sentence, TaskName = task };
}
