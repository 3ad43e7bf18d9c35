using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>How many tokens of a text a model in a folder reads.</summary>
internal static class TextLimit
{
    /// <summary>The model's positions, and what its folder says: <c>max_seq_length</c> of sentence-transformers, else <c>model_max_length</c> of its tokenizer. A language model that reads on and on is held to its positions alone.</summary>
    public static int Of(string folder, Model model)
    {
        var positions = model switch
        {
            ICausalModel causal => causal.MaxTokens,
            IConfigured { Config: EncoderConfig encoder } => encoder.Shape.Longest,
            _ => null,
        };
        return TextLength.Of(positions, model is ICausalModel ? null : TextLength.Said(folder));
    }
}
