using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Decoder;

namespace Decant.Models.Mistral;

/// <summary>The options of <c>kind: mistral</c>.</summary>
public sealed record MistralOptions : RotaryDecoderOptions
{
    /// <summary>How many positions a token sees, itself included; null: all.</summary>
    [Description("Sliding-window size of the attention, in tokens, the token itself included; default: no window.")]
    [Range(1, 10_000_000)]
    public int? Window { get; init; }
}
