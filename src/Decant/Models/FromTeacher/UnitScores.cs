namespace Decant.Models.FromTeacher;

/// <summary>How important the units of a teacher are: higher ones are kept, of equal ones the first. What is null is taken from the front.</summary>
/// <remarks>L layers, A heads of queries, KV heads of keys and values, I feed-forward units, H hidden dimensions; all numbers are finite.</remarks>
public sealed record UnitScores
{
    /// <summary>[L]: the layers, for <see cref="LayerChoice.Importance"/>.</summary>
    public IReadOnlyList<double>? Layers { get; init; }

    /// <summary>[L][A]: the heads of every layer, each layer on its own.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Heads { get; init; }

    /// <summary>[L][KV]: what the keys and values that several heads share add to the sum of those heads; null: nothing.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? KeyValueHeads { get; init; }

    /// <summary>[L][I]: the feed-forward units of every layer, each layer on its own.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Intermediate { get; init; }

    /// <summary>[H]: the dimensions of the hidden states, one choice for all layers.</summary>
    public IReadOnlyList<double>? Hidden { get; init; }

    /// <summary>[C] of each group of channels of a convolutional network, by the path of the convolution or stage that has them (<c>conv1</c>, <c>layer1</c>, <c>layer1.0.conv1</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>>? Channels { get; init; }

    /// <summary>The numbers of the highest scores, rising.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="count">How many are kept.</param>
    /// <param name="all">How many scores there must be.</param>
    /// <param name="what">What they are, for errors.</param>
    internal static IReadOnlyList<int> Highest(IReadOnlyList<double> scores, int count, int all, string what)
    {
        if (scores.Count != all)
            throw new DecantException($"student.from-teacher: there are {scores.Count} scores of {what}, and the teacher has {all}. Give a score for each.");
        if (scores.Any(score => !double.IsFinite(score)))
            throw new DecantException($"student.from-teacher: the scores of {what} are not all finite numbers; the teacher's weights are not usable. Load or train it again.");
        return [.. Enumerable.Range(0, all).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).Order()];
    }
}
