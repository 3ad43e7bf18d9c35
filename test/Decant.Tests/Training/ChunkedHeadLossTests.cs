using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Sequence;
using Decant.Runs;
using Decant.Runs.Recipes.Kinds;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>The logits of a large vocabulary are made some rows at a time: loss and gradients are those of all at once.</summary>
public class ChunkedHeadLossTests
{
    private const int Vocabulary = 6_000;
    private const int Rows = 1_900;
    private const int FewerTokens = 600;
    private const int FewerRows = 190;
    private const long PartElements = 70 * FewerTokens;
    private static readonly string[] s_others = ["target-mse", "binary-cross-entropy", "dist", "pair-similarity", "ranking-labels", "margin-mse", "listwise-kl", "pairwise-ranking", "aligned-spans", "universal-logit"]; // a vocabulary is no number and no label; rows that are compared with each other

    public static TheoryData<string, bool> EveryLogitsObjective()
    {
        var all = new TheoryData<string, bool>();
        foreach (var kind in Catalog.Standard.Kinds.Kinds(Sections.Objective).Where(k => !s_others.Contains(k.Kind) && !ReadsFeatures(k)))
        {
            foreach (var bias in new[] { true, false })
                all.Add(kind.Kind, bias);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(EveryLogitsObjective))]
    public void Loss_and_gradients_are_those_of_all_logits_at_once(string kind, bool bias)
    {
        using var scope = TensorScope.Open();
        using var student = new TinyLanguageModel(FewerTokens, width: 12, seed: 1, bias);
        using var model = new TinyLanguageModel(FewerTokens, width: 20, seed: 2, bias: true);
        using var teacher = new LocalTeacher(model, [], owns: false);
        using var batch = Batch(FewerRows, FewerTokens, labelled: FewerRows);
        var objective = Create(kind);
        Assert.True(objective.IsRowwise);
        var (headed, plain) = (InParts(student, teacher, batch, PartElements, objective), AtOnce(student, teacher, batch, objective));

        Assert.Equal(3, LogitChunks.Of(FewerRows, FewerTokens, PartElements).Count());
        Assert.Equal(plain.Loss, headed.Loss, 1e-5 * Math.Abs(plain.Loss));
        foreach (var (name, expected) in plain.Gradients)
        {
            var largest = expected.Max(Math.Abs);
            Assert.True(largest > 0);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - headed.Gradients[name][i]) <= 1e-4 * largest, $"{name}[{i}]: {expected[i]} at once, {headed.Gradients[name][i]} in parts");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    public void Rows_without_a_label_teach_by_the_teacher_alone(int labelled)
    {
        Assert.True(LogitChunks.Of(Rows, Vocabulary).Count() > 2);
        using var scope = TensorScope.Open();
        using var student = new TinyLanguageModel(Vocabulary, width: 12, seed: 1, bias: true);
        using var model = new TinyLanguageModel(Vocabulary, width: 20, seed: 2, bias: true);
        using var teacher = new LocalTeacher(model, [], owns: false);
        using var batch = Batch(Rows, Vocabulary, labelled);
        IObjective[] objectives = [Create("soft-targets"), Create("labels")];
        var (headed, plain) = (InParts(student, teacher, batch, LogitChunks.Elements, objectives), AtOnce(student, teacher, batch, objectives));
        Assert.Equal(plain.Loss, headed.Loss, 1e-5 * Math.Abs(plain.Loss));
    }

