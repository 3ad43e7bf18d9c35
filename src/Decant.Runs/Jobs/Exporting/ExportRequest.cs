using Decant.Compression.Quantization;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>What is exported of a model, and where to.</summary>
public sealed record ExportRequest
{
    /// <summary>The folder; null: the model's own. A folder of its own gets the settings and the tokenizer too.</summary>
    public string? Output { get; init; }

    /// <summary>The compressed forms beside float32, a file each; default: none.</summary>
    public IReadOnlyList<QuantizationOptions> Quantize { get; init; } = [];

    /// <summary>The samples that ranges of activations are found from, at most; 200.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>The recipe that the samples come from; null: that of the run that the model is of, where it is of one.</summary>
    internal Recipe? Recipe { get; init; }
}
