using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class ExportChecks
{
    public static IEnumerable<RecipeFinding> Forms(Recipe recipe, IKindRegistry kinds)
    {
        var forms = recipe.Export?.Quantize ?? [];
        for (var i = 0; i < forms.Count; i++)
        {
            if (forms.Take(i).Any(f => f.FileSuffix == forms[i].FileSuffix))
                yield return new($"export.quantize[{i}]", $"two forms would be written to onnx/model_{forms[i].FileSuffix}.onnx ({kinds.KindOf(Sections.Quantization, forms[i])}); keep one");
        }
    }
}
