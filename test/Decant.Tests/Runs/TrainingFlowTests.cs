using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>What a whole run makes of validation times, of texts that are cut, of few labels, of shared samples and of batches of one.</summary>
public sealed class TrainingFlowTests : IDisposable
{
    private readonly Workplace _work = new();

    public TrainingFlowTests() => _work.Write("kill.yaml", KillRecipes.Text);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Validated_every_two_steps_a_run_that_is_stopped_goes_on_to_the_same_models_and_curves()
    {
        string[] often = ["--set", "distill.validate-every=2 steps", "--set", "teacher.train.validate-every=0.5 epochs"];
        var whole = _work.Distill("kill.yaml", "whole", often);
        var validated = Workplace.Record(whole).Events.OfType<Validated>().Where(v => v.Arm == Arms.Student).ToArray();
        var steps = Workplace.Record(whole).Events.OfType<StepTaken>().Where(s => s.Arm == Arms.Student).Max(s => s.Step);
        Assert.Equal(Enumerable.Range(1, (int)steps / 2).Select(i => 2L * i).Concat(steps % 2 == 0 ? [] : [steps]), validated.Select(v => v.Step));
        Assert.Contains(validated, v => v.Epoch != Math.Floor(v.Epoch));

        foreach (var at in new[] { 2, 3 }) // at a validation, and between two
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
                _work.Recipe("kill.yaml", "distill.validate-every=2 steps", "teacher.train.validate-every=0.5 epochs"), new RunOptions { Out = _work.At($"stopped-{at}") },
                new Watcher(e => { if (e is StepTaken { Arm: Arms.Student } step && step.Step == at) stop.Cancel(); }), stop.Token));
            Assert.Equal(0, _work.Decant("distill", "--resume", _work.At($"stopped-{at}"), "--quiet").Exit);
            WholeRun.AreSame(whole, _work.At($"stopped-{at}"));
        }
    }

    [Fact]
    public void Validation_times_need_a_validation_split()
    {
        var answer = _work.Decant("check", _work.At("image.yaml"), "--set", "distill.validate-every=10 steps");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("'validate-every' needs validation samples; give data.validation, or data.split: { validation: 0.1 }", answer.Error);
        Assert.Contains("a number of steps or epochs, such as 200 steps or 0.25 epochs", _work.Decant("check", _work.At("text.yaml"), "--set", "distill.validate-every=10").Error);
    }

    [Fact]
    public void Texts_that_are_cut_are_counted_for_every_split_in_check_and_in_the_run()
    {
        _work.Write("long.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{string.Join(' ', Enumerable.Repeat(i % 2 == 0 ? "kala" : "grak", i < 10 ? 30 : 3))} x{i},{(i % 2 == 0 ? "天气" : "cooking")}\n")));
        var answer = _work.Decant("check", _work.At("text.yaml"), "--set", "data.test={ kind: csv, file: long.csv }");
        Assert.True(answer.Exit == 0, answer.Error);
        var words = string.Join(' ', answer.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("10 of 40 test samples (25 %) are longer than 12 tokens, the first at", words);
        Assert.Matches(@"95 % of the samples have at most \d+ tokens, the longest has \d+: input.max-tokens says how many are read", words);

        var run = _work.Distill("text.yaml", "run", "--set", "data.test={ kind: csv, file: long.csv }");
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith("10 of 40 test samples (25 %) are longer than 12 tokens", StringComparison.Ordinal));
        Assert.Contains("10 of 40 test samples (25 %)", File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void A_control_that_may_have_overfitted_is_told_before_and_in_the_verdict()
    {
        var answer = _work.Decant("check", _work.At("image.yaml"));
        var words = string.Join(' ', answer.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("There is no validation split, and the control goes through its 120 labelled samples 2 times", words);
        var run = _work.Distill("image.yaml", "run");
        var verdict = Workplace.Record(run).Events.OfType<Comparison>().First(c => c.B == Arms.Control);
        Assert.Contains("after 2 passes through 120 labelled samples and without a validation split", verdict.Sentence);
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.Contains("data.split: { validation: 0.1 }", StringComparison.Ordinal));

        string[] split = ["--set", "data.split={ validation: 0.25 }"];
        var validated = _work.Decant(["check", _work.At("image.yaml"), .. split, "--set", "distill.validate-every=2 steps"]).Out;
        Assert.DoesNotContain("There is no validation split", validated);
        Assert.Matches(@"student .*, 10 steps of 20 samples, 5 validations, about", validated); // 90 samples, two epochs of five
        Assert.Matches(@"teacher .*, 15 steps of 20 samples, 3 validations, about", validated);
        Assert.DoesNotContain("passes through", Workplace.Record(_work.Distill("image.yaml", "validated", split)).Events.OfType<Comparison>().First(c => c.B == Arms.Control).Sentence);
        Assert.DoesNotContain("There is no validation split", _work.Decant("check", _work.At("image.yaml"), "--set", "control=false").Out);
    }

    [Fact]
    public void Samples_that_a_cut_split_shares_with_training_are_dropped_and_counted_in_check_and_in_the_run()
    {
        // Half of the texts come again with the other label.
        var lines = Workplace.Texts(160, seed: 1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var again = lines.Skip(1).Take(80).Select(l => l.EndsWith("天气", StringComparison.Ordinal) ? l.Replace("天气", "cooking", StringComparison.Ordinal) : l.Replace("cooking", "天气", StringComparison.Ordinal));
        _work.Write("twice.csv", string.Join('\n', lines.Concat(again)) + "\n");
        string[] set = ["--set", "data.train={ kind: csv, file: twice.csv }"];
        var check = _work.Decant(["check", _work.At("text.yaml"), .. set]);
        Assert.Matches(@"samples\s+of\s+the\s+validation\s+split\s+stand\s+in\s+the\s+training\s+split\s+too", check.Out);
        var run = _work.Distill("text.yaml", "run", set);
        Assert.Contains(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.Contains("were dropped from the training split", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(17, 8, "17 samples in batches of 8, of which the last has one", "With 'batch: 7' no batch has one")]
    [InlineData(16, 1, "batches of one sample", "Give batches of two samples or more")]
    public void A_batch_of_one_that_batch_norm_cannot_learn_from_is_refused_before_the_run(int samples, int batch, string said, string advice)
    {
        _work.WriteImages("dots", samples, 2, seed: 3, classes: 2);
        _work.WriteImages("dots-test", 8, 2, seed: 4, classes: 2);
        var yaml = Workplace.Image.Replace("train-images, labels: train-labels", "dots-images, labels: dots-labels", StringComparison.Ordinal)
            .Replace("test-images, labels: test-labels", "dots-test-images, labels: dots-test-labels", StringComparison.Ordinal)
            .Replace("{ kind: mlp, hidden: [4] }", "{ kind: resnet, depth: 8, stem: 4 }", StringComparison.Ordinal).Replace("batch: 20", $"batch: {batch}", StringComparison.Ordinal);
        _work.Write("one.yaml", yaml);
        foreach (var command in new[] { "check", "distill" })
        {
            var answer = _work.Decant(command == "check" ? ["check", _work.At("one.yaml")] : ["distill", _work.At("one.yaml"), "--out", _work.At("one")]);
            Assert.Equal(2, answer.Exit);
            Assert.Contains(said, answer.Error);
            Assert.Contains("needs more than one value per channel in training", answer.Error);
            Assert.Contains(advice, answer.Error);
        }

        Assert.False(Directory.Exists(_work.At("one")));
        Assert.Equal(0, _work.Decant("distill", _work.At("one.yaml"), "--out", _work.At("fits"), "--quiet", "--set", "distill.batch=7", "--set", "teacher.train.batch=7").Exit);
    }

    [Fact]
    public void A_run_whose_cores_were_measured_says_so_and_that_its_own_recipe_gives_the_same_bits()
    {
        // As long as it takes for the control's share to be worth measuring.
        string[] set = ["--set", "threads=2", "--set", "thread-allocation={ teacher: 1, student: 1 }", "--set", "distill.epochs=null", "--set", "distill.steps=1000", "--set", "distill.batch=4"];
        var run = _work.Distill("image.yaml", "run", set);
        var note = Assert.Single(Workplace.Record(run).Events.OfType<RunNote>(), n => n.Text.StartsWith("How the cores are shared was measured", StringComparison.Ordinal)).Text;
        Assert.Matches(@"\(teacher 1, student 1, control (1|2|1/2)\) and is written into this run's recipe\.yaml, which gives the same weights again, bit for bit", note);
        File.Copy(Path.Combine(run, "recipe.yaml"), _work.At("again.yaml"));
        var again = _work.Distill("again.yaml", "again");
        Assert.Equal(Workplace.Weights(run, Arms.Control), Workplace.Weights(again, Arms.Control));
        Assert.DoesNotContain(Workplace.Record(again).Events.OfType<RunNote>(), n => n.Text.StartsWith("How the cores", StringComparison.Ordinal));
    }
}
