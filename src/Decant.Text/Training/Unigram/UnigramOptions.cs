using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.Normalization;
using Decant.Text.Patterns;
using Decant.Text.PreTokenization;
using Decant.Text.Vocabularies;

namespace Decant.Text.Training.Unigram;

/// <summary>Unigram, as SentencePiece, T5 and ALBERT have it: tokens have probabilities, and a text becomes its most probable tokens; spaces belong to the word that follows.</summary>
/// <remarks>
/// Frequent substrings are fitted to the corpus by expectation maximisation and pruned, in the order of the likelihood that their removal costs (Kudo 2018, section 3.2).
/// Unlike SentencePiece: no normalisation but case, so that texts come back as they were, but for ▁, which comes back as a space; the probabilities are those of
/// maximum likelihood, without a prior for few tokens. Tokens do not join letters, digits and other signs with one another, as there.
/// </remarks>
public sealed record UnigramOptions : TrainedTokenizerOptions
{
    /// <summary>Whether case is dropped; default: false.</summary>
    [Description("lower-case the text")]
    public bool LowerCase { get; init; }

    /// <summary>The share of the corpus's characters that have a token by themselves, the frequent ones first; default: 0.9995. Chinese has thousands that are rare.</summary>
    [Description("character coverage: the fraction of the texts' characters that have a token of their own")]
    [Range(0.5, 1.0)]
    public double Coverage { get; init; } = 0.9995;

    /// <summary>
    /// Whether 256 tokens encode bytes, of which other characters are made, so that any text can be said and given back; otherwise they are unknown. Default:
    /// on. The package <c>@huggingface/tokenizers</c> takes them for unknown all the same.
    /// </summary>
    [Description("encode characters without a token as bytes; takes 256 of the tokens")]
    public bool ByteFallback { get; init; } = true;

    /// <summary>The most characters of a token; default: 16.</summary>
    [Description("maximum length of a token, in characters")]
    [Range(1, 64)]
    public int MaxTokenLength { get; init; } = 16;

    /// <inheritdoc/>
    /// <exception cref="DecantException">The texts have no words, or the vocabulary has no room for what it must have.</exception>
    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        Normalizer[] spaces = [new PrependNormalizer("▁"), new ReplaceNormalizer(TextPattern.Literal(" "), "▁")];
        var normalizer = new NormalizerSequence(LowerCase ? [new LowercaseNormalizer(), .. spaces] : spaces);
        var runs = WordCounts.Of(texts, normalizer, new PreTokenizerSequence([new MetaspacePreTokenizer('▁', "never", split: true), new RunCutter()]), cancellationToken);
        if (Array.TrueForAll(runs, run => run.Word == "▁")) throw WordCounts.NoWords();

        string[] first = ByteFallback ? [.. SpecialTokens.Names, .. Enumerable.Range(0, 256).Select(ByteTokens.Name)] : SpecialTokens.Names;
        var always = ByteFallback ? ByteTokens.NameCharacters : "▁";
        if (Vocabulary < first.Length + always.Length)
            throw new DecantException($"The tokenizer cannot be trained: a vocabulary of {Vocabulary} was requested, and {first.Length + always.Length} tokens are needed for special tokens{(ByteFallback ? ", bytes" : "")} and '{always}'.");
        var corpus = UnigramCorpus.Of(runs, Coverage, Vocabulary - first.Length, always);
        var pieces = UnigramTraining.Run(corpus, Vocabulary - first.Length, MaxTokenLength, cancellationToken);
        return new Tokenizer(TrainedParts.Of(Model(first, pieces)) with
        {
            Normalizer = NormalizerJson(),
            PreTokenizer = TokenizerParts.Json("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"never","split":true}"""),
            Decoder = TokenizerParts.Json("""
                {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}
                """),
        });
    }

    /// <summary>Special tokens never stand in a word. A byte's name that does is its six characters, so bytes score lower than any six characters.</summary>
    private UnigramModel Model(string[] first, UnigramPiece[] pieces)
    {
        var lowest = Math.Floor(10 * pieces.Min(piece => piece.Score)) - 10;
        (string, double)[] tokens = [.. first.Select((token, i) => (token, i < SpecialTokens.Names.Length ? 0 : lowest)), .. pieces.Select(piece => (piece.Text, piece.Score))];
        return new UnigramModel(tokens, Array.IndexOf(first, "[UNK]"), ByteFallback);
    }

    private System.Text.Json.JsonElement NormalizerJson()
    {
        const string spaces = """{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}""";
        return TokenizerParts.Json($$"""{"type":"Sequence","normalizers":[{{(LowerCase ? """{"type":"Lowercase"},""" : "")}}{{spaces}}]}""");
    }
}
