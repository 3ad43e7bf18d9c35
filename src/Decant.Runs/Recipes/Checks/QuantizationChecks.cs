using Decant.Compression.Quantization;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Whether models can be rounded to the form that they are to learn for.</summary>
internal static class QuantizationChecks
{
    public static IEnumerable<RecipeFinding> Forms(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, form) in recipe.LargeModels().Select(m => ($"{m.Path}.quantization", m.Section.Quantization)).Append(("student.quantization", recipe.Student.Quantization)))
        {
            if (form is StaticInt8 or HalfWeights)
                yield return new(path, $"'{kinds.KindOf(Sections.Quantization, form)}' is a form of finished models; say weight-only or int8-dynamic, or export it with export.quantize");
            if (form is DynamicInt8 && recipe.Task.IsLanguageModel())
                yield return new(path, "'int8-dynamic' rounds the input of every layer, and that of a vocabulary's head is made in parts here; say weight-only");
        }

        if (recipe.Student is { LearnedNumbers: QuantizedLearning.Scales, Quantization: not BlockInt })
            yield return new("student.learned-numbers", "'scales' are learned of a student with 'quantization: { kind: weight-only }'; add that, or leave learned-numbers out");
        if (recipe.Student.LearnedNumbers == QuantizedLearning.Scales && RecipeChecks.DistillSections(recipe).FirstOrDefault(s => s.Section.Train is not null || s.Section.Freeze is not null) is { Section: not null } parts)
            yield return new($"{parts.Path}.{(parts.Section.Train is null ? "freeze" : "train")}", "scales alone are learned ('student.learned-numbers'), so there is nothing to choose; leave it out");
        if (recipe is { Student.Quantization: { } own, Export: { } export } && !export.Quantize.Contains(own))
            yield return new("export.quantize", $"the student learns for '{kinds.KindOf(Sections.Quantization, own)}', and that form, with the same options, is not among the exported ones; add it");
    }
}
