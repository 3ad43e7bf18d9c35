using Decant.Modules;

namespace Decant.Models.Generation;

/// <summary>Refuses prompts that a model cannot continue.</summary>
internal static class PromptCheck
{
    public static void Check(IReadOnlyList<IReadOnlyList<int>> prompts, ICausalModel model)
    {
        if (prompts.Count == 0)
            throw new DecantException("There is no prompt to continue; at least one is needed.");
        for (var row = 0; row < prompts.Count; row++)
            Check(prompts[row], prompts.Count > 1 ? $"Prompt {row + 1}" : "The prompt", model);
    }

    private static void Check(IReadOnlyList<int> prompt, string name, ICausalModel model)
    {
        if (prompt.Count == 0)
            throw new DecantException($"{name} has no token, and this model has no token that begins a text. Give it a word to begin with.");
        if (prompt.Count >= model.MaxTokens)
            throw new DecantException($"{name} has {prompt.Count} tokens; the model reads at most {model.MaxTokens}, one of them new. Shorten it.");
        for (var i = 0; i < prompt.Count; i++)
        {
            if (prompt[i] < 0 || prompt[i] >= model.VocabularySize)
            {
                throw new DecantException(
                    $"{name} has the id {prompt[i]} at position {i}; the model knows the ids 0 to {model.VocabularySize - 1}. Is the tokenizer another model's?");
            }
        }
    }
}
