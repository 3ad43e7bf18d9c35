namespace Decant.Evaluation;

/// <summary>Ranks from 1; values that tie share the mean of their ranks.</summary>
internal static class Ranks
{
    public static double[] Of(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var k = start; k < end; k++)
                ranks[order[k]] = (start + 1 + end) / 2.0;
            start = end;
        }

        return ranks;
    }
}
