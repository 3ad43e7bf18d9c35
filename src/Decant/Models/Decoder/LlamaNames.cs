namespace Decant.Models.Decoder;

/// <summary>Llama's weights as they were published; Mistral and Qwen kept the names.</summary>
internal static class LlamaNames
{
    public static DecoderNames Names { get; } = new()
    {
        Body = "model",
        Embedding = "embed_tokens",
        Layers = "layers",
        FirstNorm = "input_layernorm",
        Attention = "self_attn",
        InAttention = new() { Query = "q_proj", Key = "k_proj", Value = "v_proj", Output = "o_proj", QueryNorm = "q_norm", KeyNorm = "k_norm" },
        SecondNorm = "post_attention_layernorm",
        Gate = "gate_proj",
        Up = "up_proj",
        Down = "down_proj",
        LastNorm = "norm",
    };
}
