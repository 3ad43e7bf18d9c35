using Decant.Compression.Quantization;
using Decant.Models.Configuration;
using Decant.Runs.Exporting;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Fitting;

/// <summary>The forms that a search chooses among.</summary>
internal static class FormChoice
{
    /// <summary>Float32 and those of a recipe, of most bits first.</summary>
    public static IReadOnlyList<(string Name, QuantizationOptions? Form)> Of(Recipe recipe, Catalog catalog)
    {
        QuantizationOptions[] forms = [.. recipe.Student.Budget!.Forms ?? (recipe.Task.IsLanguageModel() ? [new BlockInt()] : [new DynamicInt8(), new BlockInt()])];
        var names = new ModelExporter(catalog.Kinds, "");
        return [(ModelExporter.Float32, null), .. forms.OrderByDescending(Bits).Select(form => (names.NameOf(form), (QuantizationOptions?)form))];
    }

    private static int Bits(QuantizationOptions form) => form is BlockInt blocks ? blocks.Bits : 8;
}
