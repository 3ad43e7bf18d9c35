using Decant.Signals;
using Decant.Training.Schedules;

namespace Decant.Training;

/// <summary>Finds by measurement how a student and its teacher share the cores best: in turn on few threads or many, or at the same time.</summary>
/// <remarks>
/// It trains for real, so it is given a plan over models that are not needed afterwards. Waking a second thread costs small networks more than it brings, and a
/// BLAS does not scale like a convolution: no rule of thumb holds for all.
/// </remarks>
internal static class ThreadAutotuner
{
    private const int WarmUpSteps = 2;
    private const int Rounds = 2;
    private const double Doubt = 0.05;

    /// <summary>The ways to share that come into question.</summary>
    /// <param name="cores">How many threads there may be in all.</param>
    /// <param name="withTeacher">Whether a teacher answers while the student learns.</param>
    public static IReadOnlyList<ThreadAllocation> Candidates(int cores, bool withTeacher)
    {
        var candidates = new List<ThreadAllocation> { new(cores) };
        if (cores > 1)
            candidates.AddRange([new(1), new(1, Products: cores)]);
        if (cores > 1 && withTeacher)
            candidates.AddRange([new(cores / 2, cores - (cores / 2)), new(cores - 1, 1), new(1, cores - 1)]);
        return [.. candidates.Distinct()];
    }

    /// <summary>The fastest of some ways to share.</summary>
    /// <param name="plan">Over models that may be changed.</param>
    /// <param name="candidates">One or more.</param>
    /// <param name="seconds">How long each may take in a round; some steps are made however long they take.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>With the seconds per step of each.</returns>
    public static (ThreadAllocation Best, IReadOnlyDictionary<ThreadAllocation, double> Seconds) Choose(
        TrainingPlan plan, IReadOnlyList<ThreadAllocation> candidates, double seconds = 0.5, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(candidates);
        var best = candidates.ToDictionary(c => c, _ => double.PositiveInfinity);
        // In turn, and the best of the rounds: what disturbs the machine for a moment decides nothing.
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var candidate in candidates)
            {
                cancellationToken.ThrowIfCancellationRequested();
                best[candidate] = Math.Min(best[candidate], SecondsPerStep(plan with { Cores = candidate }, seconds, clock ?? TimeProvider.System, cancellationToken));
            }
        }

        // The first answers ahead are there before the clock starts, so an overlap looks a little faster than it will be.
        return (candidates.MinBy(c => best[c] * (c.IsOverlapped ? 1 + Doubt : 1))!, best);
    }

    private static double SecondsPerStep(TrainingPlan plan, double seconds, TimeProvider time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clock = new Clock(seconds, time, enough);
        // A rate that teaches nothing; no validation, and so no schedule that waits for one.
        var schedule = new ConstantSchedule(plan.Updates, new ConstantRate());
        using var loop = new TrainLoop(plan with { LearningRate = 1e-9, Schedule = schedule, Validate = null, Patience = null, Steps = null, Masks = null }, clock);
        loop.Run(cancellationToken: enough.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return clock.SecondsPerStep;
    }

    /// <summary>Stops the training when it has lasted, and takes the mean after the first steps.</summary>
    private sealed class Clock(double seconds, TimeProvider time, CancellationTokenSource enough) : ITrainingObserver
    {
        private readonly int _fewest = 4 * WarmUpSteps;
        private long _start;
        private int _steps;

        public double SecondsPerStep { get; private set; } = double.PositiveInfinity;

        public void OnStep(StepReport report)
        {
            if (++_steps <= WarmUpSteps)
            {
                _start = time.GetTimestamp();
                return;
            }

            var lasted = time.GetElapsedTime(_start).TotalSeconds;
            SecondsPerStep = lasted / (_steps - WarmUpSteps);
            if (lasted > seconds && (_steps >= _fewest || lasted > 8 * seconds))
                enough.Cancel();
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }
}
