using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>How much each of several teachers counts.</summary>
internal abstract class MemberWeights
{
    /// <summary>Whether the weights of a sample depend on its label where that is known; default: false.</summary>
    public virtual bool UsesLabels => false;

    /// <summary>The weights, at least 0; those of a row sum to 1.</summary>
    /// <param name="log">The members' log-probabilities at temperature 1 [K, R, C], float32.</param>
    /// <param name="labels">[R] int64, <see cref="Decant.Data.Batching.Batch.NoLabel"/> where there is none; null: there are none.</param>
    /// <returns>[K, R], or [K, 1] where they are the same for every row.</returns>
    public abstract Tensor Of(Tensor log, Tensor? labels);
}

/// <summary>The same weights for every sample.</summary>
internal sealed class FixedWeights : MemberWeights
{
    private readonly float[] _weights;

    /// <summary>Weights in the order of the members.</summary>
    /// <param name="weights">Each finite and at least 0, one of them above 0; they are divided by their sum.</param>
    public FixedWeights(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = weights.Sum();
        if (weights.Any(w => !(w >= 0)) || !(sum > 0) || !double.IsFinite(sum))
            throw new DecantException($"The weights of an ensemble are {string.Join(", ", weights)}: each must be at least 0, and one above 0.");
        _weights = [.. weights.Select(w => (float)(w / sum))];
    }

    /// <summary>Those of some of the members, divided by their sum.</summary>
    /// <param name="members">Which, by their places.</param>
    public FixedWeights Of(IReadOnlyList<int> members) => new([.. members.Select(m => (double)_weights[m])]);

    /// <summary>The mean of a number of members.</summary>
    public static FixedWeights Equal(int members) => new([.. Enumerable.Repeat(1.0, members)]);

    /// <inheritdoc/>
    public override Tensor Of(Tensor log, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Tensor.From(_weights, _weights.Length, 1).To(log.Device);
    }
}
