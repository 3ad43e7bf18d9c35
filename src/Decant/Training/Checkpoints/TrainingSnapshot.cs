using Decant.Torch;

namespace Decant.Training.Checkpoints;

/// <summary>Everything that decides the rest of a training: written to a checkpoint, and given back to go on as if nothing had happened.</summary>
/// <param name="Tensors">Weights (<c>model.</c>), optimizer (<c>optimizer.</c>), best weights (<c>best.</c>) the objectives' state (<c>objective.</c>) and weights (<c>trained.</c>), and what recurrent
/// models remember of the batches before (<c>carried.</c>), which weights are pruned (<c>mask.</c>), and a teacher that is an average of its student (<c>following.</c>) by name.</param>
/// <param name="Position">The rest.</param>
internal sealed record TrainingSnapshot(IReadOnlyDictionary<string, Tensor> Tensors, TrainingPosition Position) : IDisposable
{
    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}

/// <summary>The position of a training.</summary>
internal sealed record TrainingPosition
{
    /// <summary>The current epoch, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches of it that are done.</summary>
    public int Batch { get; init; }

    /// <summary>Updates made, those included that were left out for want of anything to count.</summary>
    public long Step { get; init; }

    /// <summary>The update of the best weights.</summary>
    public long BestStep { get; init; }

    /// <summary>The best score, higher is better; null before the first validation.</summary>
    public double? BestScore { get; init; }

    /// <summary>The scores of the best weights.</summary>
    public IReadOnlyDictionary<string, double>? BestScores { get; init; }

    /// <summary>The update of the last validation; 0 before the first.</summary>
    public long Validated { get; init; }

    /// <summary>Validations since the best.</summary>
    public int Waited { get; init; }

    /// <summary>The kind of the optimizer that the state belongs to, such as <c>Sgd</c>.</summary>
    public string OptimizerKind { get; init; } = "";

    /// <summary>The kind of the schedule that the state belongs to.</summary>
    public string ScheduleKind { get; init; } = "";

    /// <summary>The schedule's state.</summary>
    public double[] Schedule { get; init; } = [];

    /// <summary>The state of libtorch's generator on the CPU, which dropout draws from.</summary>
    public byte[] Generator { get; init; } = [];

    /// <summary>The student's device, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "";

    /// <summary>The state of that device's generator; empty on the CPU.</summary>
    public byte[] DeviceGenerator { get; init; } = [];

    /// <summary>Seconds of training so far.</summary>
    public double Seconds { get; init; }
}
