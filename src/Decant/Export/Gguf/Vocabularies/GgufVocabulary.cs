using Decant.Text;
using Decant.Text.Configuration;
using Decant.Text.Models;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>The kinds of tokens that llama.cpp knows, with their numbers.</summary>
internal enum GgufTokenKind
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>What stands for the unknown.</summary>
    Unknown = 2,

    /// <summary>One that means something of its own and is no text.</summary>
    Control = 3,

    /// <summary>A text that is always one token.</summary>
    UserDefined = 4,

    /// <summary>A row of the model without a token.</summary>
    Unused = 5,

    /// <summary>A byte of what the vocabulary lacks.</summary>
    Byte = 6,
}

/// <summary>A tokenizer as llama.cpp has it.</summary>
internal sealed class GgufVocabulary
{
    /// <summary>The settings.</summary>
    public List<KeyValuePair<string, object>> Settings { get; } = [];

    /// <summary>What a reader must know: where llama.cpp's tokenizer does not do the same.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>That of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="rows">How many tokens the model has rows for; as many as the tokenizer has, or more.</param>
    /// <param name="ends">What ends a text that the model writes; empty: the tokenizer's own.</param>
    /// <param name="frame">What stands around a text that the model reads.</param>
    /// <exception cref="DecantException">llama.cpp has none that gives the same tokens: the message says what is in the way.</exception>
    public static GgufVocabulary Of(ITokenizer tokenizer, int rows, IReadOnlyList<int> ends, TokenFrame frame)
    {
        var own = tokenizer as Tokenizer ?? throw new DecantException($"A tokenizer of type {tokenizer.GetType().Name} is a program's own, and a GGUF file holds one that llama.cpp knows: expected one with a tokenizer.json.");
        if (rows < own.VocabularySize)
            throw new DecantException($"The tokenizer has {own.VocabularySize:N0} tokens and the model rows for {rows:N0}: they do not belong together.");
        var made = new GgufVocabulary();
        switch (own.Parts)
        {
            case { Model: WordPieceModel model } parts: WordPieceVocabulary.Add(made, parts, model, rows); break;
            case { Model: BpeModel { Options.ByteFallback: true } model } parts: SentencePieceVocabulary.Add(made, parts, model, rows); break;
            case { Model: BpeModel model } parts: ByteLevelVocabulary.Add(made, parts, model, rows); break;
            case { Model: var other }: throw Refused($"its model is {NameOf(other)}; WordPiece and BPE, of bytes or with bytes for the unknown, can be said in a GGUF file");
        }

        made.AddRoles(own.Special, ends, frame);
        return made;
    }

    /// <summary>A setting.</summary>
    public void Set(string key, object value) => Settings.Add(new($"tokenizer.ggml.{key}", value));

    /// <summary>The tokens by their ids, and their kinds; an id without a token, and a row beyond the last, is unused.</summary>
    /// <param name="parts">The tokenizer.</param>
    /// <param name="rows">How many.</param>
    /// <param name="written">How a token of the model is written here.</param>
    /// <param name="kindOf">The kind of a token of the model.</param>
    public void SetTokens(TokenizerParts parts, int rows, Func<string, string> written, Func<string, GgufTokenKind> kindOf)
    {
        var (tokens, kinds) = (new string?[rows], new int[rows]);
        foreach (var (token, id) in parts.Model.Vocabulary)
            (tokens[id], kinds[id]) = (written(token), (int)(token == parts.Model.UnknownToken ? GgufTokenKind.Unknown : kindOf(token)));
        foreach (var added in parts.Added)
        {
            var isUnknown = kinds[added.Id] == (int)GgufTokenKind.Unknown;
            (tokens[added.Id], kinds[added.Id]) = (added.Content, (int)(isUnknown ? GgufTokenKind.Unknown : added.Special ? GgufTokenKind.Control : GgufTokenKind.UserDefined));
        }

        var taken = tokens.OfType<string>().ToHashSet(StringComparer.Ordinal);
        for (var id = 0; id < rows; id++)
        {
            if (tokens[id] is not null)
                continue;
            var name = $"[PAD{id}]";
            while (!taken.Add(name))
                name += "_";
            (tokens[id], kinds[id]) = (name, (int)GgufTokenKind.Unused);
        }

        if (tokens.GroupBy(token => token!, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var twice })
            throw Refused($"two of its tokens are written '{twice}' there, and llama.cpp tells tokens apart by their texts");
        Set("tokens", tokens);
        Set("token_type", kinds);
    }

    /// <summary>That llama.cpp has nothing that a tokenizer does.</summary>
    public static DecantException Refused(string what) => new(
        $"The tokenizer cannot be said in a GGUF file: {what}. llama.cpp's list of tokenizers is fixed, and with another the model would read other tokens. Take a tokenizer like Llama's, GPT-2's, Llama 3's, Qwen2's or BERT's, or export to ONNX: --to onnx.");

    private void AddRoles(Decant.Text.Vocabularies.SpecialTokens special, IReadOnlyList<int> ends, TokenFrame frame)
    {
        var (begin, end) = (frame.Before ?? special.Bos, ends.Count > 0 ? ends[0] : frame.After ?? special.Eos);
        foreach (var (key, id) in new[]
        {
            ("bos_token_id", begin), ("eos_token_id", end), ("eot_token_id", ends.Where(other => other != begin).Skip(1).Select(id => (int?)id).FirstOrDefault()), ("unknown_token_id", special.Unknown),
            ("padding_token_id", special.Pad), ("seperator_token_id", special.Separator), ("cls_token_id", special.Classification), ("mask_token_id", special.Mask), // seperator: the format's own spelling
        })
        {
            if (id is { } there)
                Set(key, (object)(uint)there);
        }

        Set("add_bos_token", frame.Before is not null);
        Set("add_eos_token", frame.After is not null);
    }

    private static string NameOf(TokenModel model) => model switch { UnigramModel => "Unigram", WordLevelModel => "WordLevel", _ => model.GetType().Name };
}
