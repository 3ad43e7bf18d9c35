using Decant.Data;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>What static students of a run are made of: its tokens, and the last teacher's vectors of them, which the student, its control and its other baselines share.</summary>
internal sealed class TokenTable : IDisposable
{
    private (string Key, Tensor Vectors)? _last;

    /// <summary>The tokens of a tokenizer as a teacher reads each alone, with their counts in some samples.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="counted">The samples; null: they are not counted.</param>
    public static TokenTexts Of(ITokenizer tokenizer, Dataset? counted) =>
        new(Sequences(tokenizer, tokenizer, new Dictionary<int, int[]>()), counted is null ? [] : Counts(tokenizer, counted));

    /// <summary>The tokens of a tokenizer with words that another does not have.</summary>
    /// <param name="own">The student's tokenizer.</param>
    /// <param name="teachers">The teacher's.</param>
    /// <param name="pieces">What the teacher reads for the tokens that it does not have, by their ids.</param>
    public static TokenTexts Of(ITokenizer own, ITokenizer teachers, IReadOnlyDictionary<int, int[]> pieces) => new(Sequences(own, teachers, pieces), []);

    /// <summary>The teacher's vectors [N, H] of the tokens that have a row; kept until another teacher is asked, or its weights have changed.</summary>
    public Tensor Vectors(Model teacher, TokenTexts texts, int pad)
    {
        var key = Fingerprint(teacher);
        if (_last is { } last && last.Key == key)
            return last.Vectors;
        _last?.Vectors.Dispose();
        _last = null;
        using var scope = TensorScope.Suspend();
        _last = (key, TokenVectors.Of(teacher, [.. texts.Sequences.OfType<int[]>()], pad));
        return _last.Value.Vectors;
    }

    private static int[]?[] Sequences(ITokenizer own, ITokenizer teachers, IReadOnlyDictionary<int, int[]> pieces)
    {
        var around = SurroundingTokens.Of(teachers);
        var ignored = ContentlessTokens.Of(own).ToHashSet();
        var sequences = new int[]?[own.VocabularySize];
        foreach (var (token, id) in own.TokenToId)
        {
            if (!ignored.Contains(id) && id != own.Special.Pad && id != own.Special.Mask && !ContentlessTokens.IsPlaceholder(token))
                sequences[id] = [.. around.Before, .. pieces.GetValueOrDefault(id) ?? [id], .. around.After];
        }

        return sequences;
    }

    public void Dispose() => _last?.Vectors.Dispose();

    // Sums of all weights: training changes them, and a copy of a model has the same.
    private static string Fingerprint(Model model)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return string.Join(' ', model.StateDict().Select(w => $"{w.Key}={w.Value.To(DType.Float64).Sum().Item():R},{w.Value.To(DType.Float64).Abs().Sum().Item():R}"));
    }

    private static long[] Counts(ITokenizer tokenizer, Dataset samples)
    {
        var counts = new long[tokenizer.VocabularySize];
        foreach (var text in DataPreparation.Texts(samples))
        {
            foreach (var id in tokenizer.Encode(text))
                counts[id]++;
        }

        return counts;
    }
}
