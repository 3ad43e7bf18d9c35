using Decant.Data;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Texts that a model wrote after the prompts of a batch, in managed memory.</summary>
/// <param name="By">Which model.</param>
/// <param name="Samples">The samples whose prompts they continue.</param>
/// <param name="Prompts">The prompts, of at least one token each.</param>
/// <param name="Tokens">What was written after each, the token that ended it included; at least one token.</param>
/// <param name="LogProbabilities">With which logarithm of the probability each was drawn.</param>
internal sealed record WrittenTexts(TextAuthor By, IReadOnlyList<SampleId> Samples, int[][] Prompts, int[][] Tokens, float[][] LogProbabilities)
{
    /// <summary>The teacher's scores of the tokens of all texts, one text after the other; null: not known.</summary>
    public float[]? Scores { get; set; }

    /// <summary>As a batch on the CPU. What the teacher wrote has its tokens as labels; what the student wrote has none.</summary>
    /// <param name="pad">What fills shorter texts.</param>
    /// <param name="vocabulary">V.</param>
    public Batch ToBatch(int pad, int vocabulary)
    {
        var rows = new TokenRows(Samples, Prompts.Zip(Tokens, (p, t) => p.Length + t.Length - 1).Max(), pad, vocabulary);
        for (var i = 0; i < Prompts.Length; i++)
        {
            rows.Put(i, [.. Prompts[i], .. Tokens[i].AsSpan(0, Tokens[i].Length - 1)]);
            for (var t = 0; t < Tokens[i].Length; t++)
                rows.Ask(i, Prompts[i].Length - 1 + t, By == TextAuthor.Teacher ? Tokens[i][t] : Batch.NoLabel);
        }

        using var scope = TensorScope.Open();
        return rows.ToBatch(written: new WrittenTokens(
            By, Tensor.From(Array.ConvertAll<int, long>([.. Tokens.SelectMany(t => t)], id => id), Tokens.Sum(t => t.Length)), Tensor.From([.. LogProbabilities.SelectMany(p => p)], Tokens.Sum(t => t.Length))));
    }
}
