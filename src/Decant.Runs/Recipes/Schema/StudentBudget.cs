using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Compression.Quantization;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What a student may take at most: <c>decant fit</c> chooses the part of the teacher, and the form that it is exported in.</summary>
internal sealed record StudentBudget
{
    /// <summary>The most parameters, such as <c>1M</c>; null: any number.</summary>
    [Description("number of parameters at most, such as 500k or 1M")]
    public string? Parameters { get; init; }

    /// <summary>The most bytes of the exported ONNX file, with the file of weights beside it where there is one, such as <c>5MB</c>; null: any size.</summary>
    [Description("size of the exported ONNX file at most, such as 500kB, 5MB or 5MiB")]
    public string? Bytes { get; init; }

    /// <summary>The most milliseconds that ONNX Runtime may take for one sample of middle length with one thread on this machine, by the median; null: any time.</summary>
    [Description("median time of one sample of middle length at most, in milliseconds: in ONNX Runtime, with one thread, on this machine")]
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? LatencyMs { get; init; }

    /// <summary>The forms that may be chosen beside float32; null: int8-dynamic, and weights of 4 bits.</summary>
    [Description("forms that may be chosen beside float32, for which the student learns: int8-dynamic, int8, weight-only; default: int8-dynamic and weight-only with 4 bits, with language models the latter alone")]
    [ChoiceOf(Sections.Quantization)]
    public IReadOnlyList<QuantizationOptions>? Forms { get; init; }

    /// <summary>How many students are trained a little, to find the one that is trained to the end; 12.</summary>
    [Description("number of students that are trained briefly, the better of which are trained longer")]
    [Range(1, 1000)]
    public int Candidates { get; init; } = 12;
}
