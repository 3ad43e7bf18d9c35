namespace Decant.Runs.Jobs.Importing;

/// <summary>What is imported, and what its file does not say.</summary>
internal sealed record ImportRequest
{
    /// <summary>The folder to make; null: one of the file's name, without its ending, in the current folder.</summary>
    public string? Output { get; init; }

    /// <summary>The tokenizer's file; null: the one beside the ONNX file.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>How many heads of attention; null: as the graph shows.</summary>
    public int? Heads { get; init; }

    /// <summary><c>first</c> or <c>mean</c>; null: as the graph does it.</summary>
    public string? Pooling { get; init; }

    /// <summary>Whether vectors are divided by their length; null: as the graph does it.</summary>
    public bool? Normalize { get; init; }

    /// <summary>The most tokens of a text; null: as many as the model has positions.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whether the file reads blue, green, red; null: no, unless it is known of its package.</summary>
    public bool? Bgr { get; init; }
}
