using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Runs.Recipes.Kinds;
using Decant.Text.Training;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What the models are given of a sample; teacher and student get the same.</summary>
internal sealed record InputSection : ImageInput
{
    /// <summary>What a sample is.</summary>
    [Description("type of the samples")]
    public required InputKind Kind { get; init; }

    /// <summary>What turns text into ids, for text only; left out, the tokenizer of the teacher that is loaded.</summary>
    [Description("tokenizer")]
    [ChoiceOf(Sections.Tokenizer)]
    public TokenizerOptions? Tokenizer { get; init; }

    /// <summary>Tokens a text is cut to, special tokens included; required for text, refused otherwise.</summary>
    [Description("maximum sequence length, in tokens, special tokens included; longer texts are truncated")]
    [Range(2, 1 << 20)]
    public int? MaxTokens { get; init; }

    /// <summary>For language models, whether documents that share a sequence see each other; null: they do.</summary>
    [Description("attention between documents packed into one sequence: joined (allowed) or separate (masked); default: joined")]
    public Documents? Documents { get; init; }

    /// <summary>For language models, the token after each document, which a loaded teacher should know from its own training; null: the tokenizer's own.</summary>
    [Description("token appended to each document, such as <s> or <|endoftext|>; default: the tokenizer's")]
    public string? EndOfText { get; init; }

    /// <summary>
    /// For recurrent language models, whether each sequence continues where the one before ended, so that the model keeps its state (truncated back-propagation
    /// through time); null: it does not.
    /// </summary>
    [Description("keep the state of a recurrent model from one batch to the next (truncated backpropagation through time); default: false")]
    public bool? CarryState { get; init; }

    /// <summary>For masked language models, which tokens are hidden; default: BERT's way.</summary>
    [Description("masking of tokens for masked language modelling; default: that of BERT")]
    public MaskedOptions? Mask { get; init; }

    /// <summary>For tagged words, what becomes of a word that the tokenizer has no token for; null: it is a fault.</summary>
    [Description("what to do with words that become no token at all: refuse, or replace by the unknown token; default: refuse")]
    public UntokenizedWords? UntokenizedWords { get; init; }

    /// <summary>Which tokens of a loaded tokenizer the models keep; null: all.</summary>
    [Description("vocabulary of the models: all tokens of a loaded tokenizer, all but placeholders such as [unused12] (named), or those used in the training texts; default: all")]
    public KeptVocabulary? Vocabulary { get; init; }
}

/// <summary>Whether documents that share a sequence see each other.</summary>
internal enum Documents
{
    /// <summary>They do, with an end-of-text token between them.</summary>
    Joined,

    /// <summary>They do not: attention stays within a document.</summary>
    Separate,
}

/// <summary>What becomes of a tagged word that the tokenizer has no token for, such as a mark that is nothing by itself.</summary>
internal enum UntokenizedWords
{
    /// <summary>The run does not start; the words are reported with their places.</summary>
    Refuse,

    /// <summary>The tokenizer's unknown token replaces it.</summary>
    Unknown,
}

/// <summary>Which tokens of a loaded tokenizer the models keep.</summary>
internal enum KeptVocabulary
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>All but those that stand there for others to use, such as <c>[unused12]</c>, which no text becomes: the models have no rows for them.</summary>
    Named,

    /// <summary>Those that the training texts use, and the special ones: embeddings and output of the teacher are cut to them, and the student has no others.</summary>
    Used,
}
