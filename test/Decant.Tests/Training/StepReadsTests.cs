using Decant.Bench;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Objectives.Ranking;
using Decant.Objectives.Relations;
using Decant.Runs;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Tests.Bench;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>
/// What an update reads out of tensors. Each reading makes a GPU wait, so there is one: that of the loss, with the norm of the gradients, where it is asked for. Counted
/// on the CPU, for every objective of the catalog with models that it is for.
/// </summary>
public sealed class StepReadsTests
{
    private const int Updates = 4;

    /// <summary>Options without which a kind does not run with the models here.</summary>
    private static readonly Dictionary<string, string> s_options = new(StringComparer.Ordinal)
    {
        ["logit-standardization"] = "{ kind: logit-standardization, objective: { kind: soft-targets } }",
        ["contrastive-representation"] = "{ kind: contrastive-representation, negatives: 5, dimensions: 4 }",
    };

    public static TheoryData<string> Kinds => [.. Catalog.Standard.Kinds.Kinds(Sections.Objective).Select(k => k.Kind)];

    public static TheoryData<string> Workloads => [.. TinyWorkloads.All.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_update_with_any_objective_of_the_catalog_reads_its_loss_once_and_nothing_else(string kind)
    {
        var ran = kind switch
        {
            "target-mse" => Numbers(),
            "binary-cross-entropy" or "binary-soft-targets" => LabelSets(),
            "pair-similarity" => Pairs(),
            "ranking-labels" or "margin-mse" or "listwise-kl" or "pairwise-ranking" => Rankings(),
            _ => TinyPairs().Count(pair => Run(pair, s_options.GetValueOrDefault(kind, kind))),
        };
        Assert.True(ran > 0, $"'{kind}' runs with none of the models here: give it options, or models of its own, so that what it reads is counted.");
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void An_update_of_any_family_reads_its_loss_once_and_nothing_else(string name) => Assert.True(Run(TinyWorkloads.Find(name), "labels"));

    [Theory]
    [InlineData("{ kind: labels, loss: focal }")]
    [InlineData("{ kind: labels, loss: balanced-softmax }")]
    [InlineData("{ kind: labels, class-weights: [1, 2, 3, 1, 2, 3] }")]
    [InlineData("{ kind: soft-targets, temperature: { kind: entropy, confident: 4, uncertain: 1 } }")]
    [InlineData("{ kind: soft-targets, temperature: { kind: learned } }")]
    [InlineData("{ kind: soft-targets, sample-weighting: { kind: confidence, confident: 1, uncertain: 0.5 } }")]
    [InlineData("{ kind: hidden-states, tokens: first }")]
    [InlineData("{ kind: hidden-states, layers: learned }")]
    public void Nor_do_its_other_forms(string written) => Assert.True(Run(TinyPairs().First(), written));

    private static IEnumerable<Workload> TinyPairs() => ObjectivePairs.All.Select(TinyWorkloads.Small);

    /// <summary>Trains with an objective beside soft targets.</summary>
    /// <returns>Whether the objective is one for these models.</returns>
    private static bool Run(Workload pair, string written)
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        var input = new BenchInput(pair);
        using var student = pair.Student.Build(generator);
        using var teacher = new LocalTeacher(pair.Teacher.Build(generator), pair.Teacher.ClassNames, input.Tokenizer?.Hash);
        using var example = input.Batches(augment: false).Enumerate(0).First();
        var context = new ObjectiveContext(() => FeatureMap.Of("The student", student, example), () => teacher.Features(example))
        {
            Generator = generator,
            Samples = input.Dataset.Count,
            ClassCounts = [.. Enumerable.Range(0, student.Classes).Select(_ => 3L)],
        };
        IObjective objective;
        try
        {
            objective = Catalog.Standard.CreateObjective(new ObjectiveChoices(Catalog.Standard).Read(written), context);
        }
        catch (DecantException)
        {
            return false;
        }

        using var owned = objective as IDisposable;
        Check(student, teacher, [new SoftTargetsObjective(), objective], input.Batches(augment: false));
        return true;
    }

    private static int Numbers()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyModel();
        Check(student, null, [new TargetMseObjective()], new Made(i => new Batch(
            Tensor.From([i, 1f, 2f, 3f, 4f, 5f], 2, 3), Tensor.From([1f, 2, 3, float.NaN, float.NaN, float.NaN], 2, 3), 1, [new SampleId((ulong)i), new SampleId((ulong)i + 9)])));
        return 1;
    }

