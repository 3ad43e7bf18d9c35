namespace Decant.Evaluation;

/// <summary>The share of samples with the largest logit at the label.</summary>
internal static class Accuracy
{
    /// <summary>Right answers ÷ N, from 0 to 1.</summary>
    public static double Of(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var right = 0;
        for (var i = 0; i < predictions.Count; i++)
            if (predictions.IsCorrect(i))
                right++;
        return (double)right / predictions.Count;
    }
}
