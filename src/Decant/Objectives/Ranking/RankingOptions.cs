using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Ranking;

/// <summary>What the objectives have that are about the order of a query's documents.</summary>
public abstract record RankingOptions : ObjectiveOptions
{
    /// <summary>What cosines are multiplied by, of a model that makes vectors, so that they are scores; 20. Scores that a model gives itself are taken as they are.</summary>
    [Description("factor of the cosines of a model that makes vectors, which makes scores of them")]
    [Range(0.01, 1000.0)]
    public double CosineScale { get; init; } = 20;
}
