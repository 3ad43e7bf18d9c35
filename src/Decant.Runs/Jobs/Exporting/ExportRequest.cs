using Decant.Compression.Quantization;
using Decant.Runs.Exporting;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>What is exported of a model, and where to.</summary>
public sealed record ExportRequest
{
    /// <summary>The folder, nothing or an empty one; null: the model's own, where nothing but <c>onnx/</c> is replaced. A folder of its own gets the settings and the tokenizer too.</summary>
    public string? Output { get; init; }

    /// <summary>The compressed forms beside float32, a file each; default: none.</summary>
    public IReadOnlyList<QuantizationOptions> Quantize { get; init; } = [];

    /// <summary>The samples that ranges of activations are found from, at most; 200.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>The recipe that the samples come from; null: that of the run that the model is of, where it is of one.</summary>
    internal Recipe? Recipe { get; init; }

    /// <summary>The same with compressed forms by their names in the command line, each with its defaults.</summary>
    /// <param name="forms">int8, int8-dynamic, int4, int8-weights, float16 or bfloat16.</param>
    /// <exception cref="DecantException">There is no form of that name.</exception>
    internal ExportRequest With(IEnumerable<string> forms) => this with { Quantize = [.. Quantize, .. forms.Select(ExportForms.Of)] };
}
