namespace Decant.Evaluation;

/// <summary>The log-probabilities of one row of logits, in double precision.</summary>
internal static class LogSoftmax
{
    /// <summary>Writes log softmax(row) [C] into <paramref name="target"/>.</summary>
    public static void Into(ReadOnlySpan<float> row, Span<double> target)
    {
        double largest = row[0];
        foreach (var logit in row)
            largest = Math.Max(largest, logit);
        double sum = 0;
        foreach (var logit in row)
            sum += Math.Exp(logit - largest);
        var logSum = largest + Math.Log(sum);
        for (var c = 0; c < row.Length; c++)
            target[c] = row[c] - logSum;
    }
}
