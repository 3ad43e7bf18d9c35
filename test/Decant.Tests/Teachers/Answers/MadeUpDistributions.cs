namespace Decant.Tests.Teachers.Answers;

/// <summary>How ids of a made-up vocabulary are related to how frequent they are.</summary>
public enum IdOrder
{
    /// <summary>The more frequent, the smaller: what is drawn lies at the beginning.</summary>
    ByFrequency,

    /// <summary>The same with the noise of a context on every logit (standard deviation 4): others come first at each position.</summary>
    InContext,

    /// <summary>Another order at each position: ids say nothing of how frequent they are. The worst case.</summary>
    Shuffled,
}

/// <summary>Zipf's distributions over vocabularies of real sizes.</summary>
internal static class MadeUpDistributions
{
    /// <summary>Rows of logits, −s·log(rank).</summary>
    public static IEnumerable<float[]> Rows(int vocabulary, double exponent, IdOrder order, int count, int seed)
    {
        var random = new Random(seed);
        var plain = new float[vocabulary];
        for (var id = 0; id < vocabulary; id++)
            plain[id] = (float)(-exponent * Math.Log(id + 1));
        for (var i = 0; i < count; i++)
        {
            var row = (float[])plain.Clone();
            if (order == IdOrder.Shuffled)
                random.Shuffle(row);
            if (order == IdOrder.InContext)
            {
                for (var id = 0; id < vocabulary; id++)
                    row[id] += 4 * (float)Gaussian(random);
            }

            yield return row;
        }
    }

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
