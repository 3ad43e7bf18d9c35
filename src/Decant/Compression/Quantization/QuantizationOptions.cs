using System.ComponentModel;

namespace Decant.Compression.Quantization;

/// <summary>How the weights of an exported model, and perhaps its activations, are stored and computed with fewer bits.</summary>
public abstract record QuantizationOptions
{
    /// <summary>Layers that stay float32: patterns of the names of nodes or weights, with <c>*</c> for any text; default: none. A pattern that fits nothing is an error.</summary>
    [Description("layers that stay float32: patterns of node or weight names, `*` for any text")]
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>What a file of the form is called behind <c>model_</c>, as transformers.js and Hugging Face's tools look for it.</summary>
    internal abstract string FileSuffix { get; }
}
