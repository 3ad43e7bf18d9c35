using System.Diagnostics;
using Decant.Data;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>What the validations of a training cost: forward passes over the validation split, timed on some of its samples.</summary>
internal static class ValidationCost
{
    private const int TimedSamples = 256;
    private const int TimedSequences = 16; // the logits of one are as large as those of hundreds of samples

    /// <summary>Seconds of one validation; 0 where there is no validation split.</summary>
    /// <param name="model">The model that is validated; in evaluation mode afterwards.</param>
    /// <param name="data">The samples.</param>
    public static double Seconds(Model model, PreparedData data)
    {
        if (data.Validation is not { } split || data.CarriesState)
            return 0;
        var labelled = split.LabelledOnly();
        var most = data.Context.Task.IsLanguageModel() ? TimedSequences : TimedSamples;
        var some = labelled.Subset([.. Enumerable.Range(0, Math.Min(most, labelled.Count))]);
        Forward(model, data, some.Subset([0]));
        var start = Stopwatch.GetTimestamp();
        Forward(model, data, some);
        return Stopwatch.GetElapsedTime(start).TotalSeconds * labelled.Count / some.Count;
    }

    private static void Forward(Model model, PreparedData data, Dataset samples)
    {
        model.Eval();
        using var noGrad = Autograd.NoGrad();
        foreach (var batch in data.Once(samples).Enumerate(0))
        {
            using var scope = TensorScope.Open();
            using (batch)
                _ = model.Forward(batch.ToInput(model.Device));
        }
    }
}
