using Decant.Modules;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>A model that writes with the tokenizer's tokens alone: published models have more rows than that, filled up to a round number.</summary>
/// <param name="model">The model.</param>
/// <param name="vocabulary">V, fewer than the model's.</param>
internal sealed class CutModel(ICausalModel model, int vocabulary) : ICausalModel
{
    public long VocabularySize => vocabulary;

    public long? MaxTokens => model.MaxTokens;

    /// <summary>The model, cut where it has more tokens than there are.</summary>
    public static ICausalModel Of(ICausalModel model, int vocabulary) => model.VocabularySize > vocabulary ? new CutModel(model, vocabulary) : model;

    public ICausalState NewState() => model.NewState();

    public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(model.Next(tokens, state, mask).Narrow(-1, 0, vocabulary));
    }
}
