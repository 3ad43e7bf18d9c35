using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Training;
using Decant.Export.Onnx;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Models of a run that compute with rounded numbers, or are left rounded.</summary>
internal static class Rounding
{
    /// <summary>Lets a model compute with the numbers of a form until the result is disposed; null: there is no form.</summary>
    /// <exception cref="DecantException">The model cannot be exported, or is not rounded by this form.</exception>
    public static RoundedTraining? Attach(Model model, PreparedData data, QuantizationOptions? form)
    {
        if (form is null)
            return null;
        try
        {
            return RoundedTraining.Attach(model, OnnxGraph.Of(model, ExportedSignature.Of(model, data)), form);
        }
        catch (DecantException error) when (!error.Message.StartsWith("student.", StringComparison.Ordinal))
        {
            throw new DecantException($"quantization: {error.Message}", error.ExitCode, error);
        }
    }

    /// <summary>Rounds a model's weights once and for all.</summary>
    /// <returns>What was done, in a sentence; null: there is no form.</returns>
    public static string? Settle(Model model, PreparedData data, QuantizationOptions? form)
    {
        using var rounded = Attach(model, data, form);
        if (rounded is null)
            return null;
        rounded.Settle();
        var left = rounded.Remarks.Count == 0 ? "" : $" Not rounded: {string.Join("; ", rounded.Remarks)}.";
        return FormattableString.Invariant($"the weights of {rounded.Count} layers were rounded to those of the quantized file.{left}");
    }
}
