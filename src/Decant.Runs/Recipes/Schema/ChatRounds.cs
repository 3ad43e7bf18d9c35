using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Active learning: the teacher is asked in rounds about the training texts that a student of the rounds before is least sure of.</summary>
internal sealed record ChatRounds
{
    /// <summary>How many training texts are asked about in the first round, drawn at random, with those that have a label where others have none; default: 200.</summary>
    [Description("training texts of the first round, drawn at random; those that have a label are among them where others have none")]
    [Range(20, int.MaxValue)]
    public int First { get; init; } = 200;

    /// <summary>How many more in each further round; default: 200.</summary>
    [Description("training texts of each further round")]
    [Range(1, int.MaxValue)]
    public int More { get; init; } = 200;

    /// <summary>How many rounds at most, the first included; default: 5.</summary>
    [Description("rounds at most, the first included")]
    [Range(2, 1000)]
    public int Most { get; init; } = 5;

    /// <summary>Which texts a further round takes; default: margin.</summary>
    [Description("which texts a further round takes: those of the smallest margin between the two best classes of the student, of the largest entropy of its probabilities, of the smallest best probability, or random ones")]
    public RoundChoice Choose { get; init; } = RoundChoice.Margin;

    /// <summary>The rounds end when one is not better than the best before it by as much, in the metric on validation samples; null: they do not end for that. Default: 0.</summary>
    [Description("the rounds end when one does not improve the metric on the validation split by more than this over the best before it; null: they go on")]
    [Range(0.0, 1e6)]
    public double? LeastGain { get; init; } = 0;
}

/// <summary>Which texts the teacher is asked about next.</summary>
internal enum RoundChoice
{
    /// <summary>Those of the largest entropy −Σ p ln p of the student's probabilities.</summary>
    Entropy,

    /// <summary>Those of the smallest difference between its two largest probabilities.</summary>
    Margin,

    /// <summary>Those of the smallest largest probability.</summary>
    LeastConfident,

    /// <summary>Random ones: what choosing is to be compared with.</summary>
    Random,
}
