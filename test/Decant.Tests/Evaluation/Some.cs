using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

/// <summary>Predictions made for tests.</summary>
internal static class Some
{
    /// <summary>Predictions from rows of logits and labels, with ids 0, 1, 2 ….</summary>
    public static Predictions Predictions(float[][] rows, params int[] labels) =>
        new([.. rows.SelectMany(r => r)], rows[0].Length, labels, Ids(labels.Length));

    /// <summary>A model that gives these answers with a logit margin of 1.</summary>
    public static Predictions Answers(int classes, int[] answers, int[] labels) =>
        Predictions([.. answers.Select(a => Enumerable.Range(0, classes).Select(c => c == a ? 1f : 0f).ToArray())], labels);

    /// <summary>Random logits and labels; every class may be absent.</summary>
    public static Predictions Random(int seed, int classes, int count)
    {
        var random = new Random(seed);
        var logits = Enumerable.Range(0, classes * count).Select(_ => (float)(random.NextDouble() * 8 - 4)).ToArray();
        var labels = Enumerable.Range(0, count).Select(_ => random.Next(classes)).ToArray();
        return new Predictions(logits, classes, labels, Ids(count));
    }

    /// <summary>The same samples in another order.</summary>
    public static Predictions Permuted(Predictions p, int seed)
    {
        var order = Enumerable.Range(0, p.Count).ToArray();
        new Random(seed).Shuffle(order);
        return new Predictions(
            [.. order.SelectMany(i => p.Row(i).ToArray())],
            p.Classes,
            [.. order.Select(i => p.Labels[i])],
            [.. order.Select(i => p.SampleIds[i])]);
    }

    public static ulong[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => (ulong)i)];
}
