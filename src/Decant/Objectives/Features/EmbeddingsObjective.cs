using System.ComponentModel;
using Decant.Signals;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>embeddings</c>.</summary>
public sealed record Embeddings : FeatureOptions
{
    /// <summary>What makes the student's embeddings as wide as the teacher's; auto.</summary>
    [Description("projection of the student's embeddings to the teacher's width")]
    public Projection Projection { get; init; } = Projection.Auto;
}

/// <summary>Squared difference of what the first layers are given: per token (1 ÷ H)·Σ_h (W·s − t)².</summary>
/// <remarks>Jiao et al. 2020 (TinyBERT), arXiv:1909.10351, eq. 9.</remarks>
internal sealed class EmbeddingsObjective : StateObjective
{
    private const string Name = "embeddings";

    /// <summary>The objective with its options.</summary>
    /// <param name="options">The projection.</param>
    /// <param name="context">The models with the embeddings that are compared.</param>
    /// <exception cref="DecantException">A model has no embeddings, or they cannot be compared.</exception>
    public EmbeddingsObjective(Embeddings options, ObjectiveContext context)
        : base(Name, context, Found(Name, () => Pair(context)), options.Checked().Projection, StateDistance.Mse)
    {
    }

    private static FeaturePair[] Pair(ObjectiveContext context) =>
        [new(new LayerSide(context.Student, attention: false).Embeddings(), new LayerSide(context.Teacher, attention: false).Embeddings())];
}
