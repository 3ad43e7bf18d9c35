namespace Decant.Teachers.Remote.Extracting;

/// <summary>Counts the tags that several answers give to each word.</summary>
internal static class TagVotes
{
    /// <summary>The shares.</summary>
    /// <param name="answers">The index of each word's tag, answer by answer; one answer or more.</param>
    /// <param name="words">W.</param>
    /// <param name="tags">C.</param>
    /// <returns>[W][C], with the sum 1 for each word.</returns>
    public static double[][] Shares(IReadOnlyList<int[]> answers, int words, int tags)
    {
        double[][] shares = [.. Enumerable.Range(0, words).Select(_ => new double[tags])];
        for (var word = 0; word < words; word++)
        {
            foreach (var answer in answers)
                shares[word][answer[word]] += 1.0 / answers.Count;
        }

        return shares;
    }
}
