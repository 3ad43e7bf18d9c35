using Microsoft.ML.Tokenizers;

namespace Decant.Bench.Tokenizers;

/// <summary>Microsoft.ML.Tokenizers, which reads vocabularies and SentencePiece's models, and of tokenizer.json those of Unigram.</summary>
internal sealed class MicrosoftPeer : ITokenizerPeer
{
    /// <summary>GPT-2's expression: how byte-level BPE cuts a text into words.</summary>
    private const string Words = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Func<string, IReadOnlyList<int>> _encode;

    /// <summary>Opens the tokenizer.</summary>
    /// <exception cref="NotSupportedException">None of its files is one that the library reads.</exception>
    public MicrosoftPeer(TokenizerUnderTest tokenizer) => _encode = Open(tokenizer);

    public string Name => "Microsoft.ML.Tokenizers";

    public IReadOnlyList<int> Encode(string text) => _encode(text);

    public void Dispose()
    {
    }

    private static Func<string, IReadOnlyList<int>> Open(TokenizerUnderTest tokenizer)
    {
        if (tokenizer.Find("vocab.txt") is { } words)
        {
            // Decant knows whether letters are lowered: it has read the settings beside the vocabulary.
            var lower = tokenizer.Tokenizer.Encode("THE").AsSpan().SequenceEqual(tokenizer.Tokenizer.Encode("the"));
            var bert = BertTokenizer.Create(words, new BertOptions { LowerCaseBeforeTokenization = lower, RemoveNonSpacingMarks = lower });
            return text => bert.EncodeToIds(text, addSpecialTokens: true);
        }

        if (tokenizer.Find("vocab.json") is { } vocabulary && tokenizer.Find("merges.txt") is { } merges)
            return Of(BpeTokenizer.Create(new BpeOptions(vocabulary, merges)
            {
                ByteLevel = true,
                PreTokenizer = new RegexPreTokenizer(new(Words), null),
                BeginningOfSentenceToken = tokenizer.Begin,
                EndOfSentenceToken = tokenizer.End,
            }));
        if (tokenizer.Find("tokenizer.model") is { } model)
            return SentencePiece(model, stream => SentencePieceTokenizer.Create(stream, tokenizer.Begin is not null, tokenizer.End is not null));
        if (tokenizer.Find("tokenizer.json") is { } json)
            return SentencePiece(json, stream => SentencePieceTokenizer.CreateFromTokenizerJson(stream, tokenizer.Begin is not null, tokenizer.End is not null));
        throw new NotSupportedException($"{tokenizer.Source} has no vocab.txt, vocab.json with merges.txt, tokenizer.model or tokenizer.json");
    }

    private static Func<string, IReadOnlyList<int>> SentencePiece(string path, Func<Stream, Tokenizer> open)
    {
        using var stream = File.OpenRead(path);
        return Of(open(stream));
    }

    private static Func<string, IReadOnlyList<int>> Of(Tokenizer tokenizer) => text => tokenizer.EncodeToIds(text);
}
