using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Sequence;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Sequence;

/// <summary>Two language models of a vocabulary of 5 that write at most 3 tokens, small enough for sums over every text: a table of logits for every prefix. Token 4 ends a text.</summary>
internal sealed class Enumerated
{
    private const int Vocabulary = 5, MostTokens = 3, End = 4;

    private readonly List<int[]> _prefixes = [[]];

    public Enumerated(ulong seed, double scale = 1.5)
    {
        for (var i = 0; i < _prefixes.Count; i++)
        {
            if (_prefixes[i].Length < MostTokens - 1)
                _prefixes.AddRange(Enumerable.Range(0, Vocabulary - 1).Select(token => (int[])[.. _prefixes[i], token]));
        }

        var rng = Rng.For(seed, 1);
        Student = Table(ref rng, scale);
        Teacher = Table(ref rng, scale);
        Other = Table(ref rng, scale);
    }

    /// <summary>[prefixes, V], in the order of the prefixes.</summary>
    public float[] Student { get; }

    public float[] Teacher { get; set; }

    /// <summary>Another writer.</summary>
    public float[] Other { get; }

    /// <summary>Every text that can be written.</summary>
    public IEnumerable<int[]> Texts => _prefixes.SelectMany(prefix => Enumerable.Range(0, Vocabulary).Select(token => (int[])[.. prefix, token]))
        .Where(text => text[^1] == End || text.Length == MostTokens);

    /// <summary>The probability of a text.</summary>
    public double Probability(float[] writer, int[] text) => Math.Exp(LogProbabilities(writer, text).Sum());

    /// <summary>The mean over texts of a writer of what an objective says, with its gradient, and the variance of the former; each text is a batch.</summary>
    public (double Value, double Variance, double[] Gradient) Expected(ISequenceObjective objective, float[]? writer = null)
    {
        writer ??= Student;
        var (value, square, gradient) = (0.0, 0.0, new double[Student.Length]);
        foreach (var text in Texts)
        {
            var probability = Probability(writer, text);
            var (sum, slope) = Of(objective, [text], writer);
            value += probability * sum;
            square += probability * sum * sum;
            for (var i = 0; i < gradient.Length; i++)
                gradient[i] += probability * slope[i];
        }

        return (value, square - (value * value), gradient);
    }

    /// <summary>What an objective says of some texts that a writer wrote.</summary>
    public (double Sum, float[] Gradient) Of(ISequenceObjective objective, int[][] texts, float[] writer)
    {
        using var scope = TensorScope.Open();
        using var batch = Batch(texts, writer);
        var student = Tensor.From(Student, Student.Length / Vocabulary, Vocabulary);
        student.RequiresGrad = true;
        var rows = Tensor.From([.. texts.SelectMany(Prefixes).Select(i => (long)i)], batch.Rows);
        var teacher = Tensor.From(Teacher, Teacher.Length / Vocabulary, Vocabulary).IndexSelect(0, rows);
        var sum = objective.Compute(new StudentOutput(student.IndexSelect(0, rows)), new DenseLogits(teacher), batch).Sum;
        return (sum.Item(), Autograd.Grad([sum], [student])[0]!.ToArray<float>());
    }

    /// <summary>The divergence of the texts as a whole, Σ over prefixes of q(prefix)·D(prefix), and its gradient: with that of the prefixes' probabilities, or without.</summary>
    public (double Value, float[] Gradient) Exact(OnPolicy options, bool ofWholeTexts)
    {
        using var scope = TensorScope.Open();
        var student = Tensor.From(Student, Student.Length / Vocabulary, Vocabulary);
        student.RequiresGrad = true;
        var logQ = student.LogSoftmax(-1);
        var divergences = TokenDivergences.OfRows(options, Tensor.From(Teacher, Teacher.Length / Vocabulary, Vocabulary).LogSoftmax(-1), logQ);
        var total = Tensor.Zeros([]);
        foreach (var (prefix, i) in _prefixes.Select((p, i) => (p, i)))
        {
            var reached = Tensor.Zeros([]);
            foreach (var (row, token) in Prefixes(prefix).Zip(prefix))
                reached += logQ.Select(0, row).Select(0, token);
            total += (ofWholeTexts ? reached : reached.Detach()).Exp() * divergences.Select(0, i);
        }

        return (total.Item(), Autograd.Grad([total], [student])[0]!.ToArray<float>());
    }

    /// <summary>Draws texts.</summary>
    public IEnumerable<int[]> Draw(float[] writer, int count, ulong seed)
    {
        var rng = Rng.For(seed, 2);
        var texts = Texts.ToArray();
        var probabilities = texts.Select(t => Probability(writer, t)).ToArray();
        for (var n = 0; n < count; n++)
        {
            var (point, i) = (rng.NextDouble(), 0);
            while (i < texts.Length - 1 && (point -= probabilities[i]) >= 0)
                i++;
            yield return texts[i];
        }
    }

    private Batch Batch(int[][] texts, float[] writer)
    {
        var rows = texts.Sum(t => t.Length);
        return new Batch(Tensor.Zeros([texts.Length, MostTokens], DType.Int64), Tensor.From(Enumerable.Repeat(Decant.Data.Batching.Batch.NoLabel, rows).ToArray(), rows), 0, [.. texts.Select((_, i) => new SampleId((ulong)i))])
        {
            RowsPerSample = [.. texts.Select(t => t.Length)],
            Written = new WrittenTokens(
                TextAuthor.Student, Tensor.From([.. texts.SelectMany(t => t).Select(t => (long)t)], rows), Tensor.From([.. texts.SelectMany(t => LogProbabilities(writer, t)).Select(p => (float)p)], rows)),
        };
    }

    private IEnumerable<double> LogProbabilities(float[] writer, int[] text) => Prefixes(text).Zip(text, (row, token) =>
    {
        var logits = writer.AsSpan(row * Vocabulary, Vocabulary).ToArray();
        return logits[token] - Math.Log(logits.Sum(z => Math.Exp(z)));
    });

    // The prefix that stands before each token.
    private IEnumerable<int> Prefixes(int[] text) => Enumerable.Range(0, text.Length).Select(length => _prefixes.FindIndex(p => p.AsSpan().SequenceEqual(text.AsSpan(0, length))));

    private float[] Table(ref Rng rng, double scale)
    {
        var table = new float[_prefixes.Count * Vocabulary];
        for (var i = 0; i < table.Length; i++)
            table[i] = (float)(scale * ((2 * rng.NextDouble()) - 1));
        return table;
    }
}
