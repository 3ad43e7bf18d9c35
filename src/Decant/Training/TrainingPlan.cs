using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Training;

/// <summary>Everything that one training needs.</summary>
internal sealed record TrainingPlan
{
    /// <summary>The model that is trained, in place.</summary>
    public required Model Student { get; init; }

    /// <summary>Parts of the student that nothing changes: they stay in evaluation mode, so that their dropout is off and their batch norm does not move; none.</summary>
    public IReadOnlyList<Module> FrozenModules { get; init; } = [];

    /// <summary>The teacher of objectives that need one; null when none does.</summary>
    public ITeacher? Teacher { get; init; }

    /// <summary>
    /// How teacher and student share the cores; null: they work in turn, on as many threads as <see cref="Decant.Torch.Runtime.Threads"/> says. The weights are
    /// the same, bit for bit, whether a teacher answers ahead or in turn on as many threads.
    /// </summary>
    public ThreadAllocation? Cores { get; init; }

    /// <summary>What the student learns from, at least one.</summary>
    public required IReadOnlyList<WeightedObjective> Objectives { get; init; }

    /// <summary>The batches of every epoch.</summary>
    public required IBatchSource Batches { get; init; }

    /// <summary>Over the student's parameters.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>
    /// The factor of the learning rate, over all updates of the training. One that was made without a length gets it from this plan (<see cref="Updates"/>); one that was made
    /// with another length is refused.
    /// </summary>
    public required Schedule Schedule { get; init; }

    /// <summary>The highest learning rate; default: that of the optimizer's options.</summary>
    public double? LearningRate { get; init; }

    /// <summary>How often every sample is seen.</summary>
    public required int Epochs { get; init; }

    /// <summary>Updates after which the last epoch ends early, validation included; null: it is gone through.</summary>
    public long? Steps { get; init; }

    /// <summary>
    /// What the student's forward pass computes matrix products and convolutions in: float32, or bfloat16 with weights, gradients, the optimizer's state, objectives and
    /// losses in float32 as ever. The teacher answers, and validation measures, in float32.
    /// </summary>
    public DType Precision { get; init; } = DType.Float32;

    /// <summary>Whether the layers of encoders and decoders are computed a second time in the backward pass, instead of kept in memory; the gradients are the same. False.</summary>
    public bool RecomputesLayers { get; init; }

    /// <summary>How many updates the training has: the epochs' batches, so many to an update, and at most <see cref="Steps"/>.</summary>
    public long Updates => Math.Min(Steps ?? long.MaxValue, Epochs * TrainLoop.StepsPerEpoch(Batches, Math.Max(1, Accumulate)));

    /// <summary>The highest learning rate: the plan's, or else the optimizer's; not a number where neither says it.</summary>
    internal double PeakLearningRate => LearningRate ?? Optimizer.LearningRate ?? double.NaN;

    /// <summary>How many batches make one update; 1.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Whether a recurrent student keeps its state from a batch to the one that continues it; false.</summary>
    public bool CarriesState { get; init; }

    /// <summary>The Euclidean norm that all gradients together are scaled down to; null: no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// Updates between two checks whether the loss is finite; null: 1 on the CPU, 16 on other devices, which would have to be waited for. A loss that is not
    /// ends the training at the look after it.
    /// </summary>
    public int? ReadEvery { get; init; }

    /// <summary>λ of λ·Σ|θ| over matrices and filters; 0.</summary>
    public double L1 { get; init; }

    /// <summary>What keeps some weights at 0; null: nothing. It stays the plan's owner's. Until it is complete, no weights are the best, and patience does not count.</summary>
    public IWeightMasks? Masks { get; init; }

    /// <summary>Texts that models write while the student learns, in the place of batches; null: it learns from the data as it is. It stays the plan's owner's.</summary>
    public IRollouts? Rollouts { get; init; }

    /// <summary>The teacher's weights, where they follow the student's; null: they stay. They stay the plan's owner's.</summary>
    public FollowingWeights? Following { get; init; }

    /// <summary>Called behind every update, with the updates made and all updates of the training; null: nothing is.</summary>
    public Action<long, long>? AfterUpdate { get; init; }

    /// <summary>Scores the student, in evaluation mode, as often as <see cref="ValidateEvery"/> says; null: the weights of the last step are kept.</summary>
    public Func<CancellationToken, IReadOnlyDictionary<string, double>>? Validate { get; init; }

    /// <summary>Updates from one validation to the next, counted over all epochs, and one at the end of the training; null: one after every epoch.</summary>
    public long? ValidateEvery { get; init; }

    /// <summary>The score by which the best weights are chosen.</summary>
    public Selection BestBy { get; init; } = new("accuracy");

    /// <summary>How many validations in a row without a better score end the training; null: never.</summary>
    public int? Patience { get; init; }
}

/// <summary>The validation score that chooses the best weights.</summary>
/// <param name="Metric">Its name among the scores.</param>
/// <param name="LowerIsBetter">True for losses.</param>
internal sealed record Selection(string Metric, bool LowerIsBetter = false)
{
    /// <summary>The score with its sign turned so that higher is better.</summary>
    public double Read(IReadOnlyDictionary<string, double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!scores.TryGetValue(Metric, out var value))
            throw new DecantException($"The best weights are chosen by '{Metric}', which validation does not give; it gives {string.Join(", ", scores.Keys)}.");
        return LowerIsBetter ? -value : value;
    }
}
