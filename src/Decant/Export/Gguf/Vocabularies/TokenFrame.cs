using Decant.Text;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>The token before and the token after a text that a model reads.</summary>
/// <param name="Before">That before it; null: none.</param>
/// <param name="After">That after it; null: none.</param>
internal readonly record struct TokenFrame(int? Before, int? After)
{
    private const string Sample = "a";

    /// <summary>That of a text that a model goes on with: what the tokenizer's template puts before it, if it puts nothing behind it. A template that closes texts as well, as BERT's, is none of language models.</summary>
    public static TokenFrame OfContinued(ITokenizer tokenizer) => Around(tokenizer) is { After.Length: 0 } frame ? new(One(frame.Before), null) : default;

    /// <summary>That of a whole text: what the tokenizer's template puts around it.</summary>
    public static TokenFrame OfWhole(ITokenizer tokenizer) => Around(tokenizer) is var frame ? new(One(frame.Before), One(frame.After)) : default;

    private static (int[] Before, int[] After) Around(ITokenizer tokenizer)
    {
        var (all, text) = (tokenizer.EncodeForModel(Sample, null, int.MaxValue).Ids, tokenizer.Encode(Sample));
        var start = Enumerable.Range(0, all.Length - text.Length + 1).First(at => all.AsSpan(at, text.Length).SequenceEqual(text));
        return (all[..start], all[(start + text.Length)..]);
    }

    private static int? One(int[] ids) => ids switch
    {
        [] => null,
        [var id] => id,
        _ => throw GgufVocabulary.Refused($"it puts {ids.Length} tokens in one place around a text, and llama.cpp at most one"),
    };
}
