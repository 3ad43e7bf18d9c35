using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.LLama;

/// <summary>A GGUF file that teaches, and how llama.cpp computes it.</summary>
public sealed record GgufTeacherOptions
{
    /// <summary>The file: one model, whole.</summary>
    [Description("GGUF file of the model, whole")]
    [LocalPath]
    public required string File { get; init; }

    /// <summary>How many threads compute its answers; null: those of the run, and its share where teacher and student compute at the same time.</summary>
    [Description("threads that compute its answers; default: those of the run, or its share of them")]
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>The most tokens of a text, for which room is made; null: as many as the texts have. More than the file's context length is refused.</summary>
    [Description("most tokens of a text, at most the file's context length; default: those of the texts")]
    [Range(2, 1 << 20)]
    public int? Context { get; init; }

    /// <summary>Whether the vectors of an embedding are divided by their length, which a GGUF file cannot say; default: they stay.</summary>
    [Description("divide the vectors of an embedding by their length, which the file cannot say")]
    public bool Normalize { get; init; }
}
