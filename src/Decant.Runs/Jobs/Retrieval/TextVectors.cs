using Decant.Modules;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>What a model answers to texts, vectors or scores, those of similar length computed together.</summary>
internal static class TextVectors
{
    private const int Batch = 64;

    /// <summary>[N] vectors in the order of the texts.</summary>
    /// <param name="model">An embedding, in evaluation mode.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="texts">N texts.</param>
    /// <param name="maxTokens">The most tokens of a text; the rest is cut off.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static float[][] Of(Model model, ITokenizer tokenizer, IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) =>
        OfPairs(model, tokenizer, [.. texts.Select(text => (text, (string?)null))], maxTokens, cancellationToken);

    /// <summary>[N] answers to texts or pairs of texts, in their order.</summary>
    /// <param name="model">A model of whole texts, in evaluation mode.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="texts">N texts; the second is null where there is one.</param>
    /// <param name="maxTokens">The most tokens of a text or pair; the rest is cut off.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static float[][] OfPairs(Model model, ITokenizer tokenizer, IReadOnlyList<(string Text, string? Pair)> texts, int maxTokens, CancellationToken cancellationToken)
    {
        var ids = new EncodedText[texts.Count];
        Parallel.For(0, ids.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => ids[i] = tokenizer.EncodeForModel(texts[i].Text, texts[i].Pair, maxTokens));
        var vectors = new float[ids.Length][];
        using var noGrad = Autograd.NoGrad();
        foreach (var chosen in Enumerable.Range(0, ids.Length).OrderByDescending(i => ids[i].Ids.Length).Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Open();
            var answer = model.Forward(Input([.. chosen.Select(i => ids[i])], tokenizer.Special.Filler)); // [B, D]
            var (numbers, width) = (answer.To(Device.Cpu).To(DType.Float32).ToArray<float>(), (int)answer.Size(1));
            for (var row = 0; row < chosen.Length; row++)
                vectors[chosen[row]] = numbers.AsSpan(row * width, width).ToArray();
        }

        return vectors;
    }

    private static ModelInput Input(EncodedText[] rows, int pad)
    {
        var longest = Math.Max(1, rows.Max(r => r.Ids.Length));
        var (ids, types, mask) = (new long[rows.Length * longest], new long[rows.Length * longest], new bool[rows.Length * longest]);
        Array.Fill(ids, pad);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var t = 0; t < rows[row].Ids.Length; t++)
                (ids[row * longest + t], types[row * longest + t], mask[row * longest + t]) = (rows[row].Ids[t], rows[row].TypeIds[t], true);
        }

        var hasPairs = types.AsSpan().IndexOfAnyExcept(0) >= 0;
        return new(Tensor.From(ids, rows.Length, longest), Tensor.From(mask, rows.Length, longest), hasPairs ? Tensor.From(types, rows.Length, longest) : null) { Lengths = [.. rows.Select(r => (long)r.Ids.Length)] };
    }
}
