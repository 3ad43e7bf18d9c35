using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs;

/// <summary>Options of <c>logit-standardization</c>.</summary>
public sealed record LogitStandardization : ObjectiveOptions, IValidatableObject
{
    /// <summary>What is computed of the standardised logits; default: <c>soft-targets</c>.</summary>
    [Description("the objective that is computed on the standardized logits")]
    [ChoiceOf(Sections.Objective)]
    public ObjectiveOptions Objective { get; init; } = new SoftTargets();

    /// <summary>A weight belongs to the whole: with one in two places, the reader of a recipe would have to multiply them.</summary>
    /// <param name="validationContext">Of this.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Objective is Labels or TargetMse or LogitStandardization)
            yield return new($"expected an objective that compares logits with a teacher's, such as soft-targets; came {(validationContext?.GetService(typeof(IKindRegistry)) as IKindRegistry)?.KindOf(Sections.Objective, Objective) ?? Objective.GetType().Name}", [nameof(Objective)]);
        if (Objective is RowObjectiveOptions { SampleWeighting: not null })
            yield return new($"the teacher's logits are standardized here, which removes its confidence; leave 'sample-weighting' out", [nameof(Objective)]);
        if (Objective.Weight is not ConstantScalar { Value: 1 })
            yield return new($"the weight is that of the whole; write it beside 'kind: logit-standardization', and not into its objective", [nameof(Objective)]);
    }
}
