using System.Runtime.Serialization;

namespace Decant.Models.Configuration;

/// <summary>What a model answers with; its family has a head for each task that it serves.</summary>
public enum ModelTask
{
    /// <summary>Logits [B, C] of the classes of a sample: a text, a pair of texts, an image.</summary>
    Classification,

    /// <summary>Logits [B, C] of labels of which a sample may have any number: the probability of each is its logit's sigmoid.</summary>
    MultiLabel,

    /// <summary>Logits [R, C] of the classes of tokens.</summary>
    TokenClassification,

    /// <summary>Numbers [B, C]; one unless the data has several.</summary>
    Regression,

    /// <summary>Embeddings [B, D] of the samples.</summary>
    Embedding,

    /// <summary>Logits [R, V] of masked tokens, predicted from both sides of the text.</summary>
    [EnumMember(Value = "masked-lm")]
    MaskedLanguageModel,

    /// <summary>Logits [R, V] of the next token, predicted from those before it alone.</summary>
    [EnumMember(Value = "causal-lm")]
    CausalLanguageModel,
}
