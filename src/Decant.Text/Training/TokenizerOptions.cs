using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Files;
using Decant.Text.Models;
using Decant.Text.Normalization;
using Decant.Text.PreTokenization;
using Decant.Text.Vocabularies;

namespace Decant.Text.Training;

/// <summary>How a tokenizer is trained on a corpus; each kind has its own record.</summary>
public abstract record TokenizerOptions
{
    /// <summary>Makes the tokenizer; of texts that it is trained on, which should be those of the training split alone.</summary>
    /// <remarks>The same texts give the same tokenizer, in any order.</remarks>
    /// <param name="texts">Read once, or not at all.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="DecantException">The texts have no words.</exception>
    public abstract ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default);
}

/// <summary>An existing tokenizer.</summary>
public sealed record LoadedTokenizerOptions : TokenizerOptions
{
    /// <summary>A folder with tokenizer.json, vocab.txt, vocab.json with merges.txt, or a SentencePiece model.</summary>
    [Description("folder with tokenizer.json, vocab.txt, vocab.json with merges.txt, or a SentencePiece model; or hf:ORG/NAME for the tokenizer of a model of Hugging Face's hub")]
    [LocalPath(OrModel = true)]
    public required string From { get; init; }

    /// <inheritdoc/>
    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default) => TokenizerFile.Load(From);
}

/// <summary>What every tokenizer that is trained has.</summary>
public abstract record TrainedTokenizerOptions : TokenizerOptions
{
    /// <summary>The most tokens, special ones included; default: 8,000.</summary>
    [Description("vocabulary size")]
    [Range(300, 1_000_000)]
    public int Vocabulary { get; init; } = 8000;
}

/// <summary>What every tokenizer that learns merges has.</summary>
public abstract record MergedTokenizerOptions : TrainedTokenizerOptions
{
    /// <summary>Two tokens are joined only if they stand side by side at least so often; default: 2.</summary>
    [Description("minimum frequency of a pair of tokens that is merged")]
    [Range(1, int.MaxValue)]
    public int MinFrequency { get; init; } = 2;
}

/// <summary>WordPiece, as BERT has it: words cut at spaces and punctuation, Chinese character by character; inside a word tokens begin with ##.</summary>
/// <remarks>
/// The vocabulary is built by joining the most frequent pairs, as the <c>tokenizers</c> library does, not by likelihood as in Schuster and Nakajima 2012.
/// </remarks>
public sealed record WordPieceOptions : MergedTokenizerOptions
{
    /// <summary>Whether case and accents are dropped; default: true.</summary>
    [Description("lower-case the text and strip accents")]
    public bool LowerCase { get; init; } = true;

    /// <inheritdoc/>
    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        var normalizer = new BertNormalizer(cleanText: true, handleChinese: true, stripAccents: LowerCase, lowerCase: LowerCase);
        var words = WordCounts.Of(texts, normalizer, new BertPreTokenizer(), cancellationToken);
        var corpus = PairMerging.Begin(words, WordPieceModel.Prefix, [], Vocabulary - SpecialTokens.Names.Length);
        var trained = PairMerging.Run(corpus, Vocabulary - SpecialTokens.Names.Length, MinFrequency, WordPieceModel.Prefix, cancellationToken);
        return new Tokenizer(TrainedParts.Of(new WordPieceModel(TrainedParts.Vocabulary(trained.Tokens))) with
        {
            Normalizer = TokenizerParts.Json(new JsonObject { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = true, ["strip_accents"] = LowerCase, ["lowercase"] = LowerCase }),
            PreTokenizer = TokenizerParts.Json("""{"type":"BertPreTokenizer"}"""),
            Decoder = TokenizerParts.Json("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
        });
    }
}

/// <summary>Byte-level BPE, as GPT-2 has it: any text can be said and given back exactly; spaces belong to the word that follows.</summary>
public sealed record ByteBpeOptions : MergedTokenizerOptions
{
    /// <summary>Whether case is dropped; default: false.</summary>
    [Description("lower-case the text")]
    public bool LowerCase { get; init; }

    /// <inheritdoc/>
    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        var normalizer = LowerCase ? new LowercaseNormalizer() : null;
        var words = WordCounts.Of(texts, normalizer, new PreTokenizerSequence([new ByteLevelCutter(false, true), new ByteWriter()]), cancellationToken);
        var corpus = PairMerging.Begin(words, "", ByteLevel.Alphabet, Vocabulary - SpecialTokens.Names.Length);
        var trained = PairMerging.Run(corpus, Vocabulary - SpecialTokens.Names.Length, MinFrequency, "", cancellationToken);
        return new Tokenizer(TrainedParts.Of(new BpeModel(TrainedParts.Vocabulary(trained.Tokens), trained.Merges)) with
        {
            Normalizer = LowerCase ? TokenizerParts.Json("""{"type":"Lowercase"}""") : null,
            PreTokenizer = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"""),
            Decoder = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
        });
    }
}
