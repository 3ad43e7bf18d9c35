namespace Decant.Models.FromTeacher;

/// <summary>The weights of tokens by their frequency.</summary>
internal static class TokenWeights
{
    /// <summary>The weight of every token [V]; 0 for those without a row.</summary>
    /// <param name="options">Which weighting.</param>
    /// <param name="texts">The tokens.</param>
    /// <exception cref="DecantException">The weighting needs counts, and the texts have no token.</exception>
    public static double[] Of(StaticOfTeacher options, TokenTexts texts)
    {
        var hasRow = texts.Sequences.Select(s => s is not null).ToArray();
        var p = options.Weighting switch
        {
            TokenWeighting.Zipf => Zipf(hasRow),
            TokenWeighting.Sif => Frequencies(hasRow, texts.Counts),
            _ => null,
        };
        return [.. hasRow.Select((has, id) => !has ? 0 : p is null ? 1 : options.Coefficient / (options.Coefficient + p[id]))];
    }

    // Ranks are counted from 1 over the tokens that have a row, and the first has 1/2 of the harmonic series, as in Model2Vec.
    private static double[] Zipf(bool[] hasRow)
    {
        var p = new double[hasRow.Length];
        var rank = 1;
        for (var id = 0; id < p.Length; id++)
            p[id] = hasRow[id] ? 1.0 / ++rank : 0;
        var sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }

    private static double[] Frequencies(bool[] hasRow, IReadOnlyList<long> counts)
    {
        var sum = counts.Where((_, id) => hasRow[id]).Sum();
        if (sum == 0)
            throw new DecantException("student.from-teacher.static: 'weighting: sif' counts the tokens of the transfer set, and its texts have none that has a row. Say 'weighting: zipf', or give texts.");
        return [.. counts.Select((count, id) => hasRow[id] ? (double)count / sum : 0)];
    }
}
