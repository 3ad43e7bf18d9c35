using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One of several teachers of the same task, or one network that is trained several times.</summary>
public sealed record MemberSection : LargeModelSection
{
    /// <summary>Its name in the record, the report and the run's folder: small letters, digits and hyphens.</summary>
    [Description("name in reports and in the run folder: lowercase letters, digits, hyphens")]
    public required string Name { get; init; }

    /// <summary>How many members are trained alike, each from random numbers of its own, as NAME-1, NAME-2 …; null: one.</summary>
    [Description("number of ensemble members trained with these options from different random seeds, as NAME-1, NAME-2 …; default: one, as NAME")]
    [Range(2, 100)]
    public int? Members { get; init; }

    /// <summary>Its weight where the ensemble's weights are fixed, the same for each of its <see cref="Members"/>; null: 1. Only the weights' ratios count.</summary>
    [Description("ensemble weight where weights are fixed; normalized to sum to 1; default: 1")]
    [Range(0.0, 1_000_000.0)]
    public double? Weight { get; init; }
}

/// <summary>How the answers of several teachers become one.</summary>
public sealed record EnsembleSection
{
    /// <summary>What is averaged; null: probabilities, and the numbers themselves in a regression.</summary>
    [Description("what is averaged; default: probabilities, and the predicted values in a regression")]
    public Combine? Combine { get; init; }

    /// <summary>The weighting of the teachers; default: the fixed weight of each.</summary>
    [Description("weighting of the teachers: fixed, by the confidence of each sample's prediction, by the probability of the label, or learned on the validation split")]
    public EnsembleWeights Weights { get; init; } = EnsembleWeights.Fixed;
}

/// <summary>What is averaged.</summary>
public enum Combine
{
    /// <summary>Probabilities at temperature 1: the mixture of the members.</summary>
    Probabilities,

    /// <summary>Logits: the normalised geometric mean of the members' probabilities.</summary>
    Logits,
}

/// <summary>How much each teacher counts.</summary>
public enum EnsembleWeights
{
    /// <summary>As its own weight says, for every sample.</summary>
    Fixed,

    /// <summary>Sample by sample: the more, the lower the entropy of its answer.</summary>
    Confidence,

    /// <summary>Sample by sample: the more, the higher the probability that it gives the label; where there is no label, by the entropy.</summary>
    LabelConfidence,

    /// <summary>Sample by sample, by a gate over the members' answers that is learned on the validation split.</summary>
    Learned,
}
