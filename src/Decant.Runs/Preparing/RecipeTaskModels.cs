using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>A recipe's task in the words of models.</summary>
internal static class RecipeTaskModels
{
    public static ModelTask ToModelTask(this RecipeTask task) => task switch
    {
        RecipeTask.TokenClassification => ModelTask.TokenClassification,
        RecipeTask.Regression => ModelTask.Regression,
        RecipeTask.Embedding => ModelTask.Embedding,
        RecipeTask.MaskedLm => ModelTask.MaskedLanguageModel,
        RecipeTask.CausalLm => ModelTask.CausalLanguageModel,
        _ => ModelTask.Classification,
    };
}
