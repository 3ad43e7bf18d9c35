using System.Diagnostics;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Runs.Planning;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Bench;

/// <summary>Our side of a workload: the training loop with everything that a run has around it.</summary>
internal sealed class BenchSide : IDisposable
{
    private static readonly int[] s_sizes = [512, 1024, 1536];

    private readonly Workload _workload;
    private readonly string _folder;
    private readonly BenchInput _input;
    private readonly Model _student;
    private readonly LocalTeacher _teacher;
    private readonly ThreadAllocation _liveCores;
    private readonly ThreadAllocation _runCores;
    private Optimizer _optimizer;

    /// <summary>A side with the weights of a folder.</summary>
    /// <param name="workload">What is measured.</param>
    /// <param name="folder">As <see cref="BenchFolder"/> wrote it.</param>
    public BenchSide(Workload workload, string folder)
    {
        (_workload, _folder, _input) = (workload, folder, new BenchInput(workload));
        _student = BenchFolder.Load(folder, "student", workload);
        _teacher = new LocalTeacher(BenchFolder.Load(folder, "teacher", workload), workload.Teacher.ClassNames, _input.Tokenizer?.Hash);
        _optimizer = NewOptimizer();
        _liveCores = Share(_teacher);
        if (!workload.Remembers)
        {
            _runCores = _liveCores;
            return;
        }

        using var remembered = Remembering(_teacher);
        _runCores = Share(remembered);
    }

    /// <summary>How teacher and student share the cores, in a live training and in a whole run, as a run measures it at its start.</summary>
    public (ThreadAllocation Live, ThreadAllocation Run) Cores => (_liveCores, _runCores);

    /// <summary>The losses of the first updates, nothing augmented; the weights are put back.</summary>
    public double[] Check(int steps)
    {
        Reset();
        var losses = new LossObserver();
        Train(_teacher, _liveCores, augment: false, steps, losses, isGreedy: true);
        Reset();
        return [.. losses.All];
    }

    /// <summary>A training from the start to the end of all epochs, as <c>distill</c> runs it.</summary>
    public BenchRound Run()
    {
        Reset();
        return Timed(losses =>
        {
            var teacher = Remembering(_teacher);
            Train(teacher, _runCores, _workload.Augment, steps: null, losses);
            if (teacher != _teacher)
                teacher.Dispose();
        });
    }

    /// <summary>Updates with the teacher asked at every one, from the first batch on, with the weights and the optimizer as they are.</summary>
    public BenchRound Live(int steps) => Timed(losses => Train(_teacher, _liveCores, _workload.Augment, steps, losses));

    /// <summary>A long live training with an observer.</summary>
    public void Live(int steps, ITrainingObserver observer, CancellationToken cancellationToken) =>
        Train(_teacher, _liveCores, _workload.Augment, steps, observer, cancellationToken: cancellationToken);

    /// <summary>The largest rate of a float32 matrix product here and now, in GFLOP/s, of a few sizes.</summary>
    public static double Peak() => s_sizes.Max(size => Diagnostics.MeasureGflops(size, runs: size > 1024 ? 7 : 15));

    public void Dispose()
    {
        _optimizer.Dispose();
        _teacher.Dispose();
        _student.Dispose();
    }

    /// <summary>The teacher of a whole run: where epochs show the same samples, or views of them, it answers each of them once.</summary>
    private ITeacher Remembering(LocalTeacher teacher) => !_workload.Remembers
        ? teacher
        : TeacherProvider.Ask(teacher, _workload.Kept, _input.All, (long)_workload.Samples * (_workload.Views ?? 1) * Math.Max(1, _workload.Sequence));

    private ThreadAllocation Share(ITeacher teacher) =>
        ThreadAutotuner.Choose(Plan(teacher, null, _workload.Augment, steps: 1000), ThreadAutotuner.Candidates(Runtime.Threads, (teacher == _teacher && _workload.Written is null) || _workload.Kept == CachedOutputs.States)).Best;

    private void Reset()
    {
        BenchFolder.PutWeights(_folder, "student", _student);
        _optimizer.Dispose();
        _optimizer = NewOptimizer();
    }

    private void Train(ITeacher teacher, ThreadAllocation cores, bool augment, int? steps, ITrainingObserver observer, bool isGreedy = false, CancellationToken cancellationToken = default)
    {
        using var loop = new TrainLoop(Plan(teacher, cores, augment, steps ?? _workload.Epochs * _workload.BatchesPerEpoch, isGreedy), observer);
        loop.Run(cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private TrainingPlan Plan(ITeacher teacher, ThreadAllocation? cores, bool augment, int steps, bool isGreedy = false) => new()
    {
        Student = _student,
        Teacher = teacher,
        Cores = cores,
        Rollouts = Rollouts(isGreedy),
        Objectives = _workload.Written is not null ? [new(new OnPolicyObjective(), 1)] :
        [
            new(new SoftTargetsObjective(new SoftTargets { Temperature = Workload.Temperature }), Workload.SoftWeight),
            new(new LabelsObjective(), 1 - Workload.SoftWeight),
        ],
        Batches = _input.Batches(augment, ofViews: teacher != _teacher),
        Optimizer = _optimizer,
        Schedule = new ConstantSchedule(steps, new ConstantRate()),
        LearningRate = _workload.Optimizer.LearningRate,
        Epochs = (steps + _workload.BatchesPerEpoch - 1) / _workload.BatchesPerEpoch,
        Steps = steps,
    };

    /// <summary>The texts that the student writes; for a comparison of losses the most probable tokens, as draws would be others on the other side.</summary>
    private StudentRollouts? Rollouts(bool isGreedy) => _workload.Written is not { } written ? null : new StudentRollouts(
        new RolloutOptions { PromptTokens = written.Prompt, MaxNewTokens = written.NewTokens, SamplingTemperature = isGreedy ? 0 : 1 },
        new RolloutModels { Student = _student, MaxTokens = _workload.Sequence, Stops = [.. Enumerable.Range(0, written.Ends)], Vocabulary = _student.Classes, Seed = _workload.Seed });

    private static BenchRound Timed(Action<LossObserver> train)
    {
        var losses = new LossObserver();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        train(losses);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new BenchRound(seconds, losses.Last, GC.GetTotalAllocatedBytes(precise: true) - allocated, Tensor.LiveCount);
    }

    private Optimizer NewOptimizer()
    {
        var options = _workload.Optimizer;
        var groups = Optimizer.GroupByDecay(_student.NamedParameters(), options.WeightDecay, options.DecayAll);
        return options is Sgd sgd ? new SgdOptimizer(groups, sgd) : new AdamOptimizer(groups, (AdamFamilyOptions)options);
    }

    private sealed class LossObserver : ITrainingObserver
    {
        private readonly List<double> _losses = [];

        public IReadOnlyList<double> All => _losses;

        public double Last => _losses.Count == 0 ? double.NaN : _losses[^1];

        public void OnStep(StepReport report) => _losses.Add(report.Loss);

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }
}

/// <summary>What a timed round came to.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Loss">Of its last update.</param>
/// <param name="ManagedBytes">Allocated on the managed heap.</param>
/// <param name="LiveTensors">How many tensors there were after it.</param>
internal sealed record BenchRound(double Seconds, double Loss, long ManagedBytes, long LiveTensors);
