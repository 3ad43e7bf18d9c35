using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>What a judge is asked about each text.</summary>
public sealed record ChatJudgeOptions
{
    /// <summary>What a text must be to be kept.</summary>
    [Description("what a text must be to be kept")]
    public required string Instruction { get; init; }

    /// <summary>The sampling temperature; null: none is sent. Default: 0.</summary>
    [Description("sampling temperature; null: none is sent, for models that take none")]
    [Range(0.0, 100.0)]
    public double? Temperature { get; init; } = 0;

    /// <summary>The most tokens of an answer; default: 128.</summary>
    [Description("most tokens of an answer")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 128;
}
