using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Teachers.Remote.Preferring;

/// <summary>What a judge of two texts is asked.</summary>
internal sealed record PairJudgeOptions
{
    /// <summary>By what the better of two texts is chosen; default: the one that a careful reader prefers as the continuation of the prompt, or as the answer to it.</summary>
    [Description("by what the better of two texts is chosen")]
    public string Instruction { get; init; } = "Two writers were given the same prompt. Say whose text a careful reader prefers: as the answer to the prompt where it asks something, else as its continuation. What counts is whether it fits the prompt, is right and is well written; length does not count.";

    /// <summary>The sampling temperature; null: none is sent. Default: 0.</summary>
    [Description("sampling temperature of the verdict; null: none is sent, for models that take none")]
    [Range(0.0, 100.0)]
    public double? Temperature { get; init; } = 0;

    /// <summary>The most tokens of an answer; default: 128.</summary>
    [Description("most tokens of a verdict")]
    [Range(1, 1_000_000)]
    public int MaxOutputTokens { get; init; } = 128;
}
