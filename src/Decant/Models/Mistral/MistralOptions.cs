using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Models;

/// <summary>The options of <c>kind: mistral</c>.</summary>
public sealed record MistralOptions : RotaryDecoderOptions
{
    /// <summary>How many positions a token sees, itself included; null: all.</summary>
    [Description("Number of positions that a token sees, itself included; by default all.")]
    [Range(1, 10_000_000)]
    public int? Window { get; init; }
}