    [Theory]
    [InlineData(Granularity.Full, 1.0)]
    [InlineData(Granularity.Full, 0.0)]
    [InlineData(Granularity.TopK, 0.5)]
    [InlineData(Granularity.Sampled, 1.0)]
    public void A_text_that_was_written_is_the_same_in_parts_also_where_a_token_answers_for_those_after_it(Granularity granularity, double future)
    {
        using var scope = TensorScope.Open();
        using var student = new TinyLanguageModel(FewerTokens, width: 12, seed: 1, bias: true);
        using var model = new TinyLanguageModel(FewerTokens, width: 20, seed: 2, bias: true);
        using var teacher = new LocalTeacher(model, [], owns: false);
        using var batch = Written(Batch(FewerRows, FewerTokens, labelled: 0));
        var objective = new OnPolicyObjective(new OnPolicy { Granularity = granularity, K = 5, Future = future, Importance = ImportanceWeights.Token, ImportanceClip = 3, MeanOver = MeanOver.Texts });
        var (headed, plain) = (InParts(student, teacher, batch, PartElements, objective), AtOnce(student, teacher, batch, objective));
        Assert.Equal(plain.Loss, headed.Loss, 1e-5 * Math.Abs(plain.Loss));
        foreach (var (name, expected) in plain.Gradients)
        {
            var largest = expected.Max(Math.Abs);
            Assert.True(largest > 0);
            Assert.All(expected.Zip(headed.Gradients[name]), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * largest, $"{name}: {pair.First} at once, {pair.Second} in parts"));
        }
    }

    [Fact]
    public void A_temperature_of_each_rows_own_is_the_same_in_parts()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyLanguageModel(FewerTokens, width: 12, seed: 1, bias: true);
        using var model = new TinyLanguageModel(FewerTokens, width: 20, seed: 2, bias: true);
        using var teacher = new LocalTeacher(model, [], owns: false);
        using var batch = Batch(FewerRows, FewerTokens, labelled: FewerRows);
        foreach (var temperature in new Decant.Objectives.Temperatures.Temperature[]
        {
            new Decant.Objectives.Temperatures.EntropyTemperature { Confident = 6, Uncertain = 1 }, new Decant.Objectives.Temperatures.LinearTemperature { From = 4, To = 2 },
        })
        {
            using var objective = new Decant.Objectives.Logits.SoftTargetsObjective(new() { Temperature = temperature });
            objective.Begin(0.5);
            var plain = AtOnce(student, teacher, batch, objective);
            var mean = objective.Settings["temperature"];
            objective.Begin(0.5);
            var headed = InParts(student, teacher, batch, PartElements, objective);
            Assert.Equal(plain.Loss, headed.Loss, 1e-5 * Math.Abs(plain.Loss));
            Assert.Equal(mean, objective.Settings["temperature"], 1e-4);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_objective_on_weights_alone_is_learnt_with_a_model_whose_head_is_apart(bool withLabels)
    {
        using var student = new TinyLanguageModel(50, width: 4, seed: 1, bias: true);
        var before = student.Head.Weight.ToArray<float>();
        using var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new Sgd { LearningRate = 0.1 });
        using var loop = new TrainLoop(new TrainingPlan
        {
            Student = student,
            Objectives = [new(new SmallWeights(student.Head.Weight), 1), .. withLabels ? [new WeightedObjective(Create("labels"), 1e-9)] : (WeightedObjective[])[]],
            Batches = new OneBatch(),
            Optimizer = optimizer,
            Schedule = new ConstantSchedule(1, new ConstantRate()),
            LearningRate = 0.1,
            Epochs = 1,
        });
        loop.Run();
        // One step of 0.1 along the gradient 2·w ÷ 2 samples.
        var after = student.Head.Weight.ToArray<float>();
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(0.9f * before[i], after[i], 1e-5f);
    }

    [Fact]
    public void An_objective_that_depends_on_nothing_trained_is_named()
    {
        using var student = new TinyLanguageModel(50, width: 4, seed: 1, bias: true);
        using var other = Tensor.Ones([3]);
        using var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new Sgd { LearningRate = 0.1 });
        using var loop = new TrainLoop(new TrainingPlan
        {
            Student = student,
            Objectives = [new(new SmallWeights(other), 1)],
            Batches = new OneBatch(),
            Optimizer = optimizer,
            Schedule = new ConstantSchedule(1, new ConstantRate()),
            LearningRate = 0.1,
            Epochs = 1,
        });
        Assert.Contains("The loss of small-weights depends on nothing that is trained", Assert.Throws<DecantException>(() => loop.Run()).Message);
    }

    /// <summary>Σ w², read from neither logits nor features.</summary>
    private sealed class SmallWeights(Tensor weights) : IObjective
    {
        public string Kind => "small-weights";

        public SignalKinds Needs => SignalKinds.None;

        public bool ReadsLogits => false;

        public long Count(Batch batch) => batch.Size;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
        {
            Assert.Empty(student.Features);
            return new(weights.Square().Sum(), batch.Size);
        }
    }

    private sealed class OneBatch : IBatchSource
    {
        public int BatchesPerEpoch => 1;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            if (firstBatch == 0)
                yield return Batch(5, 50, labelled: 5);
        }
    }

    [Fact]
    public void A_loss_of_no_rows_is_0_and_moves_nothing()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyLanguageModel(50, width: 4, seed: 1, bias: true);
        var loss = new ChunkedHeadLoss(student.States(new ModelInput(Tensor.From(new long[] { 1 }, 1, 1))), student.Head).Sum();
        loss.Backward();
        Assert.Equal(0, loss.Detach().Item());
        Assert.All(student.Head.Weight.Grad!.ToArray<float>(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void A_teacher_whose_vocabulary_is_filled_up_says_nothing_of_the_rows_that_are_no_tokens()
    {
        using var scope = TensorScope.Open();
        using var model = new TinyLanguageModel(64, width: 4, seed: 2, bias: true);
        using var teacher = new LocalTeacher(model, [], owns: false, vocabulary: 50);
        using var batch = new Batch(Tensor.From(new long[] { 3, 4 }, 1, 2), Tensor.From(new long[] { 4, 5 }), 2, [new SampleId(1)], positions: Tensor.From(new long[] { 0, 1 }));
        var whole = (DenseLogits)teacher.Answer(batch).Whole();
        Assert.Equal(50, teacher.Offer.Outputs);
        Assert.Equal([2L, 50L], whole.Logits.Shape);
        var all = model.Forward(batch.ToInput());
        Assert.Equal(all.Narrow(1, 0, 50).Reshape(-1).ToArray<float>(), whole.Logits.Reshape(-1).ToArray<float>());
    }

    [Fact]
    public void A_teacher_with_fewer_outputs_than_its_tokenizer_has_tokens_is_refused()
    {
        using var model = new TinyLanguageModel(40, width: 4, seed: 2, bias: false);
        var error = Assert.Throws<DecantException>(() => new LocalTeacher(model, [], owns: false, vocabulary: 50));
        Assert.Contains("40", error.Message, StringComparison.Ordinal);
        Assert.Contains("50", error.Message, StringComparison.Ordinal);
    }

    private static (double Loss, Dictionary<string, float[]> Gradients) InParts(
        TinyLanguageModel student, LocalTeacher teacher, Batch batch, long partElements, params IObjective[] objectives) =>
        Differentiate(student, teacher, batch, objectives, (loss, counting, answer, scope) =>
            loss.Share(counting, student.States(batch.ToInput()), student.Head, answer, batch, scope, partElements));

    private static (double Loss, Dictionary<string, float[]> Gradients) AtOnce(TinyLanguageModel student, LocalTeacher teacher, Batch batch, params IObjective[] objectives) =>
        Differentiate(student, teacher, batch, objectives, (loss, counting, answer, scope) =>
            loss.Share(counting, new StudentOutput(student.Forward(batch.ToInput())), answer.Whole(), batch, scope));

    private static (double Loss, Dictionary<string, float[]> Gradients) Differentiate(
        TinyLanguageModel student, LocalTeacher teacher, Batch batch, IObjective[] objectives, Func<UpdateLoss, NamedObjective[], TeacherSignal, TensorScope, Tensor> share)
    {
        using var scope = TensorScope.Open();
        student.ZeroGrad();
        using var lesson = new TaughtBatch(batch.Written is null ? Copy(batch) : Written(Copy(batch)));
        var named = NamedObjective.From(objectives.Select(o => new WeightedObjective(o, 0.7)));
        var loss = new UpdateLoss(named, [lesson]);
        var sum = share(loss, loss.Of(batch), teacher.Answer(batch), scope);
        sum.Backward();
        return (sum.Detach().Item(), student.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Grad!.ToArray<float>()));
    }

    // The counting looks at a lesson, which disposes of its batch.
    private static Batch Copy(Batch batch) => new(
        batch.Values.Clone(), batch.Labels.Clone(), batch.LabelledCount, batch.Ids, positions: batch.Positions!.Clone());

    // Three texts that the student wrote.
    private static Batch Written(Batch batch)
    {
        var random = new Random(6);
        return new Batch(batch.Values, batch.Labels, 0, batch.Ids, positions: batch.Positions!)
        {
            RowsPerSample = [100, 1, batch.Rows - 101],
            Written = new WrittenTokens(
                TextAuthor.Student, Tensor.From([.. Enumerable.Range(0, batch.Rows).Select(_ => (long)random.Next(FewerTokens))], batch.Rows), Tensor.From([.. Enumerable.Range(0, batch.Rows).Select(_ => -6 - random.NextSingle())], batch.Rows)),
        };
    }

    private static IObjective Create(string kind)
    {
        var entry = Catalog.Standard.Kinds.Kinds(Sections.Objective).Single(k => k.Kind == kind);
        return Catalog.Standard.CreateObjective((Decant.Objectives.ObjectiveOptions)Activator.CreateInstance(entry.Options)!, new ObjectiveContext());
    }

    private static bool ReadsFeatures(KindEntry kind) => Activator.CreateInstance(kind.Options) is Decant.Objectives.ObjectiveOptions { ReadsFeatures: true };

    private static Batch Batch(int rows, int vocabulary, int labelled)
    {
        var random = new Random(5);
        var tokens = Enumerable.Range(0, 2 * rows).Select(_ => (long)random.Next(vocabulary)).ToArray();
        var labels = Enumerable.Range(0, rows).Select(i => i < labelled ? (long)random.Next(vocabulary) : Decant.Data.Batching.Batch.NoLabel).ToArray();
        var positions = Enumerable.Range(0, rows).Select(i => (long)(2 * i)).ToArray();
        return new Batch(Tensor.From(tokens, 2, rows), Tensor.From(labels), labelled, [new SampleId(1), new SampleId(2)], positions: Tensor.From(positions));
    }
}

/// <summary>Tied embeddings and nothing between.</summary>
internal sealed class TinyLanguageModel : ChunkedHeadModel
{
    private readonly Tensor _embedding;
    private readonly Tensor? _bias;

    public TinyLanguageModel(int vocabulary, int width, ulong seed, bool bias)
    {
        using var generator = new Generator(seed);
        _embedding = RegisterParameter("embedding", Tensor.Randn([vocabulary, width], generator));
        _bias = bias ? RegisterParameter("bias", Tensor.Randn([vocabulary], generator)) : null;
    }

    public override string Kind => "tiny";

    public override OutputHead Head => new(_embedding, _bias);

    public override Tensor States(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(At(Functional.Embedding(_embedding, input.Values).Tanh(), input.Positions));
    }

    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;

    public void ZeroGrad()
    {
        foreach (var (_, parameter) in NamedParameters())
            parameter.Grad = null;
    }
}
