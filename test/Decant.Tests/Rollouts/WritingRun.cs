using Decant.Data;
using Decant.Data.Batching;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Rollouts;

/// <summary>Two small Llamas with dropout in the student's training, prompts of unlike lengths, and a loop in which texts are written.</summary>
internal sealed class WritingRun : IDisposable
{
    public const int Vocabulary = 20, End = 19, MaxTokens = 14;

    private readonly Model _teacher = Llama(seed: 2, layers: 2);
    private readonly LocalTeacher _local;
    private readonly AdamOptimizer _optimizer;

    public WritingRun(RolloutOptions options, OnPolicy objective, bool keepsScores = true, Action<long>? atStep = null, int epochs = 5, ITeacher? teacher = null)
    {
        Student = Llama(seed: 1, layers: 1);
        _local = new LocalTeacher(_teacher, [], owns: false);
        _optimizer = new AdamOptimizer(Optimizer.GroupByDecay(Student.NamedParameters(), 0.01), new AdamW { LearningRate = 0.01 });
        Observer = new Noting(atStep);
        var on = new OnPolicyObjective(objective);
        Rollouts = new StudentRollouts(options, Models(keepsScores && on.ReadsScoresAlone));
        Loop = new TrainLoop(new TrainingPlan
        {
            Student = Student,
            Teacher = teacher ?? _local,
            Objectives = [new(on, 1)],
            Batches = new PromptBatches(),
            Optimizer = _optimizer,
            Schedule = new ConstantSchedule(10, new ConstantRate()),
            LearningRate = 0.01,
            Epochs = epochs,
            Accumulate = 2,
            ClipNorm = 1,
            Rollouts = Rollouts,
        }, Observer);
    }

    public Model Student { get; }

    public Model Teacher => _teacher;

    public StudentRollouts Rollouts { get; }

    public TrainLoop Loop { get; }

    public Noting Observer { get; }

    public float[] Weights => [.. Student.StateDict().OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.ToArray<float>())];

    public RolloutModels Models(bool scoresSuffice = false) => new()
    {
        Student = Student,
        Teacher = (ICausalModel)_teacher,
        MaxTokens = MaxTokens,
        Stops = [End],
        Vocabulary = Vocabulary,
        Seed = 5,
        ScoresSuffice = scoresSuffice,
    };

    public TrainingResult Run(TrainingSnapshot? from = null, CancellationToken cancellationToken = default)
    {
        using var generator = Generator.Default();
        generator.Seed(11);
        return Loop.Run(from, cancellationToken);
    }

    public static Model Llama(ulong seed, int layers)
    {
        using var generator = Generator.Default();
        generator.Seed(seed);
        var model = ModelFamilies.All.Single(f => f.Kind == "llama").Create(
            new LlamaOptions { Layers = layers, Hidden = 16, Heads = 2, Intermediate = 24 }, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = Vocabulary, MaxTokens = MaxTokens + 6 });
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, parameter) in model.NamedParameters().Where(p => p.Value.Shape.Length == 2))
            parameter.CopyInPlace(parameter * 12); // distributions that are far from even
        return model;
    }

    /// <summary>Three prompts with completions of the data: rows ask about the completions.</summary>
    public static Batch Prompts(int which = 0)
    {
        int[][] texts = [[3, 1, 4, 1, 5], [9, 2, 6, 5], [(which % 7) + 1, 8, 9, 7, 9, 3, 2]];
        int[] given = [2, 1, 4];
        var rows = new TokenRows([new(1), new(2), new(3)], texts.Max(t => t.Length), 0, Vocabulary);
        for (var i = 0; i < texts.Length; i++)
        {
            rows.Put(i, texts[i]);
            for (var t = given[i]; t <= texts[i].Length; t++)
                rows.Ask(i, t - 1, t < texts[i].Length ? texts[i][t] : End);
        }

        return rows.ToBatch();
    }

    public void Dispose()
    {
        Loop.Dispose();
        _optimizer.Dispose();
        _local.Dispose();
        _teacher.Dispose();
        Student.Dispose();
    }

    internal sealed class Noting(Action<long>? atStep) : ITrainingObserver
    {
        public List<(double Loss, IReadOnlyDictionary<string, double> Written)> Steps { get; } = [];

        public void OnStep(StepReport report)
        {
            Steps.Add((report.Loss, report.Written));
            atStep?.Invoke(report.Step);
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }

    private sealed class PromptBatches : IBatchSource
    {
        public int BatchesPerEpoch => 4;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            for (var i = firstBatch; i < BatchesPerEpoch; i++)
                yield return Prompts((epoch * 4) + i);
        }
    }
}
