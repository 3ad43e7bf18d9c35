using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;
using Decant.Text;

namespace Decant.Runs.Preparing;

/// <summary>What makes tensors of a text, by the task.</summary>
internal static class TextCollators
{
    public static ICollator Of(Recipe recipe, ITokenizer tokenizer, Dataset train, int maxTokens, AugmentOptions? augment)
    {
        switch (recipe.Task)
        {
            case ModelTask.TokenClassification:
                Expect<WordsContent>(train, "tagged words", "kind: conll");
                return new TagCollator(tokenizer, maxTokens, unknownForNothing: recipe.Input.UntokenizedWords == UntokenizedWords.Unknown);
            case ModelTask.CausalLanguageModel:
                return new CausalCollator(tokenizer, maxTokens, TokenSplits.EndOfText(tokenizer, recipe.Input.EndOfText), TextBoundaries.BeginOfText(tokenizer));
            case ModelTask.MaskedLanguageModel:
                return new MaskedCollator(tokenizer, maxTokens, recipe.Input.Mask);
            case ModelTask.Regression or ModelTask.Embedding when RankedSamples.Are(train):
                return new RankingCollator(tokenizer, maxTokens, asVectors: recipe.Task == ModelTask.Embedding, augment);
            case ModelTask.Regression:
                Expect<TextContent>(train, "texts with numbers", "a 'target' column");
                return new TextCollator(tokenizer, maxTokens, augment, train.Classes.Count);
            case ModelTask.MultiLabel:
                Expect<TextContent>(train, "texts with labels", "a 'labels' column");
                return new TextCollator(tokenizer, maxTokens, augment, train.Classes.Count);
            case ModelTask.Embedding:
                Expect<TextContent>(train, "text", "such as kind: csv");
                return new EmbeddingCollator(tokenizer, maxTokens, augment);
            default:
                Expect<TextContent>(train, "text", "such as kind: csv");
                return new TextCollator(tokenizer, maxTokens, augment);
        }
    }

    private static void Expect<T>(Dataset train, string what, string source) where T : SampleContent
    {
        if (train[0].Content is not T)
        {
            throw new DecantException(
                $"{train.Name}: the recipe's task wants {what}, but the samples are {train[0].Content.GetType().Name.Replace("Content", "s", StringComparison.Ordinal).ToLowerInvariant()}; " +
                $"give a source of them ({source}).");
        }
    }
}
