using System.ComponentModel;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One of the things that a student learns one after the other.</summary>
internal sealed record StageSection : IOverrides
{
    /// <summary>Its name, in reports.</summary>
    [Description("name of the stage, for reports")]
    public required string Name { get; init; }

    /// <summary>
    /// How the student learns in it: what <see cref="DistillSection"/> has around it, with the keys changed that the stage gives. Its length is its own, and so are its
    /// objectives; a part to train or to freeze replaces both.
    /// </summary>
    [Description("the keys of distill that differ in this stage; default: those of distill")]
    [Overrides(
        Required = [nameof(DistillSection.Objectives)],
        Without = [nameof(DistillSection.Stages), nameof(DistillSection.WarmUp), nameof(DistillSection.Blockwise), nameof(DistillSection.TaughtBy)])]
    public required DistillSection Options { get; init; }

    /// <summary>The names of the options that it gives itself; what else differs from the section around it counts as given too.</summary>
    public IReadOnlyList<string> Given { get; internal init; } = [];

    /// <inheritdoc/>
    IReadOnlyList<string> IOverrides.Given
    {
        get => Given;
        init => Given = value;
    }

    /// <inheritdoc/>
    IReadOnlyList<string> IOverrides.Said(IOverridable around) => Said((DistillSection)around);

    /// <summary>The names of the options that it gives itself, or that differ from those of the section around it.</summary>
    internal IReadOnlyList<string> Said(DistillSection around)
    {
        var begin = ((IOverridable)around).Begin(Given);
        return [.. RecipeProperty.Of(typeof(DistillSection)).Where(p => Given.Contains(p.Info.Name) || !Equals(p.Info.GetValue(Options), p.Info.GetValue(begin))).Select(p => p.Info.Name)];
    }

    /// <summary>What it says itself, and for the rest what a new section has.</summary>
    /// <param name="around">The section around it.</param>
    internal DistillSection Own(DistillSection around)
    {
        var own = new DistillSection { Batch = around.Batch, Optimizer = around.Optimizer };
        var said = Said(around);
        foreach (var property in RecipeProperty.Of(typeof(DistillSection)).Where(p => said.Contains(p.Info.Name)))
            property.Info.SetValue(own, property.Info.GetValue(Options));
        return own;
    }

    /// <summary>Whether it says itself what its weights are chosen by.</summary>
    /// <param name="around">The section around it.</param>
    internal bool AsksToBeJudged(DistillSection around) => Said(around).Intersect([nameof(DistillSection.BestBy), nameof(DistillSection.EarlyStopping)]).Any();
}
