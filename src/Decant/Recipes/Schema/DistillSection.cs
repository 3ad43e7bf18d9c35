using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Recipes;

/// <summary>How the student learns from its teacher.</summary>
public sealed record DistillSection : FitSection
{
    /// <summary>What is minimised, as a weighted sum.</summary>
    [Description("what is minimised")]
    [ChoiceOf(Sections.Objective)]
    public required IReadOnlyList<Choice> Objectives { get; init; }

    /// <summary>How the objectives' weights are meant; plain weights unless said.</summary>
    [Description("how the objectives' weights are meant")]
    public Balance Balance { get; init; } = Balance.Sum;

    /// <summary>Imitation of the teacher alone, before; null: none.</summary>
    [Description("imitation of the teacher alone, before the rest")]
    public WarmUpSection? WarmUp { get; init; }

    /// <summary>Which samples the teacher is asked about; null: all training samples.</summary>
    [Description("which samples the teacher is asked about")]
    public TransferSection? Transfer { get; init; }
}

/// <summary>How the objectives' weights are meant.</summary>
public enum Balance
{
    /// <summary>Total = Σ wᵢ·Lᵢ, whatever the weights sum to.</summary>
    Sum,

    /// <summary>The same with weights from 0 to 1 that sum to 1, as in α·soft + (1 − α)·hard.</summary>
    Convex,
}

/// <summary>Imitation of the teacher alone.</summary>
public sealed record WarmUpSection
{
    /// <summary>For how many epochs, before those of the distillation.</summary>
    [Description("for how many epochs")]
    [Range(1, 1_000_000)]
    public required int Epochs { get; init; }
}

/// <summary>Which samples the teacher is asked about.</summary>
public sealed record TransferSection
{
    /// <summary>Classes, by name, whose training samples the student never sees; none unless said.</summary>
    [Description("classes whose samples the student never sees")]
    public IReadOnlyList<string> WithoutClasses { get; init; } = [];
}
