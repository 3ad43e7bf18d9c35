using System.Globalization;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;

namespace Decant.Runs.Comparing;

/// <summary>
/// Raises the output bias of chosen classes by the amount that scores best on the validation split, and reports the effect on the test split. A student that never saw a class
/// in its transfer set has learned it from the teacher's soft targets, but with a bias that is too low (Hinton et al. 2015, section 3).
/// </summary>
internal static class BiasTuning
{
    private const double Reach = 12;
    private const double Grid = 0.1;

    public static void Write(Model model, string arm, long seed, Predictions test, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        if (recipe.Evaluate.TuneBias.Count == 0 || data.Validation is null)
            return;
        var validation = Predictor.Predict(model, AnswerProgress.Measuring(data.Once(data.Validation), "validation", arm, seed, log.Show), cancellationToken);
        foreach (var name in recipe.Evaluate.TuneBias)
        {
            var c = data.Classes.ToList().IndexOf(name);
            var bias = Best(validation, c);
            var tuned = Raised(test, c, bias);
            log.Note(string.Create(CultureInfo.InvariantCulture,
                $"{arm}, seed {seed}: with the bias of class {name} raised by {bias:0.0} (chosen on the validation split) {Wrong(tuned)} errors instead of {Wrong(test)}, " +
                $"{Wrong(tuned, c)} of them on the {Count(test, c)} samples of class {name} instead of {Wrong(test, c)}."));
        }
    }

    private static double Best(Predictions predictions, int c)
    {
        var steps = (int)(Reach / Grid);
        // The smallest of equally good ones.
        return Enumerable.Range(0, steps + 1).Select(i => i * Grid).MinBy(bias => Wrong(Raised(predictions, c, bias)));
    }

    private static Predictions Raised(Predictions predictions, int c, double bias)
    {
        var logits = (float[])predictions.Logits.Clone();
        for (var i = c; i < logits.Length; i += predictions.Classes)
            logits[i] += (float)bias;
        return new Predictions(logits, predictions.Classes, predictions.Labels, predictions.SampleIds);
    }

    private static int Wrong(Predictions predictions, int? c = null) =>
        Enumerable.Range(0, predictions.Count).Count(i => !predictions.IsCorrect(i) && (c is null || predictions.Labels[i] == c));

    private static int Count(Predictions predictions, int c) => predictions.Labels.Count(label => label == c);
}
