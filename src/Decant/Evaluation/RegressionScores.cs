namespace Decant.Evaluation;

/// <summary>How well one output of a regression is met.</summary>
/// <param name="Count">How many samples have a target for it.</param>
/// <param name="Pearson">Pearson's correlation with the targets.</param>
/// <param name="Spearman">Spearman's.</param>
/// <param name="MeanSquaredError">Mean of (answer − target)², in the data's unit squared.</param>
/// <param name="MeanAbsoluteError">Mean of |answer − target|, in the data's unit.</param>
internal sealed record RegressionScores(int Count, double Pearson, double Spearman, double MeanSquaredError, double MeanAbsoluteError)
{
    internal static RegressionScores Of(double[] answers, double[] targets) => new(
        answers.Length,
        Correlation.Pearson(answers, targets),
        Correlation.Spearman(answers, targets),
        answers.Zip(targets, (a, t) => (a - t) * (a - t)).Average(),
        answers.Zip(targets, (a, t) => Math.Abs(a - t)).Average());
}
