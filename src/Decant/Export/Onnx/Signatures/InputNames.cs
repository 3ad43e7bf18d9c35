namespace Decant.Export.Onnx.Signatures;

/// <summary>What inputs and outputs are called: as in Hugging Face's exports, so that other programs know what to put where.</summary>
internal static class InputNames
{
    /// <summary>Token ids [B, T] int64.</summary>
    public const string Tokens = "input_ids";

    /// <summary>[B, T] int64, of a decoder [B, P + T]: 1 for a token, 0 for padding.</summary>
    public const string Mask = "attention_mask";

    /// <summary>[B, T] int64: 0 for the first text, 1 for the second.</summary>
    public const string TokenTypes = "token_type_ids";

    /// <summary>Images [B, C, H, W] float32.</summary>
    public const string Pixels = "pixel_values";

    /// <summary>Vectors, or whatever else has no name of its own, float32.</summary>
    public const string Features = "features";

    /// <summary>Logits.</summary>
    public const string Logits = "logits";

    /// <summary>Vectors of texts [B, H].</summary>
    public const string Embedding = "sentence_embedding";

    /// <summary>The states of tokens [B, T, H].</summary>
    public const string States = "last_hidden_state";
}
