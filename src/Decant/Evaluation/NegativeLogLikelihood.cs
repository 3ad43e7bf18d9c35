namespace Decant.Evaluation;

/// <summary>How surprised the model is by the labels: the mean of −log p(label).</summary>
internal static class NegativeLogLikelihood
{
    /// <summary>Mean over the samples, in nats; log C is what a guess at even odds gets.</summary>
    public static double Of(Predictions predictions) => PerSample(predictions).Average();

    /// <summary>−log softmax(z)[label] per sample [N], in nats.</summary>
    public static double[] PerSample(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var log = new double[predictions.Classes];
        var values = new double[predictions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            LogSoftmax.Into(predictions.Row(i), log);
            values[i] = -log[predictions.Labels[i]];
        }
        return values;
    }
}
