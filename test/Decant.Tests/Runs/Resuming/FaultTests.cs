using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.TensorBoard;
using Decant.Runs.Running;

namespace Decant.Tests.Runs.Resuming;

/// <summary>Disks that are full and machines that are taken away.</summary>
public sealed class FaultTests : IDisposable
{
    // Of the processor's time: a machine that is busy lets the five seconds of a clock pass without any work.
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(6);

    private readonly Workplace _work = new();

    public FaultTests() => _work.Write("kill.yaml", KillRecipes.Text);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_disk_without_room_for_a_checkpoint_is_told_and_the_run_goes_on()
    {
        using var disk = new SmallDisk(_work.At("disk"), kilobytes: 420);
        var run = Path.Combine(disk.Path, "run");
        // The teacher's weights take 140 kB and its checkpoint 420; the student's fit.
        var answer = _work.Decant("distill", _work.At("image.yaml"), "--out", run, "--set", "teacher.model.hidden=[512]", "--set", "checkpoints.every-steps=3");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("note: A checkpoint cannot be written in", answer.Out);
        var notes = Workplace.Record(run).Events.OfType<RunNote>().Where(n => n.Text.Contains("A checkpoint cannot be written", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(notes);
        Assert.All(notes, n => Assert.Matches(@"teacher-seed-5: it needs [\d,]+ bytes, and the disk has [\d,]+ free\. The run continues, and tries again at the next checkpoint\.", n.Text));
    }

    [Fact]
    public void A_record_that_cannot_be_written_stops_the_run_with_one_message()
    {
        using var disk = new SmallDisk(_work.At("disk"), kilobytes: 64);
        using (var record = new RunRecordWriter(Path.Combine(disk.Path, "record.jsonl")))
        {
            record.Append(new RunNote { Text = "fits" });
            var length = record.Length;
            var thrown = Assert.Throws<DecantException>(() => record.Append(new RunNote { Text = new string('x', 100_000) }));
            Assert.Equal(ExitCodes.Machine, thrown.ExitCode);
            Assert.Contains("Cannot write the run's record", thrown.Message);
            Assert.True(length > 0);
        }

        using var again = new SmallDisk(_work.At("again"), kilobytes: 300);
        var run = Path.Combine(again.Path, "run");
        var stopped = Assert.Throws<DecantException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("image.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Arm: Arms.Teacher, Step: 2 }) Fill(again.Path); })));
        Assert.Equal(ExitCodes.Machine, stopped.ExitCode);
        Assert.Contains("No space left on device", stopped.Message);
        Assert.False(File.Exists(Path.Combine(run, "summary.json")));

        // With room again the run goes on to its end.
        File.Delete(Path.Combine(again.Path, "filler"));
        var answer = _work.Decant("distill", "--resume", run, "--quiet", "--verbose");
        Assert.True(answer.Exit == 0, answer.Error);
    }

    [Fact]
    public void TensorBoards_events_that_cannot_be_written_are_told_and_made_again_by_a_resume()
    {
        var run = _work.At("run");
        new DistillJob(Catalog.Standard).Run(_work.Recipe("kill.yaml"), new RunOptions { Out = run }, new Watcher(e =>
        {
            // A file where the folder should be.
            if (e is RunStarted) File.WriteAllText(Path.Combine(run, "tensorboard"), "");
        }));
        Assert.Single(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith("Cannot write TensorBoard events", StringComparison.Ordinal) && n.Text.Contains("The run continues without", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_under_TensorBoards_events_is_a_fault_of_the_machine()
    {
        using var disk = new SmallDisk(_work.At("disk"), kilobytes: 64);
        using var writer = new TensorBoardWriter(Path.Combine(disk.Path, "events"));
        var thrown = Assert.Throws<DecantException>(() =>
        {
            for (var step = 0; step < 10_000; step++) writer.Scalar("training/loss", 1, step);
        });
        Assert.Equal(ExitCodes.Machine, thrown.ExitCode);
        Assert.Contains("Cannot write TensorBoard events to", thrown.Message);
    }

    [Theory]
    [InlineData(Arms.Teacher)]
    [InlineData(Arms.Student)]
    public void A_machine_that_is_taken_away_leaves_a_checkpoint_within_five_seconds(string arm)
    {
        var run = _work.At("run");
        using (var process = CommandProcess.Start(_work.Root, "distill", "kill.yaml", "--out", "run", "--set", $"{(arm == Arms.Teacher ? "teacher.train" : "distill")}.epochs=100000", "--set", $"{(arm == Arms.Teacher ? "teacher.train" : "distill")}.early-stopping=null", "--set", "checkpoints.every-steps=null"))
        {
            Assert.True(process.Until(() => process.Said.Contains($"{arm} (seed 3): epoch 2", StringComparison.Ordinal)), process.Said);
            var (exit, worked) = process.Terminate();
            Assert.Equal(ExitCodes.Terminated, exit);
            Assert.True(worked < s_most, $"{worked.TotalSeconds} s\n{process.Said}");
            Assert.Contains("Asked to end (SIGTERM)", process.Said);
            Assert.Matches($@"Stopped after step \d+ of the {arm}\. A checkpoint is in \S+-step-\d+\. To resume: decant distill --resume run\n", process.Said);
        }

        Assert.Equal(143, Workplace.Record(run).Events.OfType<RunFinished>().Single().Exit);
        Assert.Single(Directory.GetDirectories(Path.Combine(run, "checkpoints", $"{arm}-seed-3")));
        using var again = CommandProcess.Start("/", "distill", "--resume", run);
        Assert.True(again.Until(() => again.Said.Contains("resumed after step", StringComparison.Ordinal)), again.Said);
    }

    [Fact]
    public void A_machine_that_is_taken_away_in_a_long_validation_leaves_a_checkpoint_within_five_seconds()
    {
        _work.Write("many.csv", Workplace.Texts(12_000, seed: 9));
        _work.Write("validating.yaml", KillRecipes.Text.Replace("  split: { validation: 0.2 }\n", "  validation: { kind: csv, file: many.csv }\n", StringComparison.Ordinal));
        using var process = CommandProcess.Start(_work.Root, "distill", "validating.yaml", "--out", "run", "--set", "teacher.model.hidden=128", "--set", "teacher.model.layers=6", "--set", "evaluate.batch=64", "--set", "checkpoints.every-steps=10");
        Assert.True(process.Until(() => Directory.Exists(_work.At("run", "checkpoints", "teacher-seed-3")) && Directory.GetDirectories(_work.At("run", "checkpoints", "teacher-seed-3"), "*-step-10").Length > 0), process.Said);
        var (exit, worked) = process.Terminate();
        Assert.Equal(ExitCodes.Terminated, exit);
        Assert.True(worked < s_most, $"{worked.TotalSeconds} s\n{process.Said}");
        Assert.Contains("Stopped after step 10 of the teacher. A checkpoint is in", process.Said);
        Assert.DoesNotContain("validation accuracy", process.Said);
    }

    [Fact]
    public void A_machine_that_is_taken_away_while_the_data_is_prepared_says_that_there_is_nothing_to_keep()
    {
        _work.Write("train.csv", Workplace.Texts(400_000, seed: 1));
        using var process = CommandProcess.Start(_work.Root, "distill", "kill.yaml", "--out", "run", "--set", "input.tokenizer.vocabulary=30000");
        Assert.True(process.Until(() => process.HasOpen(_work.At("train.csv"))), process.Said);
        var (exit, worked) = process.Terminate();
        Assert.Equal(ExitCodes.Terminated, exit);
        Assert.True(worked < s_most, $"{worked.TotalSeconds} s\n{process.Said}");
        Assert.Contains("Nothing had been trained, so there", process.Said);
        Assert.False(Directory.Exists(_work.At("run")));
    }

    private static void Fill(string disk)
    {
        using var filler = new FileStream(Path.Combine(disk, "filler"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true) filler.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
