using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Training;
using Decant.Export.Onnx;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Models of a run that compute with rounded numbers, or are left rounded.</summary>
internal static class Rounding
{
    /// <summary>Lets the model of an arm compute with the numbers of its form until the result is disposed.</summary>
    /// <returns>The rounding, null where there is no form; and the arm, which trains what is learned.</returns>
    public static (RoundedTraining? Rounded, TrainedArm Arm) Attach(TrainedArm arm, PreparedData? data)
    {
        if (arm is not Arm { Rounding: { } form } one)
            return (null, arm);
        var rounded = Attach(one.Model, data!, form, one.LearnsScales);
        return (rounded, rounded!.LearnedPaths.Count > 0 ? one with { Train = rounded.LearnedPaths } : one);
    }

    /// <summary>Leaves the model of an arm with the numbers of its form, where it has one.</summary>
    /// <returns>What was done, in a sentence; null: nothing.</returns>
    public static string? Settle(TrainedArm arm, RoundedTraining? rounded, PreparedData? data)
    {
        if (arm is not Arm { RoundedTo: { } form })
            return null;
        if (rounded is null)
            return Settle(arm.Model, data!, form);
        rounded.Settle();
        return Words(rounded);
    }

    /// <summary>Lets a model compute with the numbers of a form until the result is disposed; null: there is no form.</summary>
    /// <exception cref="DecantException">The model cannot be exported, or is not rounded by this form.</exception>
    public static RoundedTraining? Attach(Model model, PreparedData data, QuantizationOptions? form, bool learnsScales = false)
    {
        if (form is null)
            return null;
        try
        {
            return RoundedTraining.Attach(model, OnnxGraph.Of(model, ExportedSignature.Of(model, data)), form, learnsScales);
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
        return Words(rounded);
    }

    private static string Words(RoundedTraining rounded)
    {
        var left = rounded.Remarks.Count == 0 ? "" : $" Not rounded: {string.Join("; ", rounded.Remarks)}.";
        return FormattableString.Invariant($"the weights of {rounded.Count} layers were rounded to those of the quantized file.{left}");
    }
}
