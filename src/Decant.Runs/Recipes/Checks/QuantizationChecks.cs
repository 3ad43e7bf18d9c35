using Decant.Compression.Quantization;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether models can be rounded to the form that they are to learn for.</summary>
internal static class QuantizationChecks
{
    private const string Own = "student.quantization";

    public static IEnumerable<RecipeFinding> Forms(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, form) in recipe.LargeModels().Select(m => ($"{m.Path}.quantization", m.Section.Quantization)).Append((Own, recipe.Student.Quantization)))
        {
            if (form is HalfWeights || (form is StaticInt8 && path != Own))
                yield return new(path, $"'{kinds.KindOf(Sections.Quantization, form)}' is a form of finished models; say weight-only{(path == Own ? ", int8" : "")} or int8-dynamic, or export it with export.quantize");
            if (form is Int8Options && recipe.Task.IsLanguageModel() && (path == Own || form is DynamicInt8))
                yield return new(path, $"'{kinds.KindOf(Sections.Quantization, form)}' rounds the input of every layer, and that of a vocabulary's head is made in parts here; say weight-only");
        }

        if (recipe.Student is { LearnedNumbers: QuantizedLearning.Scales, Quantization: not BlockInt })
            yield return new("student.learned-numbers", "'scales' are learned of a student with 'quantization: { kind: weight-only }'; add that, or leave learned-numbers out");
        if (recipe.Student.LearnedNumbers == QuantizedLearning.Scales && RecipeChecks.DistillSections(recipe).FirstOrDefault(s => s.Section.Train is not null || s.Section.Freeze is not null) is { Section: not null } parts)
            yield return new($"{parts.Path}.{(parts.Section.Train is null ? "freeze" : "train")}", "scales alone are learned ('student.learned-numbers'), so there is nothing to choose; leave it out");
        foreach (var finding in LearnedRanges(recipe))
            yield return finding;
        if (recipe is { Student.Quantization: { } own, Export: { } export } && !export.Quantize.Contains(own))
            yield return new("export.quantize", $"the student learns for '{kinds.KindOf(Sections.Quantization, own)}', and that form, with the same options, is not among the exported ones; add it");
    }

    private static IEnumerable<RecipeFinding> LearnedRanges(Recipe recipe)
    {
        var exported = recipe.Export?.Quantize ?? [];
        for (var i = 0; i < exported.Count; i++)
        {
            if (exported[i] is StaticInt8 { Ranges: RangeSource.Learned } && recipe.Student.Quantization is not StaticInt8)
                yield return new($"export.quantize[{i}].ranges", "ranges are 'learned' by a student with 'quantization: { kind: int8, ranges: learned }'; add that, or leave ranges out");
        }

        if (recipe.Student.Quantization is not StaticInt8 { Ranges: RangeSource.Learned })
            yield break;
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Train is not null || section.Freeze is not null)
                yield return new($"{path}.{(section.Train is null ? "freeze" : "train")}", "learned ranges of activations are learned with all weights; leave it out, or say 'ranges: observed'");
        }

        if (recipe.Distill is { Stages.Count: > 1 } or { WarmUp: not null } or { Blockwise: not null })
            yield return new($"{Own}.ranges", "learned ranges of activations would begin anew in every stage of the distillation; say 'observed', or train in one stage");
    }
}
