using System.ComponentModel;
using Decant.Data.Duplicates;
using Decant.Data.Sources;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Texts that a chat model is to write, and what they must be to become rows.</summary>
internal sealed record SynthesisRecipe
{
    /// <summary>Its name, for the manifest.</summary>
    [Description("short name, for the manifest")]
    public required string Name { get; init; }

    /// <summary>The model that writes.</summary>
    [Description("the chat model that writes")]
    public required ChatAccess Chat { get; init; }

    /// <summary>What it is to write.</summary>
    [Description("what is to be written")]
    public required ChatSynthesizerOptions Write { get; init; }

    /// <summary>What the texts are to be like; null: no examples are shown.</summary>
    [Description("rows that the texts are to be like; a few are shown with each request. Default: none")]
    [ChoiceOf(Sections.Source)]
    public SourceOptions? Examples { get; init; }

    /// <summary>What a text must be.</summary>
    [Description("what a text must be to become a row")]
    public SynthesisFilters Filters { get; init; } = new();

    /// <summary>Rows that no text may overlap with; null: none.</summary>
    [Description("validation and test files that no row may overlap with")]
    public HeldOutSection? HeldOut { get; init; }

    /// <summary>Who decides about what passed the filters; null: nobody.</summary>
    [Description("a second question about each row: keep or drop")]
    public JudgeSection? Judge { get; init; }
}

/// <summary>Rows that no text may overlap with.</summary>
internal sealed record HeldOutSection
{
    /// <summary>The files.</summary>
    [Description("the files, as data sources")]
    [ChoiceOf(Sections.Source)]
    public required IReadOnlyList<SourceOptions> Sources { get; init; }

    /// <summary>What counts as overlap.</summary>
    [Description("what counts as overlap")]
    public OverlapOptions Overlap { get; init; } = new();
}

/// <summary>A judge.</summary>
internal sealed record JudgeSection
{
    /// <summary>What it is asked.</summary>
    [Description("what the judge is asked")]
    public required ChatJudgeOptions Ask { get; init; }

    /// <summary>Its model; null: the one that writes.</summary>
    [Description("the judge's own model; default: the one that writes")]
    public ChatAccess? Chat { get; init; }
}
