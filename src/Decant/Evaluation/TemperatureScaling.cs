namespace Decant.Evaluation;

/// <summary>Calibrates probabilities by one number: the temperature τ that makes the negative log-likelihood of softmax(z ÷ τ) smallest on labelled samples.</summary>
/// <remarks>Guo et al. 2017, arXiv:1706.04599, section 4.2. No answer changes, for all classes are divided by the same number.</remarks>
internal static class TemperatureScaling
{
    private const double Smallest = 0.05;
    private const double Largest = 20;
    private const int Steps = 60;

    /// <summary>The temperature, from 0.05 to 20. The likelihood has one valley in 1 ÷ τ, which is searched by the golden section.</summary>
    /// <param name="logits">[N][C], one row for each labelled sample; N is 1 or more.</param>
    /// <param name="labels">[N], the class of each.</param>
    /// <returns>τ, and the mean negative log-likelihood in nats at τ = 1 and at τ.</returns>
    public static (double Temperature, double Before, double After) Fit(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfZero(logits.Count);
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (1 / Largest, 1 / Smallest);
        for (var step = 0; step < Steps; step++)
        {
            var (a, b) = (high - golden * (high - low), low + golden * (high - low));
            if (Loss(a) <= Loss(b)) high = b;
            else low = a;
        }

        var best = (low + high) / 2;
        return (1 / best, Loss(1), Loss(best));

        double Loss(double inverse) => logits.Zip(labels, (row, label) => -LogLikelihood(row, label, inverse)).Average();
    }

    private static double LogLikelihood(float[] row, int label, double inverse)
    {
        var largest = row.Max() * inverse;
        return row[label] * inverse - largest - Math.Log(row.Sum(z => Math.Exp(z * inverse - largest)));
    }
}
