using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One of several teachers of the same task, or one network that is trained several times.</summary>
internal sealed record MemberSection : LargeModelSection
{
    /// <summary>Its name in the record, the report and the run's folder: small letters, digits and hyphens.</summary>
    [Description("name in reports and in the run folder: lowercase letters, digits, hyphens")]
    public required string Name { get; init; }

    /// <summary>How many members are trained alike, each from random numbers of its own, as NAME-1, NAME-2 …; null: one.</summary>
    [Description("number of ensemble members trained with these options from different random seeds, as NAME-1, NAME-2 …; default: one, as NAME")]
    [Range(2, 100)]
    public int? Members { get; init; }

    /// <summary>The tags of the samples that it teaches, as <c>tag</c> of the source says; null: it teaches all. Several of one tag are mixed as the ensemble says.</summary>
    [Description("tags of the samples that it teaches ('tag' of the source); several teachers of one tag are mixed as the ensemble says; default: it teaches all")]
    [OneOrMore]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Its weight where the ensemble's weights are fixed, the same for each of its <see cref="Members"/>; null: 1. Only the weights' ratios count.</summary>
    [Description("ensemble weight where weights are fixed; normalized to sum to 1; default: 1")]
    [Range(0.0, 1_000_000.0)]
    public double? Weight { get; init; }
}
