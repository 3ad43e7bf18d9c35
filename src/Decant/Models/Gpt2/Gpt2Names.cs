using Decant.Models.Decoder;

namespace Decant.Models.Gpt2;

/// <summary>GPT-2's weights as they were published.</summary>
internal static class Gpt2Names
{
    public static DecoderNames Names { get; } = new()
    {
        Body = "transformer",
        Embedding = "wte",
        Positions = "wpe",
        Layers = "h",
        FirstNorm = "ln_1",
        Attention = "attn",
        InAttention = new() { Joint = "c_attn", Output = "c_proj" },
        SecondNorm = "ln_2",
        Up = "c_fc",
        Down = "c_proj",
        LastNorm = "ln_f",
    };
}
