using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Recipes;

/// <summary>One recipe in several variants, each with the same seeds: what differs between them is what the study is about.</summary>
/// <remarks>The teacher and the control of a seed are trained once, with the first variant, and shared by all.</remarks>
public sealed record Study
{
    /// <summary>Its name, in tables and in the study's folder.</summary>
    [Description("a short name, for tables and the study's folder")]
    public required string Name { get; init; }

    /// <summary>What it asks, in a sentence or two; empty unless said.</summary>
    [Description("what it asks, in a sentence")]
    public string About { get; init; } = "";

    /// <summary>The recipe that all variants begin with.</summary>
    [Description("the recipe that all variants begin with: a file")]
    [LocalPath]
    public required string Recipe { get; init; }

    /// <summary>The seeds, each of which every variant runs with.</summary>
    [Description("the seeds, each of which every variant runs with")]
    [Range(0, long.MaxValue)]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Assignments for all variants, as <c>--set</c> takes them.</summary>
    [Description("assignments for all variants, as --set takes them")]
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The variants; the first is what the others are compared with, beside the control.</summary>
    [Description("the variants; the others are compared with the first, and all with the control")]
    public required IReadOnlyList<StudyVariant> Variants { get; init; }
}

/// <summary>One variant of a study.</summary>
public sealed record StudyVariant
{
    /// <summary>Its name, unlike the others'.</summary>
    [Description("its name, unlike the others'")]
    public required string Name { get; init; }

    /// <summary>What it changes in the recipe, as <c>--set</c> takes it.</summary>
    [Description("what it changes in the recipe, as --set takes it")]
    public IReadOnlyList<string> Set { get; init; } = [];
}
