using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One recipe in several variants, each with the same seeds: what differs between them is what the study is about.</summary>
/// <remarks>The teacher and the control of a seed are trained once, with the first variant, and shared by all.</remarks>
internal sealed record Study
{
    /// <summary>Its name, in tables and in the study's folder.</summary>
    [Description("short name, for tables and the study folder")]
    public required string Name { get; init; }

    /// <summary>What it asks, in a sentence or two; default: empty.</summary>
    [Description("the question of the study, in a sentence")]
    public string About { get; init; } = "";

    /// <summary>The recipe that all variants begin with.</summary>
    [Description("path of the recipe that the variants change")]
    [LocalPath]
    public required string Recipe { get; init; }

    /// <summary>The seeds, each of which every variant runs with.</summary>
    [Description("random seeds; every variant runs with each")]
    [Range(0, long.MaxValue)]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Assignments for all variants, as <c>--set</c> takes them.</summary>
    [Description("assignments for all variants, in the form of --set")]
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The variants; the first is what the others are compared with, beside the control.</summary>
    [Description("variants; compared with the first one and with the control")]
    public required IReadOnlyList<StudyVariant> Variants { get; init; }
}

/// <summary>One variant of a study.</summary>
internal sealed record StudyVariant
{
    /// <summary>Its name, unlike the others'.</summary>
    [Description("unique name")]
    public required string Name { get; init; }

    /// <summary>What it changes in the recipe, as <c>--set</c> takes it.</summary>
    [Description("assignments that change the recipe, in the form of --set")]
    public IReadOnlyList<string> Set { get; init; } = [];
}
