namespace Decant.Models.Configuration;

/// <summary>What a model answers with; its family has a head for each task that it serves.</summary>
public enum ModelTask
{
    /// <summary>Logits [B, C] of the classes of a sample: a text, a pair of texts, an image.</summary>
    Classification,

    /// <summary>Logits [R, C] of the classes of tokens.</summary>
    TokenClassification,

    /// <summary>Numbers [B, C]; one unless the data has several.</summary>
    Regression,

    /// <summary>Vectors [B, D] that stand for the samples.</summary>
    Embedding,

    /// <summary>Logits [R, V] of hidden tokens, which both sides of the text tell.</summary>
    MaskedLanguageModel,

    /// <summary>Logits [R, V] of the next token, which only those before it tell.</summary>
    CausalLanguageModel,
}
