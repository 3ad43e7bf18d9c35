using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Tests.Runs.Resuming;

/// <summary>Runs that were stopped, and what it takes to go on with them.</summary>
public sealed class ResumptionTests : IDisposable
{
    private readonly Workplace _work = new();

    public ResumptionTests()
    {
        _work.Write("kill.yaml", KillRecipes.Text);
        _work.Write("kill-image.yaml", KillRecipes.Image);
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Stopped_in_any_arm_it_goes_on_to_the_same_models_figures_and_curves()
    {
        var whole = _work.Distill("kill.yaml", "whole");
        foreach (var arm in new[] { Arms.Teacher, Arms.WarmUp, Arms.Student, Arms.Control })
        {
            var run = Stopped(arm, step: 4, name: $"in-{arm}");
            var answer = _work.Decant("distill", "--resume", run);
            Assert.True(answer.Exit == 0, answer.Error);
            Assert.Contains($"resumed after step 4 of the {arm} (seed 3)", answer.Out);
            WholeRun.AreSame(whole, run);
            var resumed = Assert.Single(Workplace.Record(run).Events.OfType<Resumed>());
            Assert.Equal((arm, 3L, 4L), (resumed.Arm, resumed.Seed, resumed.Step));
            Assert.StartsWith("decant distill --resume ", resumed.Command);
            var report = File.ReadAllText(Path.Combine(run, "report.html"));
            Assert.Contains("resumed once", report);
            Assert.Contains($"after step 4 of the {arm} (seed 3)", report);
        }
    }

    [Fact]
    public void Each_arm_is_what_it_is_whatever_the_process_did_before_it()
    {
        // Every arm in a process that has trained none of the others, and moved the generator besides.
        var whole = _work.Distill("kill-image.yaml", "whole");
        var run = _work.At("apart");
        foreach (var (arm, seed) in new[] { (Arms.Teacher, 5), (Arms.Student, 5), (Arms.Control, 5), (Arms.Teacher, 6), (Arms.Student, 6), (Arms.Control, 6) })
        {
            using var stop = new CancellationTokenSource();
            Decant.Torch.Tensor.Randn([7]).Dispose();
            var watcher = new Watcher(e => { if (e is ArmStarted started && (started.Arm, started.Seed) == (arm, seed)) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => Directory.Exists(run)
                ? new DistillJob(Catalog.Standard).Resume(run, new RunOptions(), null, watcher, stop.Token)
                : new DistillJob(Catalog.Standard).Run(_work.Recipe("kill-image.yaml"), new RunOptions { Out = run }, watcher, stop.Token));
            // As if it had been killed there, so that the arm starts anew.
            foreach (var checkpoint in Directory.GetDirectories(Path.Combine(run, "checkpoints", $"{arm}-seed-{seed}")))
                Directory.Delete(checkpoint, recursive: true);
        }

        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        WholeRun.AreSame(whole, run);
        Assert.Equal(6, Workplace.Record(run).Events.OfType<Resumed>().Count());
    }

    [Fact]
    public void A_teacher_alone_goes_on_too_and_with_its_own_command_only()
    {
        Assert.Equal(0, _work.Decant("train", _work.At("kill.yaml"), "--quiet", "--out", _work.At("whole")).Exit);
        var run = _work.At("stopped");
        using var stop = new CancellationTokenSource();
        var stopped = Assert.Throws<OperationCanceledException>(() => new TrainJob(Catalog.Standard).Run(
            _work.Recipe("kill.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken { Step: 5 }) stop.Cancel(); }), stop.Token));
        Assert.EndsWith($"To resume: decant train --resume {run}", stopped.Message);
        Refused($"was begun by 'decant train': resume it with decant train --resume {run}", "distill", "--resume", run);
        var resumed = _work.Decant("train", "--resume", run);
        Assert.Equal(0, resumed.Exit);
        Assert.DoesNotContain("This run is finished", resumed.Out);
        Assert.Equal($"decant train --resume {run}", Workplace.Record(run).Events.OfType<Resumed>().Single().Command);
        Assert.Equal(Workplace.Weights(_work.At("whole"), "teacher"), Workplace.Weights(run, "teacher"));
    }

    [Fact]
    public void A_finished_run_says_so_and_is_left_as_it_is()
    {
        var run = _work.Distill("kill.yaml", "done");
        Assert.False(Directory.Exists(Path.Combine(run, "checkpoints")));
        var before = Directory.GetFileSystemEntries(run, "*", SearchOption.AllDirectories).Select(f => (f, File.GetLastWriteTimeUtc(f))).ToArray();
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal((0, ""), (answer.Exit, answer.Error));
        Assert.Contains("This run is finished: there was nothing left to do.", answer.Out);
        Assert.Equal(before, Directory.GetFileSystemEntries(run, "*", SearchOption.AllDirectories).Select(f => (f, File.GetLastWriteTimeUtc(f))));
        File.AppendAllText(Path.Combine(run, "recipe.yaml"), "cores: {}\n"); // of a former release, with a key that is renamed since
        Assert.Contains("This run is finished: there was nothing left to do.", _work.Decant("distill", "--resume", run).Out);
    }

    [Fact]
    public void What_is_no_run_is_told()
    {
        Refused("There is no folder nowhere", "distill", "--resume", "nowhere");
        Directory.CreateDirectory(_work.At("empty"));
        Refused("is no run's folder", "distill", "--resume", _work.At("empty"));
        Refused("expected a recipe, or --resume with the folder of a run", "distill");
        Refused("expected a recipe, or --resume with the folder of a run", "train");
    }

    [Fact]
    public void Cut_off_before_its_first_arm_it_begins_with_the_recipe_that_it_wrote()
    {
        var whole = _work.Distill("kill.yaml", "whole");
        var run = _work.At("early");
        Directory.CreateDirectory(run);
        File.Copy(Path.Combine(whole, "recipe.yaml"), Path.Combine(run, "recipe.yaml"));
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        WholeRun.AreSame(whole, run);
    }

    [Fact]
    public void Two_processes_do_not_work_on_one_run()
    {
        var run = Stopped(Arms.Teacher, 2);
        using (RunLock.Take(RunFolder.Open(run)))
            Refused("Another process is working on the run", "distill", "--resume", run);
        // Not while it runs the first time either.
        var refused = "";
        new DistillJob(Catalog.Standard).Run(_work.Recipe("kill.yaml"), new RunOptions { Out = _work.At("running") }, new Watcher(e =>
        {
            if (e is StepTaken { Arm: Arms.Control, Step: 2 })
                refused = _work.Decant("distill", "--resume", _work.At("running")).Error;
        }));
        Assert.Contains("Another process is working on the run", refused);
    }

    [Fact]
    public void The_lock_is_held_as_long_as_the_run_and_no_longer()
    {
        var folder = RunFolder.Open(_work.At("locked"));
        using (RunLock.Take(folder))
            Assert.Contains("Another process", Assert.Throws<DecantException>(() => RunLock.Take(folder)).Message);
        RunLock.Take(folder).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_called_that_and_not_a_second_process()
    {
        File.WriteAllText(_work.At("file"), "");
        var fault = Assert.Throws<DecantException>(() => RunLock.Take(RunFolder.Open(_work.At("file"))));
        Assert.Equal(ExitCodes.Machine, fault.ExitCode);
        Assert.Contains("cannot be written", fault.Message);
        Assert.DoesNotContain("Another process", fault.Message);
    }

    [Fact]
    public void Another_recipe_is_refused_with_what_differs_and_the_same_is_not()
    {
        var run = Stopped(Arms.Student, 2);
        var answer = _work.Decant("distill", _work.At("kill.yaml"), "--resume", run, "--set", "distill.epochs=9", "--set", "distill.objectives[1].weight=0.5", "--set", "evaluate.bootstrap=200");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("  evaluate.bootstrap: 100, and 200 is given", answer.Error);
        Assert.Contains("  distill.epochs: 4, and 9 is given", answer.Error);
        Assert.Contains("  distill.objectives.1.weight: 0.3, and 0.5 is given", answer.Error);
        Assert.Equal(4, answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Refused("Leave the recipe out", "distill", _work.At("kill.yaml"), "--resume", run, "--seeds", "2");
        Refused("--set: a run is resumed with the recipe that it was begun with", "distill", "--resume", run, "--set", "distill.epochs=9");
        Refused("--out: a run is resumed in its own folder", "distill", "--resume", run, "--out", "x");
        Assert.Equal(0, _work.Decant("distill", _work.At("kill.yaml"), "--resume", run, "--quiet").Exit);
    }

    [Fact]
    public void A_recipe_that_was_changed_in_the_runs_folder_is_refused_with_what_differs()
    {
        var run = Stopped(Arms.Student, 2);
        var recipe = Path.Combine(run, "recipe.yaml");
        var text = File.ReadAllText(recipe);
        File.WriteAllText(recipe, text.Replace("max-tokens: 12", "max-tokens: 20", StringComparison.Ordinal));
        Refused("recipe.yaml was changed since the run began", "distill", "--resume", run);
        Refused("  input.max-tokens: 12, and 20 is given", "distill", "--resume", run);
        File.WriteAllText(recipe, text);

        // What a killed process was writing is cleaned up.
        var half = Path.Combine(run, "teacher", $"model.safetensors.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(half, "half");
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        Assert.False(File.Exists(half));
    }

    [Fact]
    public void Other_data_is_refused_with_what_differs()
    {
        var run = Stopped(Arms.Student, 2);
        var train = File.ReadAllText(_work.At("train.csv"));
        _work.Write("train.csv", train + "kala mita xyz,cooking\n");
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("The data is not what the run began with", answer.Error);
        Assert.Matches(@"the training split: 128 samples, 128 labels, \w+ when the run began, 129 samples, 129 labels, \w+ now", answer.Error);
        Assert.DoesNotContain("the test split", answer.Error);
        _work.Write("train.csv", train.Replace("kala", "kalo", StringComparison.Ordinal));
        Refused("the tokenizer: ", "distill", "--resume", run);
        File.Delete(_work.At("train.csv"));
        Refused("train.csv", "distill", "--resume", run);
        _work.Write("train.csv", train);
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
    }

    [Fact]
    public void A_teacher_that_was_loaded_must_be_the_same_when_the_run_goes_on()
    {
        Assert.Equal(0, _work.Decant("train", _work.At("kill-image.yaml"), "--quiet", "--out", _work.At("own")).Exit);
        var from = KillRecipes.Image.IndexOf("teacher:\n", StringComparison.Ordinal);
        _work.Write("kill.yaml", $"{KillRecipes.Image[..from]}teacher: {{ load: {_work.At("own", "teacher")} }}\n{KillRecipes.Image[KillRecipes.Image.IndexOf("student:\n", StringComparison.Ordinal)..]}");
        var whole = _work.Distill("kill.yaml", "whole");
        var run = Stopped(Arms.Student, 3);
        var weights = _work.At("own", "teacher", "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        var changed = (byte[])bytes.Clone();
        changed[^2] ^= 1;
        File.WriteAllBytes(weights, changed);
        Refused("the loaded teacher: weights ", "distill", "--resume", run);
        File.WriteAllBytes(weights, bytes);
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        WholeRun.AreSame(whole, run);
    }

    [Fact]
    public void A_damaged_checkpoint_is_told_and_the_one_before_leads_to_the_same_result()
    {
        var whole = _work.Distill("kill.yaml", "whole");
        var run = Stopped(Arms.Student, 6);
        var checkpoints = Directory.GetDirectories(Path.Combine(run, "checkpoints", "student-seed-3")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, checkpoints.Length);
        var state = Path.Combine(checkpoints[1], "state.safetensors");
        File.WriteAllBytes(state, File.ReadAllBytes(state)[..^1]);
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        var said = $"A checkpoint could not be used, and the run is resumed from {checkpoints[0]}. {checkpoints[1]}: state.safetensors has";
        Assert.Contains(said, answer.Out.ReplaceLineEndings(" "));
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith(said, StringComparison.Ordinal));
        WholeRun.AreSame(whole, run);
    }

    [Fact]
    public void When_no_checkpoint_is_whole_the_run_is_refused_and_told_what_was_tried()
    {
        var run = Stopped(Arms.Student, 6);
        var folder = Path.Combine(run, "checkpoints", "student-seed-3");
        foreach (var checkpoint in Directory.GetDirectories(folder))
            File.Delete(Path.Combine(checkpoint, "manifest.json"));
        var answer = _work.Decant("distill", "--resume", run);
        Assert.Equal(2, answer.Exit);
        Assert.Contains("No checkpoint of the student of seed 3 can be used. Tried, newest first:", answer.Error);
        Assert.Equal(2, answer.Error.Split("manifest.json is missing").Length - 1);
        // What the message advises works, and the arms before are kept.
        Directory.Delete(folder, recursive: true);
        var again = _work.Decant("distill", "--resume", run);
        Assert.True(again.Exit == 0, again.Error);
        Assert.Contains("resumed between two arms", again.Out);
        Assert.Single(Workplace.Record(run).Events.OfType<ArmStarted>(), a => a.Arm == Arms.Student);
    }

    [Fact]
    public void Weights_of_a_finished_arm_that_were_changed_or_are_gone_are_refused()
    {
        var run = Stopped(Arms.Control, 2);
        var file = Path.Combine(run, "teacher", "model.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Refused("The weights of the teacher of seed 3 are not those that the run wrote", "distill", "--resume", run);
        File.Delete(file);
        Refused("The weights of the teacher of seed 3, which the run had trained, are missing", "distill", "--resume", run);
    }

    [Fact]
    public void A_record_or_a_state_that_was_tampered_with_is_refused()
    {
        var run = Stopped(Arms.Student, 2);
        var (record, progress) = (Path.Combine(run, "record.jsonl"), Path.Combine(run, "checkpoints", "progress.json"));
        var whole = File.ReadAllBytes(record);
        File.WriteAllBytes(record, whole[..500]);
        Refused("it was cut or replaced", "distill", "--resume", run);
        File.WriteAllBytes(record, [(byte)'x', .. whole]);
        Refused("was changed since the run wrote it", "distill", "--resume", run);
        File.WriteAllBytes(record, whole);
        var state = File.ReadAllText(progress);
        File.WriteAllText(progress, state.Replace("\"format\": 4", "\"format\": 7", StringComparison.Ordinal));
        Refused("has format 7, and this version", "distill", "--resume", run);
        var (recipe, text) = (Path.Combine(run, "recipe.yaml"), File.ReadAllText(Path.Combine(run, "recipe.yaml")));
        File.WriteAllText(recipe, text + "cores: {}\n");
        File.WriteAllText(progress, state.Replace("\"format\": 4", "\"format\": 2", StringComparison.Ordinal));
        Refused("was begun by a former release", "distill", "--resume", run);
        Refused($"decant recipes upgrade {recipe}", "distill", "--resume", run);
        File.WriteAllText(recipe, text);
        File.WriteAllText(progress, state[..40]);
        Refused("progress.json is damaged", "distill", "--resume", run);
        File.Delete(progress);
        Refused("progress.json is missing", "distill", "--resume", run);
    }

    [Fact]
    public void An_interrupted_run_names_its_checkpoint_and_the_command_and_leaves_a_report()
    {
        var run = Stopped(Arms.Student, 3);
        var last = Directory.GetDirectories(Path.Combine(run, "checkpoints", "student-seed-3")).Order(StringComparer.Ordinal).Last();
        Assert.EndsWith("-step-3", last);
        Assert.Contains("The run ended with exit code 130.", File.ReadAllText(Path.Combine(run, "report.html")));
        Assert.Contains($"Stopped after step 3 of the student. A checkpoint is in {last}.", File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void Interrupted_while_the_data_is_prepared_nothing_is_kept_and_that_is_said()
    {
        var answer = _work.Decant(i => i.Request(), "distill", _work.At("kill.yaml"), "--quiet", "--out", _work.At("none"));
        Assert.Equal(130, answer.Exit);
        Assert.EndsWith("Stopped while the data was prepared. Nothing had been trained, so there is nothing to keep.\n", answer.Error);
        Assert.False(Directory.Exists(_work.At("none")));
        var run = Stopped(Arms.Student, 3);
        var again = _work.Decant(i => i.Request(ExitCodes.Terminated), "distill", "--resume", run);
        Assert.Equal(143, again.Exit);
        Assert.EndsWith($"The run is unchanged. To resume: decant distill --resume {run}\n", again.Error);
    }

    [Fact]
    public void Interrupted_while_the_models_are_measured_it_goes_on_with_that()
    {
        var whole = _work.Distill("kill.yaml", "whole");
        using var stop = new CancellationTokenSource();
        var run = _work.At("measuring");
        var stopped = Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("kill.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is Evaluated { Arm: Arms.Teacher }) stop.Cancel(); }), stop.Token));
        Assert.Equal($"Stopped. Trained arms are kept. To resume: decant distill --resume {run}", stopped.Message);
        Assert.Equal(0, _work.Decant("distill", "--resume", run, "--quiet").Exit);
        WholeRun.AreSame(whole, run);
    }

    private string Stopped(string arm, long step, string name = "stopped")
    {
        using var stop = new CancellationTokenSource();
        var run = _work.At(name);
        var stopped = Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("kill.yaml"), new RunOptions { Out = run }, new Watcher(e => { if (e is StepTaken s && (s.Arm, s.Step) == (arm, step)) stop.Cancel(); }), stop.Token));
        Assert.Contains($"Stopped after step {step} of the {arm}. A checkpoint is in {Path.Combine(run, "checkpoints")}", stopped.Message);
        Assert.EndsWith($"To resume: decant distill --resume {run}", stopped.Message);
        return run;
    }

    private void Refused(string said, params string[] args)
    {
        var answer = _work.Decant(args);
        Assert.True(answer.Exit == 2, $"{answer.Exit}: {answer.Error}");
        Assert.Contains(said, answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
    }
}
