using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Compression.Quantization;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What the student of a run is exported to: an ONNX file in float32, and compressed forms of it, each measured in ONNX Runtime.</summary>
internal sealed record ExportSection
{
    /// <summary>The compressed forms beside float32; default: int8.</summary>
    [Description("compressed forms, written and measured beside float32; default: int8")]
    [ChoiceOf(Sections.Quantization)]
    public IReadOnlyList<QuantizationOptions> Quantize { get; init; } = new ValueList<QuantizationOptions>([new StaticInt8()]);

    /// <summary>The samples of the transfer set that ranges of activations are found from, at most; 200.</summary>
    [Description("samples of the transfer set that the ranges of activations are found from")]
    [Range(1, 100_000)]
    public int CalibrationSamples { get; init; } = 200;

    /// <summary>The licence of the teacher, for the model card; null: as the card of a loaded teacher says it.</summary>
    [Description("licence of the teacher, for the model card; default: as the card of a loaded teacher says it")]
    public string? TeacherLicence { get; init; }

    /// <summary>The licence of the data, for the model card; null: the card says that it is not stated.</summary>
    [Description("licence of the data, for the model card")]
    public string? DataLicence { get; init; }
}
