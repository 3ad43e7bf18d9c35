using System.Text;
using System.Text.Json;
using Decant.Inference.Cascades;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Tests.Runs.Reports;

public sealed class RunRecordTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Everything_that_was_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("record.jsonl");
        RunEvent[] events = [.. new MadeUpRun { Images = true, TestSamples = 200 }.Events(), .. s_texts, .. MadeUpTask.All.SelectMany(t => t.ToRecord().Events.Select(e => e with { Time = default }))];
        using (var writer = new RunRecordWriter(path, new StandingClock(Noon)))
            foreach (var happened in events)
                writer.Append(happened);

        var record = RunRecord.Read(path);

        Assert.Empty(record.Problems);
        Assert.Equal(events.Select(e => Line(e with { Time = Noon })), record.Events.Select(Line));
        Assert.Equal(ReportPage.ToHtml(RunRecord.From(events.Select(e => e with { Time = Noon }))), ReportPage.ToHtml(record));
    }

    private static readonly RunEvent[] s_texts =
    [
        new TextsMeasured { Arm = Arms.Student, Samples = 3, Empty = 1, Metrics = new Dictionary<string, double> { ["rouge-l"] = 0.25 } },
        new TextsCompared { A = Arms.Student, B = Arms.Control, Metric = "rouge-l", Difference = 0.01, Low = -0.01, High = 0.03, Verdict = "no-difference", Sentence = "They do not differ" },
        new TextsJudged { Judge = "judge-1", A = Arms.Student, B = Arms.Control, Wins = 1, Ties = 1, Losses = 1, Rate = 0.5, Low = 0.2, High = 0.8, Sentence = "Neither" },
    ];

    [Fact]
    public void Every_kind_of_event_is_among_the_made_up_ones_and_has_its_name()
    {
        var names = new MadeUpRun().Events().Concat(Gallery.Runs["wikitext-lstm"].Events).Concat(Gallery.Runs["wnut17-ner"].Events).Concat(Gallery.Runs["long-tail"].Events).Concat(MadeUpExports.All).Concat(s_texts).Append(new CascadeChosen { Policy = CascadeSelection.Choose([], new("student", "teacher", [])) }).Select(e => JsonDocument.Parse(Line(e)).RootElement.GetProperty("event").GetString()!).ToHashSet();
        Assert.Equal(EventKinds.Known.Order(), names.Order());
    }

    [Fact]
    public void A_record_is_taken_back_to_a_length_that_it_had()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("record.jsonl");
        long length;
        using (var writer = new RunRecordWriter(path))
        {
            writer.Append(new StepTaken { Arm = "student", Step = 1 });
            length = writer.Length;
            writer.Append(new StepTaken { Arm = "student", Step = 2 });
            writer.FlushToDisk();
            Assert.True(writer.Length > length);
        }

        RunRecordWriter.Cut(path, length);
        Assert.Equal(length, new FileInfo(path).Length);
        Assert.Equal([1L], RunRecord.Read(path).Events.Cast<StepTaken>().Select(s => s.Step));
        Assert.Contains("it was cut or replaced", Assert.Throws<DecantException>(() => RunRecordWriter.Cut(path, length + 1)).Message);
        Assert.Contains("was changed since the run wrote it", Assert.Throws<DecantException>(() => RunRecordWriter.Cut(path, length - 3)).Message);
        Assert.Equal(length, new FileInfo(path).Length);
    }

    [Fact]
    public void A_resumed_run_says_so_and_where()
    {
        var events = new MadeUpRun().Events().ToList();
        var page = ReportPage.ToHtml(RunRecord.From(events));
        Assert.Contains("resumed once", page);
        Assert.Contains("after step 1,200 of the student (seed 1)", page);
        var whole = ReportPage.ToHtml(RunRecord.From(events.Where(e => e is not Resumed)));
        Assert.DoesNotContain("esumed", whole);
        events.Add(new Resumed());
        Assert.Contains("resumed 2 times", ReportPage.ToHtml(RunRecord.From(events)));
    }

    [Fact]
    public void A_line_is_snake_case_and_keeps_Chinese_readable()
    {
        var line = Line(new ArmFinished { Arm = "student", BestStep = 7, Stopped = "全部完成 <ok>", Time = Noon });

        Assert.StartsWith("{\"event\":\"arm-finished\",\"time\":\"2026-03-14T12:00:00+00:00\"", line);
        Assert.Contains("\"best_step\":7", line);
        Assert.Contains("全部完成 <ok>", line);
        Assert.DoesNotContain("best_metric", line);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_recorded_and_read_back()
    {
        var record = Read(Line(new StepTaken { Arm = "student", Step = 3, Loss = double.NaN }));
        Assert.True(double.IsNaN(((StepTaken)Assert.Single(record.Events)).Loss));
    }

    [Fact]
    public void A_cut_last_line_is_left_out_and_said()
    {
        var whole = Line(new RunNote { Text = "写到一半" });
        foreach (var cut in Enumerable.Range(1, Encoding.UTF8.GetByteCount(whole) - 1))
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes(whole + "\n"), .. Encoding.UTF8.GetBytes(whole).Take(cut)];

            var record = RunRecord.Read(new MemoryStream(bytes), "record.jsonl");

            Assert.Single(record.Events);
            Assert.StartsWith("record.jsonl:2: this line is", Assert.Single(record.Problems));
        }
    }

    [Fact]
    public void A_resumed_run_goes_on_after_a_cut_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("record.jsonl");
        File.WriteAllText(path, Line(new RunNote { Text = "a" }) + "\n{\"event\":\"note\",\"te");
        using (var writer = new RunRecordWriter(path))
            writer.Append(new RunNote { Text = "b" });

        var record = RunRecord.Read(path);

        Assert.Equal(["a", "b"], record.Events.Cast<RunNote>().Select(n => n.Text));
        Assert.Contains(":2: this line is cut off", Assert.Single(record.Problems));
    }

    [Fact]
    public void Events_and_members_of_a_newer_version_are_skipped_and_counted()
    {
        var record = Read("""{"event":"tea-break","cups":2}""", """{"event":"note","text":"x","colour":"red"}""", """{"event":"tea-break"}""");

        Assert.Equal("x", Assert.IsType<RunNote>(Assert.Single(record.Events)).Text);
        Assert.Contains("2 'tea-break' events", Assert.Single(record.Problems));
    }

    [Fact]
    public void A_file_that_is_no_record_is_refused()
    {
        Assert.Contains("is not a run's record", Assert.Throws<DecantException>(() => Read("name: quickstart", "seed: 1")).Message);
        Assert.Contains("Give the folder of a run", Assert.Throws<DecantException>(() => RunRecord.Read("/nowhere/record.jsonl")).Message);
    }

    [Fact]
    public void A_record_can_be_read_while_it_is_written_and_only_steps_wait_for_a_second()
    {
        using var folder = new TemporaryFolder();
        var (path, clock) = (folder.File("record.jsonl"), new StandingClock(Noon));
        using var writer = new RunRecordWriter(path, clock);

        writer.Append(new StepTaken { Arm = "student", Step = 1 });
        Assert.Empty(RunRecord.Read(path).Events);
        clock.Now += TimeSpan.FromSeconds(2);
        writer.Append(new StepTaken { Arm = "student", Step = 2 });
        Assert.Equal(2, RunRecord.Read(path).Events.Count);
        writer.Append(new RunNote { Text = "at once" });
        Assert.Equal(3, RunRecord.Read(path).Events.Count);
    }

    [Fact]
    public void Several_threads_write_whole_lines()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("record.jsonl");
        using (var writer = new RunRecordWriter(path))
            Parallel.For(0, 400, i => writer.Append(new StepTaken { Arm = "student", Step = i }));

        var record = RunRecord.Read(path);

        Assert.Empty(record.Problems);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), record.Events.Cast<StepTaken>().Select(s => s.Step).Order());
    }

    [Fact]
    public void Steps_that_a_resumed_run_took_again_count_once()
    {
        var view = new RunView(RunRecord.From(
        [
            new StepTaken { Arm = "student", Step = 1, Loss = 3 }, new StepTaken { Arm = "student", Step = 2, Loss = 2 },
            new StepTaken { Arm = "student", Step = 2, Loss = 1.5 }, new ModelDescribed { Role = "student", Kind = "mlp" },
        ]));

        Assert.Equal([3, 1.5], view.Student!.Steps.Select(s => s.Loss));
    }

    [Fact]
    public void A_record_that_cannot_be_written_is_a_fault_of_the_machine()
    {
        var fault = Assert.Throws<DecantException>(() => new RunRecordWriter("/nowhere/at/all/record.jsonl"));
        Assert.Equal(ExitCodes.Machine, fault.ExitCode);
        Assert.Contains("--out", fault.Message);
    }

    private static string Line(RunEvent happened) => JsonSerializer.Serialize(happened, RecordLine.Event);

    private static RunRecord Read(params string[] lines) => RunRecord.Read(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), "record.jsonl");
}
