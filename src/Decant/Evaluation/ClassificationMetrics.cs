namespace Decant.Evaluation;

/// <summary>The metrics of a classification, by the names of <see cref="Metric"/>.</summary>
internal static class ClassificationMetrics
{
    /// <summary>Those that the split can give, in the order of the tables.</summary>
    public static IReadOnlyDictionary<string, double> Of(Predictions predictions)
    {
        var confusion = ConfusionMatrix.Of(predictions);
        var classes = ClassScores.Of(confusion);
        var metrics = new Dictionary<string, double>
        {
            ["accuracy"] = Accuracy.Of(predictions),
            ["macro-f1"] = F1.Macro(classes),
            ["weighted-f1"] = F1.Weighted(classes),
        };
        if (RocAuc.Of(predictions).Value is { } area)
            metrics["roc-auc"] = area;
        metrics["mcc"] = MatthewsCorrelation.Of(confusion);
        metrics["nll"] = NegativeLogLikelihood.Of(predictions);
        metrics["ece"] = Calibration.Of(predictions).ExpectedError;
        return metrics;
    }
}
