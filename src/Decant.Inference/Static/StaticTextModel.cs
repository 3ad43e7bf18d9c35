using Decant.Inference.Sessions;
using Decant.Text;

namespace Decant.Inference.Static;

/// <summary>A static model: the mean of the rows of a text's tokens, and perhaps a head. It needs no ONNX Runtime.</summary>
/// <param name="path">The file of its weights.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="maxTokens">The most tokens of a text, special ones included, as it was trained; they are not read.</param>
/// <param name="table">Its rows.</param>
/// <param name="head">The layers on the mean, ReLU between them; empty: the mean is the answer.</param>
internal sealed class StaticTextModel(string path, ITokenizer tokenizer, int maxTokens, StaticTable table, IReadOnlyList<StaticLayer> head) : ITextModel
{
    private const int Chunk = 64; // texts that a thread takes at once

    private readonly int _most = Math.Max(1, maxTokens - Around(tokenizer).Length);
    private readonly bool _isBare = Array.TrueForAll(Around(tokenizer), table.Ignores);

    /// <inheritdoc/>
    public ITokenizer Tokenizer => tokenizer;

    /// <inheritdoc/>
    public int MaxTokens => maxTokens;

    /// <inheritdoc/>
    public int Width => head.Count > 0 ? head[^1].Width : table.Width;

    /// <inheritdoc/>
    public bool IsPerToken => false;

    /// <inheritdoc/>
    public bool IsParallel => true;

    /// <inheritdoc/>
    public TextInput Encode(string text, string? pair = null)
    {
        if (pair is not null || !_isBare)
        {
            var both = tokenizer.EncodeForModel(text, pair, maxTokens).Ids;
            return new(both, [], both.Length >= maxTokens && tokenizer.EncodeForModel(text, pair, int.MaxValue).Ids.Length > both.Length);
        }

        var ids = tokenizer.Encode(text);
        return ids.Length <= _most ? new(ids, [], false) : new(ids[.._most], [], true);
    }

    /// <inheritdoc/>
    public float[] Ask(in TextInput text)
    {
        var answer = table.Mean(text.Ids);
        for (var layer = 0; layer < head.Count; layer++)
            answer = head[layer].Of(answer, rectifies: layer < head.Count - 1);
        return answer;
    }

    /// <inheritdoc/>
    public float[][] Ask(TextInput[] texts, int batch, CancellationToken cancellationToken = default)
    {
        var answers = new float[texts.Length][];
        Chunks.OnAllCores(texts.Length, Chunk, i => answers[i] = Ask(in texts[i]), cancellationToken);
        return answers;
    }

    /// <summary>Nothing is held but managed memory.</summary>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => path;

    // What stands around a text is not even looked up where it does not count.
    private static int[] Around(ITokenizer tokenizer)
    {
        var around = SurroundingTokens.Of(tokenizer);
        return [.. around.Before, .. around.After];
    }
}
