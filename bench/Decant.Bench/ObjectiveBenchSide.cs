using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives;
using Decant.Runs;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Bench;

/// <summary>A pair of models that objectives are tried with, each beside soft targets.</summary>
internal sealed class ObjectiveBenchSide : IDisposable
{
    // So small that nothing is learned: every round has the same weights, independent of the objectives before it.
    private const double LearningRate = 1e-9;

    private readonly Catalog _catalog;
    private readonly Workload _pair;
    private readonly BenchInput _input;
    private readonly Model _student;
    private readonly LocalTeacher _teacher;
    private readonly BenchClock _clock;

    public ObjectiveBenchSide(Catalog catalog, Workload pair, BenchClock? clock = null)
    {
        (_catalog, _pair, _input, _clock) = (catalog, pair, new BenchInput(pair), clock ?? BenchClock.Machine);
        using var generator = new Generator(pair.Seed);
        _student = pair.Student.Build(generator);
        _teacher = new LocalTeacher(pair.Teacher.Build(generator), pair.Teacher.ClassNames, _input.Tokenizer?.Hash);
    }

    /// <summary>The time of an update, and what the processors worked for it, in seconds.</summary>
    /// <param name="choices">The objectives.</param>
    /// <param name="steps">How many updates are timed, after one that is not.</param>
    /// <exception cref="DecantException">They do not run with these models.</exception>
    public (double Wall, double Processor) Time(IReadOnlyList<ObjectiveOptions> choices, int steps)
    {
        using var objectives = new Objectives(_catalog, choices, Context());
        _student.RequireGrad(true);
        using var optimizer = Optimizer(objectives.All);
        var clock = new Clock(_clock);
        using var loop = new TrainLoop(Plan(objectives.All, optimizer, steps + 1), clock);
        loop.Run();
        return (clock.Wall / steps, clock.Processor / steps);
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _student.Dispose();
    }

    private ObjectiveContext Context() => new(() => Tried(batch => FeatureMap.Of("The student", _student, batch)), () => Tried(_teacher.Features))
    {
        ClassCounts = [.. Enumerable.Range(0, _pair.Student.Classes).Select(c => (long)Enumerable.Range(0, _input.Dataset.Count).Count(i => _input.Dataset.LabelOf(i) == c))],
        Samples = _input.Dataset.Count,
    };

    /// <summary>Of two samples, as a run does: all values of a whole batch would be the most memory that anything here takes.</summary>
    private FeatureMap Tried(Func<Batch, FeatureMap> look)
    {
        using var batch = new BenchInput(_pair with { Samples = 2, Batch = 2 }).Batches(augment: false).Enumerate(0).First();
        return look(batch);
    }

    private Optimizer Optimizer(IReadOnlyList<WeightedObjective> objectives)
    {
        var trained = objectives.Select(o => o.Objective).OfType<ITrainedObjective>().SelectMany(o => o.Trained.NamedParameters());
        var groups = Decant.Training.Optimizers.Optimizer.GroupByDecay(_student.NamedParameters().Concat(trained), _pair.Optimizer.WeightDecay);
        return _pair.Optimizer is Sgd sgd ? new SgdOptimizer(groups, sgd) : new AdamOptimizer(groups, (AdamFamilyOptions)_pair.Optimizer);
    }

    private TrainingPlan Plan(IReadOnlyList<WeightedObjective> objectives, Optimizer optimizer, int steps) => new()
    {
        Student = _student,
        Teacher = _teacher,
        Objectives = objectives,
        Batches = _input.Batches(augment: false),
        Optimizer = optimizer,
        Schedule = new ConstantSchedule(steps, new ConstantRate()),
        LearningRate = LearningRate,
        Epochs = 1 + (steps / _pair.BatchesPerEpoch),
        Steps = steps,
    };

    /// <summary>Objectives, and the release of those that hold something.</summary>
    private sealed class Objectives : IDisposable
    {
        private readonly Generator _generator = new(1);
        private readonly List<WeightedObjective> _all = [];

        public Objectives(Catalog catalog, IReadOnlyList<ObjectiveOptions> choices, ObjectiveContext context)
        {
            try
            {
                foreach (var choice in choices)
                    _all.Add(new WeightedObjective(catalog.CreateObjective(choice, context with { Generator = _generator }), 1));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<WeightedObjective> All => _all;

        public void Dispose()
        {
            foreach (var objective in _all.Select(o => o.Objective).OfType<IDisposable>())
                objective.Dispose();
            _generator.Dispose();
        }
    }

    /// <summary>From the end of the first update to that of the last.</summary>
    private sealed class Clock(BenchClock clock) : ITrainingObserver
    {
        private (TimeSpan Wall, TimeSpan Processor)? _first;

        public double Wall { get; private set; }

        public double Processor { get; private set; }

        public void OnStep(StepReport report)
        {
            _ = report.Loss; // waits for a device that works ahead
            var now = (Wall: clock.Wall(), Processor: clock.Processor());
            _first ??= now;
            (Wall, Processor) = ((now.Wall - _first.Value.Wall).TotalSeconds, (now.Processor - _first.Value.Processor).TotalSeconds);
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }
}
