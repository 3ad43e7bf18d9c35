using Decant.Compression.Quantization;
using Decant.Compression.Quantization.Training;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Models of a run that compute with rounded numbers, or are left rounded.</summary>
internal static class Rounding
{
    // Ranges are found again where these parts of the updates are made: activations grow fastest at first. From the last of them on observed ones stay.
    private static readonly int[] s_observed = [64, 32, 16, 8, 4, 2];
    private static readonly int[] s_learned = [64, 32, 16, 8, 4];

    /// <summary>Lets the model of an arm compute with the numbers of its form until the result is disposed.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="data">Its data; null: it has no form.</param>
    /// <param name="samples">How many samples ranges are found from, at most; null: as many as the arm says.</param>
    /// <returns>The rounding, null where there is no form; and the arm, which trains what is learned.</returns>
    public static (RoundedTraining? Rounded, TrainedArm Arm) Attach(TrainedArm arm, PreparedData? data, int? samples = null)
    {
        if (arm is not Arm { Rounding: { } form } one)
            return (null, arm);
        var rounded = Attach(one.Model, data!, form, one.LearnsScales);
        if (form is StaticInt8)
            Observe(one, rounded!, data!, samples ?? one.RangeSamples);
        return (rounded, rounded!.LearnedPaths.Count > 0 ? one with { Train = rounded.LearnedPaths } : one);
    }

    /// <summary>What finds the ranges of activations again while an arm learns; null: nothing does.</summary>
    public static Action<long, long>? Renewing(TrainedArm arm, RoundedTraining? rounded, PreparedData? data) => arm is not Arm { Rounding: StaticInt8 form } one ? null : (step, steps) =>
    {
        if ((form.Ranges == RangeSource.Observed ? s_observed : s_learned).Any(part => step == (steps + part - 1) / part))
            Observe(one, rounded!, data!, one.RangeSamples);
    };

    /// <summary>Lets a model answer with the activations of the form that it learned for until the result is disposed; null: they stay.</summary>
    /// <param name="model">The model, whose weights are rounded.</param>
    /// <param name="data">Its data.</param>
    /// <param name="form">The form; null: none.</param>
    /// <param name="folder">Where its ranges lie.</param>
    public static RoundedTraining? ToEvaluate(Model model, PreparedData data, QuantizationOptions? form, string? folder)
    {
        var ranges = form is StaticInt8 ? RangesFile.Find(folder!) ?? throw new DecantException($"{folder} has no {RangesFile.Name}, with which its model learned. Put it back, or start the run again in another folder.") : null;
        var rounded = Attach(model, data, ranges?.Form ?? form);
        if (ranges is not null)
            rounded!.Take(ranges);
        return rounded;
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
    public static RoundedTraining? Attach(Model model, PreparedData data, QuantizationOptions? form, bool learnsScales = false) =>
        form is null ? null : Named(() => RoundedTraining.Attach(model, Graph(model, data), form, learnsScales));

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

    private static void Observe(Arm arm, RoundedTraining rounded, PreparedData data, int count) => Named(() =>
    {
        rounded.Observe(() => Graph(arm.Model, data), CalibrationSamples.Of(data, ExportedSignature.Of(arm.Model, data), count));
        return true;
    });

    private static ModelProto Graph(Model model, PreparedData data)
    {
        using var near = new OnCpu(model);
        return OnnxGraph.Of(model, ExportedSignature.Of(model, data));
    }

    private static T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DecantException error) when (!error.Message.StartsWith("student.", StringComparison.Ordinal))
        {
            throw new DecantException($"quantization: {error.Message}", error.ExitCode, error);
        }
    }

    private static string Words(RoundedTraining rounded)
    {
        var left = rounded.Remarks.Count == 0 ? "" : $" Not rounded: {string.Join("; ", rounded.Remarks)}.";
        return FormattableString.Invariant($"the weights of {rounded.Count} layers were rounded to those of the quantized file.{left}");
    }
}
