using System.ComponentModel;
using Decant.Signals;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>hidden-states</c>.</summary>
public sealed record HiddenStates : LayerMapOptions
{
    /// <summary>How two states are compared; mse.</summary>
    [Description("distance of two hidden states")]
    public StateDistance Distance { get; init; } = StateDistance.Mse;

    /// <summary>Of which tokens; all.</summary>
    [Description("tokens whose states are compared: all, or the first")]
    public StateTokens Tokens { get; init; } = StateTokens.All;

    /// <summary>What makes the student's states as wide as the teacher's; auto.</summary>
    [Description("projection of the student's states to the teacher's width")]
    public Projection Projection { get; init; } = Projection.Auto;
}

/// <summary>The tokens whose states are compared.</summary>
public enum StateTokens
{
    /// <summary>Those of every token that is no padding.</summary>
    All,

    /// <summary>Those of the first token of every text, which a classifier reads.</summary>
    First,
}

/// <summary>Squared difference of the hidden states of layers: per position and pair of layers (1 ÷ H)·Σ_h (W·s − t)².</summary>
/// <remarks>
/// Jiao et al. 2020 (TinyBERT), arXiv:1909.10351, eq. 8. With <c>tokens: first, distance: normalized</c>: Sun et al. 2019 (patient distillation), arXiv:1908.09355,
/// §3.2, summed over H as there. With <c>layers: learned</c> the teacher's state is Σ_n a_n·t_n, a softmax of trained weights for each layer of the student, after
/// Passban et al. 2021 (ALP-KD), arXiv:2012.14022, where it is one of dot products.
/// </remarks>
internal sealed class HiddenStatesObjective : StateObjective
{
    private const string Name = "hidden-states";

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers, distance and projection.</param>
    /// <param name="context">The models with the states that are compared.</param>
    /// <exception cref="DecantException">There are no such layers, or their states cannot be compared.</exception>
    public HiddenStatesObjective(HiddenStates options, ObjectiveContext context)
        : base(Name, context, Found(Name, () => new LayerMap(context).Pairs(options.Checked(), LayerMapping.Uniform)), options.Projection, options.Distance, options.Tokens == StateTokens.First)
    {
    }
}