    private static int LabelSets()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyModel();
        using var teacher = new LocalTeacher(new TinyModel(2), []);
        Check(student, teacher, [new BinarySoftTargetsObjective(), new BinaryCrossEntropyObjective(new() { PositiveWeights = [1, 2, 3] })], new Made(i => new Batch(
            Tensor.From([i, 1f, 2f, 3f, 4f, 5f], 2, 3), Tensor.From([1f, 0, 1, float.NaN, float.NaN, float.NaN], 2, 3), 1, [new SampleId((ulong)i), new SampleId((ulong)i + 9)])));
        return 1;
    }

    private static int Pairs()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyModel();
        Check(student, null, [new PairSimilarityObjective()], new Made(i => new Batch(
            Tensor.From([i, 1f, 2f, 3f, 4f, 5f, 1f, 0f, 1f, 2f, 2f, 1f], 4, 3), Tensor.From([1f, 1, float.NaN, float.NaN], 4, 1), 2, [new SampleId((ulong)i), new SampleId((ulong)i + 9)])
        {
            RowsPerSample = [2, 2],
        }));
        return 1;
    }

    private static int Rankings()
    {
        using var scope = TensorScope.Open();
        using var student = new TinyModel();
        using var teacher = new LocalTeacher(new TinyModel(2), []);
        Check(student, teacher, [new RankingLabelsObjective(), new MarginMseObjective(), new ListwiseKlObjective(), new PairwiseRankingObjective()], new Made(i => new Batch(
            Tensor.From([i, 1f, 2f, 3f, 4f, 5f, 1f, 0f, 1f, 2f, 2f, 1f, 0f, 1f, 3f, 1f, 5f, 2f], 6, 3), Tensor.From([float.NaN, 1, 0, float.NaN, float.NaN, float.NaN], 6, 1), 2, [new SampleId((ulong)i), new SampleId((ulong)i + 9)])
        {
            RowsPerSample = [3, 3],
            Ranking = RankingForm.Vectors,
        }));
        return 1;
    }

    /// <summary>Where every loss is watched an update reads once, loss and norm together; where none is, it reads nothing; where it is logged, once.</summary>
    private static void Check(Model student, ITeacher? teacher, IObjective[] objectives, IBatchSource batches)
    {
        Assert.Equal([1, 1, 1, 1], Reads(student, teacher, objectives, batches, readEvery: 1, logs: true));
        Assert.Equal([0, 0, 0, 0], Reads(student, teacher, objectives, batches, readEvery: 100, logs: false));
        Assert.Equal([1, 1, 1, 1], Reads(student, teacher, objectives, batches, readEvery: 100, logs: true));
    }

    private static List<int> Reads(Model student, ITeacher? teacher, IObjective[] objectives, IBatchSource batches, int readEvery, bool logs)
    {
        student.RequireGrad(true);
        var trained = objectives.OfType<ITrainedObjective>().SelectMany(o => o.Trained.NamedParameters());
        using var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(student.NamedParameters().Concat(trained), 0), new Sgd { LearningRate = 1e-4 });
        var (perUpdate, before) = (new List<int>(), 0);
        TensorReads? reads = null;
        var recorder = new Recorder
        {
            AtStep = report =>
            {
                if (logs)
                    Assert.True(double.IsFinite(report.Loss) && report.Parts.Count > 0);
                perUpdate.Add(reads!.Reads - before);
                before = reads.Reads;
                Assert.Equal(0, reads.Transfers);
                Assert.Empty(reads.OperatorsOfUnknownSize);
            },
        };
        using var loop = new TrainLoop(
            new TrainingPlan
            {
                Student = student,
                Teacher = teacher,
                Objectives = [.. objectives.Select(o => new WeightedObjective(o, 1))],
                Batches = batches,
                Optimizer = optimizer,
                Schedule = new ConstantSchedule(Updates, new ConstantRate()),
                LearningRate = 1e-4,
                Epochs = Updates,
                Steps = Updates,
                ClipNorm = 0.5,
                ReadEvery = readEvery,
            },
            recorder);
        using (reads = TensorReads.Count())
            loop.Run();
        return perUpdate;
    }

    private sealed class Made(Func<int, Batch> make) : IBatchSource
    {
        public int BatchesPerEpoch => Updates;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) => Enumerable.Range(firstBatch, Updates - firstBatch).Select(make);
    }
}
