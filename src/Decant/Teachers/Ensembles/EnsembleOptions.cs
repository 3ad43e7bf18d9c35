using System.ComponentModel;

namespace Decant.Teachers.Ensembles;

/// <summary>How the answers of several teachers become one.</summary>
internal sealed record EnsembleOptions
{
    /// <summary>What is averaged; null: probabilities, the numbers themselves in a regression, and the vectors of an embedding side by side.</summary>
    [Description("what is averaged; default: probabilities, the predicted values in a regression, and for embeddings concatenation: unit vectors side by side, whose cosine is the mean of the teachers'")]
    public MixtureOf? Combine { get; init; }

    /// <summary>The weighting of the teachers; default: the fixed weight of each.</summary>
    [Description("weighting of the teachers: fixed, by the confidence of each sample's prediction, by the probability of the label, or learned on the validation split")]
    public EnsembleWeights Weights { get; init; } = EnsembleWeights.Fixed;

    /// <summary>Where teachers have tags: those that none of them teaches, whose samples are learned from their labels; null: there are none.</summary>
    [Description("where teachers have tags: tags that none of them teaches, whose samples are learned from their labels alone")]
    [OneOrMore]
    public IReadOnlyList<string>? LabelsOnly { get; init; }
}

/// <summary>How much each teacher counts.</summary>
internal enum EnsembleWeights
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
