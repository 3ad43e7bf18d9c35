using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Files;
using Decant.Models.Bert;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Tests.Runs.Resuming;
using Decant.Text.Training;
using Decant.Torch;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Microsoft.Extensions.Logging;

namespace Decant.Tests.Runs.Distilling;

/// <summary>The front door for C#.</summary>
public sealed class DistillerTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task The_builder_and_a_recipe_give_the_same_bytes_for_the_same_plan()
    {
        var run = _work.Distill("text.yaml", "yaml");
        var result = await Distiller.Create(new BertOptions { Layers = 1, Hidden = 16, Heads = 2 }, new TextCnnOptions { Embedding = 8, Filters = 4 })
            .On(new CsvOptions { File = _work.At("train.csv") }, test: new CsvOptions { File = _work.At("test.csv") }, split: new SplitOptions { Validation = CountOrFraction.OfShare(0.2) })
            .WithTokenizer(new WordPieceOptions { Vocabulary = 300 }, maxTokens: 12)
            .WithLabels(CountOrFraction.OfCount(40))
            .TrainTeacher(o => { o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 5e-3 }; })
            .With(new SoftTargets { Temperature = 2 }, weight: 0.7)
            .With(new Labels(), weight: 0.3)
            .Train(o => { o.Epochs = 2; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 5e-3 }; })
            .Configure(r => r with { Distill = r.Distill with { WarmUp = new WarmUpSection { Epochs = 1 } } })
            .WithControl()
            .Seeds(3).Threads(2)
            .Evaluate(new EvaluateOptions { Bootstrap = 100, LatencyRuns = 0 })
            .SaveTo(_work.At("builder"))
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var arm in new[] { Arms.Teacher, Arms.Student, Arms.Control, Arms.AllLabels })
            Assert.Equal(FileHash.Of(Path.Combine(run, arm, "model.safetensors")), FileHash.Of(Path.Combine(result.Folder, arm, "model.safetensors")));
        Assert.Contains("student", result.Verdict, StringComparison.Ordinal);
        Assert.Equal(result.Comparisons[0].Sentence, result.ToString());
        Assert.InRange(result.Figure(Arms.Student), 0, 1);
        using var student = result.LoadStudent();
        Assert.IsType<TextCnnClassifier>(student);
        Assert.True(File.Exists(result.Report));
    }

    [Fact]
    public async Task A_programs_own_models_are_taken_as_they_are_and_the_student_has_the_trained_weights_afterwards()
    {
        using var teacher = new Net(2, 16, 2);
        using var student = new Net(2, 4, 2);
        var (before, begin) = (Weights(teacher), Weights(student));
        using var samples = Points(200, 1);
        using var test = Points(100, 2);
        var result = await Distiller.Create(teacher, student).On(samples, new SplitOptions { Validation = CountOrFraction.OfShare(0.2), Test = CountOrFraction.OfShare(0.2) })
            .With(new OwnDistance()).Train(o => o.Steps = 20).WithControl().SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(before, Weights(teacher));
        Assert.NotEqual(begin, Weights(student));
        using var loaded = result.LoadStudent();
        Assert.Equal(Weights(loaded), Weights(student));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(result.Folder, "control", "model.safetensors")), File.ReadAllBytes(Path.Combine(result.Folder, "student", "model.safetensors")));
        _ = samples[0]; // still the caller's
    }

    [Fact]
    public async Task A_stopped_run_is_resumed_by_the_same_calls_to_the_same_bytes()
    {
        using var samples = Points(200, 1);
        using var test = Points(100, 2);
        Distiller Made(string folder) => Distiller.Create(() => new Net(2, 16, 2), () => new Net(2, 4, 2)).On(samples, null, test)
            .TrainTeacher(o => o.Epochs = 2).With(new SoftTargets()).Train(o => { o.Epochs = 4; o.Batch = 20; }).WithControl().Threads(1)
            .Checkpoint(new CheckpointOptions { EverySteps = 1 }).SaveTo(_work.At(folder), name: "points");
        var whole = await Made("whole").RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var stopped = await Assert.ThrowsAsync<OperationCanceledException>(() => Made("stopped").RunAsync(new Watcher(e => { if (e is StepTaken { Arm: Arms.Student, Step: 7 }) stop.Cancel(); }), stop.Token));
        Assert.EndsWith($"To resume: the same calls again, with SaveTo(\"{_work.At("stopped")}\")", stopped.Message, StringComparison.Ordinal);
        var command = _work.Decant("distill", "--resume", _work.At("stopped"));
        Assert.Contains("is a C# program's own, which a recipe cannot make", command.Error, StringComparison.Ordinal);
        var resumed = await Made("stopped").RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(resumed.Record.Events, e => e is Resumed { Arm: Arms.Student });
        foreach (var arm in new[] { Arms.Teacher, Arms.Student, Arms.Control })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Folder, arm, "model.safetensors")), File.ReadAllBytes(Path.Combine(resumed.Folder, arm, "model.safetensors")));
        var error = await Assert.ThrowsAsync<DecantException>(() => Made("whole").RunAsync());
        Assert.Contains("holds a run that is finished", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_missing_is_named()
    {
        using var samples = Points(20, 1);
        var bare = Distiller.Create(new Net(2, 2), new Net(2, 2));
        Assert.Equal("Distiller lacks samples: call On(train, validation, test) or On(samples, split) before RunAsync.", await Throws(bare.With(new Labels())));
        Assert.Equal("Distiller lacks an objective: call With(objective) before RunAsync.", await Throws(bare.On(samples, null, samples)));
        Assert.Equal(
            "Distiller lacks the training of its teacher, whose weights are drawn: call TrainTeacher(o => …) before RunAsync.",
            await Throws(Distiller.Create(new BertOptions(), new TextCnnOptions()).On(samples, null, samples).With(new SoftTargets())));
        Assert.Equal("Distiller lacks samples, and an objective: call On(train, validation, test) or On(samples, split) and With(objective) before RunAsync.", await Throws(bare));
        Assert.StartsWith("Distiller: there is no model in", await Throws(Distiller.Create("/nowhere", new TextCnnOptions()).On(new CsvOptions { File = _work.At("train.csv") }, new SplitOptions { Test = 0.2 }).With(new SoftTargets())), StringComparison.Ordinal);
        static async Task<string> Throws(Distiller distiller) => (await Assert.ThrowsAsync<DecantException>(() => distiller.RunAsync())).Message;
    }

    [Fact]
    public async Task What_is_out_of_range_or_does_not_go_together_is_found_before_anything_starts()
    {
        using var samples = Points(20, 1);
        var error = await Assert.ThrowsAnyAsync<DecantException>(() => Distiller.Create(new Net(2, 2), new Net(2, 2)).On(samples, null, samples)
                .With(new SoftTargets { Temperature = -1 }).Train(o => { o.Batch = 0; o.Augment = new AugmentOptions { Flip = true }; }).RunAsync());
        Assert.Contains("temperature", error.Message, StringComparison.Ordinal);
        Assert.Contains("distill.batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_teacher_that_is_trained_begins_alike_with_every_seed_and_is_trained_afterwards()
    {
        using var samples = Points(80, 1);
        using var test = Points(40, 2);
        using var teacher = new Net(2, 8, 2);
        var begin = Weights(teacher);
        Distiller Of(Net given, string folder, params long[] seeds) => Distiller.Create(given, () => new Net(2, 2, 2)).On(samples, null, test).TrainTeacher(o => o.Steps = 6)
            .With(new SoftTargets()).Train(o => o.Steps = 2).Threads(1).Seeds(seeds).SaveTo(_work.At(folder), name: "seeds");
        using var copy = ModuleCopy.Of(teacher);
        var two = await Of(teacher, "two", 1, 2).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var second = await Of(copy, "second", 2).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(Path.Combine(two.Folder, "seed-2", "teacher", "model.safetensors")), File.ReadAllBytes(Path.Combine(second.Folder, "teacher", "model.safetensors")));
        Assert.NotEqual(begin, Weights(teacher));
    }

    [Fact]
    public async Task A_run_is_not_resumed_with_a_student_that_begins_otherwise()
    {
        using var samples = Points(200, 1);
        using var test = Points(100, 2);
        using var teacher = new Net(2, 8, 2);
        Distiller Made(Net student) => Distiller.Create(teacher, student).On(samples, null, test).With(new SoftTargets()).Train(o => { o.Epochs = 3; o.Batch = 20; }).WithControl().Threads(1)
            .Checkpoint(new CheckpointOptions { EverySteps = 1 }).SaveTo(_work.At("begun"), name: "begun");
        using var stop = new CancellationTokenSource();
        using var first = new Net(2, 2, 2);
        await Assert.ThrowsAsync<OperationCanceledException>(() => Made(first).RunAsync(new Watcher(e => { if (e is StepTaken { Step: 5 }) stop.Cancel(); }), stop.Token));
        using var other = new Net(2, 2, 2);
        var error = await Assert.ThrowsAsync<DecantException>(() => Made(other).RunAsync());
        Assert.Contains("the program's student, as it begins", error.Message, StringComparison.Ordinal);
        await Made(first).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Two_runs_that_are_started_together_give_what_each_gives_alone()
    {
        using var samples = Points(80, 1);
        using var test = Points(40, 2);
        Distiller Made(string folder) => Distiller.Create(() => new Net(2, 8, 2), () => new Net(2, 4, 2)).On(samples, null, test).TrainTeacher(o => o.Epochs = 3).With(new SoftTargets())
            .Train(o => o.Epochs = 3).Threads(1).SaveTo(_work.At(folder), name: "together");
        var alone = await Made("alone").RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var together = await Task.WhenAll(Made("a").RunAsync(), Made("b").RunAsync());
        foreach (var run in together)
            Assert.Equal(File.ReadAllBytes(Path.Combine(alone.Folder, "student", "model.safetensors")), File.ReadAllBytes(Path.Combine(run.Folder, "student", "model.safetensors")));
    }

    [Fact]
    public async Task Models_that_cannot_be_what_they_are_given_for_are_refused()
    {
        using var samples = Points(20, 1);
        using var net = new Net(2, 2);
        async Task<string> Of(Distiller distiller) => (await Assert.ThrowsAsync<DecantException>(() => distiller.On(samples, null, samples).With(new SoftTargets()).SaveTo(_work.At(Guid.NewGuid().ToString("N"))).RunAsync())).Message;
        Assert.Contains("teacher and student are one model", await Of(Distiller.Create(net, net)), StringComparison.Ordinal);
        Assert.Contains("gave a model that was there before", await Of(Distiller.Create(new Net(2, 2), () => net).WithControl()), StringComparison.Ordinal);
        Assert.Contains("gave null", await Of(Distiller.Create(new Net(2, 2), () => null!)), StringComparison.Ordinal);
        Assert.Contains("the teacher, a Net, cannot be given a sample of this shape", await Of(Distiller.Create(new Net(3, 2), new Net(2, 2))), StringComparison.Ordinal);
        Assert.Contains("gave null", Assert.Throws<DecantException>(() => Distiller.Create(net, new Net(2, 2)).With((Func<IObjective>)(() => null!))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logger_gets_trainings_notes_and_the_verdict()
    {
        using var samples = Points(60, 1);
        using var test = Points(30, 2);
        var logger = new Kept();
        var result = await Distiller.Create(new Net(2, 4, 2), new Net(2, 2, 2)).On(samples, null, test).With(new SoftTargets()).WithControl().LogTo(logger).SaveTo(_work.At("logged"))
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(logger.Lines, l => l.StartsWith("Training the student of seed 1", StringComparison.Ordinal));
        Assert.Contains(result.Verdict, logger.Lines);
    }

    [Fact]
    public void An_objective_with_weights_of_its_own_is_asked_for_as_a_function()
    {
        var error = Assert.Throws<DecantException>(() => Distiller.Create(new Net(2, 2), new Net(2, 2)).With(new Disposed()));
        Assert.Contains("give a function that makes it", error.Message, StringComparison.Ordinal);
    }

    private static float[] Weights(Model model) => [.. model.NamedParameters().SelectMany(p => p.Value.ToArray<float>())];

    private static Dataset Points(int count, int seed)
    {
        var random = new Random(seed);
        return Dataset.From("points", [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] at = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
            return ((SampleContent)new VectorContent(at), (string?)(at[0] * at[1] > 0 ? "same" : "other"));
        })]);
    }

    private sealed class Net : Model
    {
        private readonly ModuleList<Linear> _layers;

        public Net(params long[] widths)
        {
            _layers = RegisterModule("layers", new ModuleList<Linear>(widths.Zip(widths[1..], (a, b) => new Linear(a, b))));
            Classes = (int)widths[^1];
        }

        public override int Classes { get; }

        public override Tensor Forward(ModelInput input) => _layers.Skip(1).Aggregate(_layers[0].Forward(input.Values), (hidden, layer) => layer.Forward(hidden.Relu()));
    }

    private class OwnDistance : IObjective
    {
        public string Kind => "own-distance";

        public SignalKinds Needs => SignalKinds.DenseLogits;

        public long Count(Batch batch) => batch.Size;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => new((((DenseLogits)teacher!).Logits - student.Logits).Square().Sum(), batch.Size);
    }

    private sealed class Disposed : OwnDistance, IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed class Kept : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
