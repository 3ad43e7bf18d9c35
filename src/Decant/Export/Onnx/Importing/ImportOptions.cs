using Decant.Models.Encoders;

namespace Decant.Export.Onnx.Importing;

/// <summary>What an ONNX file does not say of its model, and its user does.</summary>
internal sealed record ImportOptions
{
    /// <summary>The tokenizer's file, such as <c>vocab.txt</c> or <c>tokenizer.json</c>; null: the one beside the ONNX file.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>How many heads of attention; null: as the graph shows.</summary>
    public int? Heads { get; init; }

    /// <summary>How the tokens' states become one vector; null: as the graph does it. A graph that ends with the states does not say, and it must be given.</summary>
    public EncoderPooling? Pooling { get; init; }

    /// <summary>Whether vectors are divided by their length; null: as the graph does it, and where it ends with the tokens' states they are not.</summary>
    public bool? Normalize { get; init; }

    /// <summary>The most tokens of a text, special ones included; null: as many as the model has positions.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whether the file reads the channels of an image as blue, green, red; the imported model reads red, green, blue.</summary>
    public bool Bgr { get; init; }

    /// <summary>What becomes of an image before the model reads it; null: the file does not say, and nothing is written.</summary>
    public ImportedImages? Images { get; init; }
}
