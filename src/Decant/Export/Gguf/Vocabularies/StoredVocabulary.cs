using Decant.Export.Gguf.Format;
using Decant.Text;
using Decant.Text.Configuration;
using Decant.Text.Vocabularies;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>The tokenizer that a GGUF file says of itself (<c>tokenizer.ggml.*</c>).</summary>
internal sealed class StoredVocabulary
{
    private const string Prefix = "tokenizer.ggml.";

    // The format's key of each role, with its name in tokenizer_config.json. (seperator: the format's own spelling)
    private static readonly (string Key, string Role)[] s_roles =
    [
        ("bos_token_id", "bos_token"), ("eos_token_id", "eos_token"), ("unknown_token_id", "unk_token"), ("seperator_token_id", "sep_token"),
        ("padding_token_id", "pad_token"), ("cls_token_id", "cls_token"), ("mask_token_id", "mask_token"),
    ];

    private readonly GgufFile _file;

    private StoredVocabulary(GgufFile file)
    {
        _file = file;
        Model = file.Text(Prefix + "model") ?? throw file.Fault("it has no tokenizer (tokenizer.ggml.model is missing)");
        Written = file.List<string>(Prefix + "tokens") ?? throw file.Fault("its tokenizer has no tokens (tokenizer.ggml.tokens is missing)");
        var kinds = file.List<long>(Prefix + "token_type");
        if (kinds is not null && kinds.Count != Written.Count)
            throw file.Fault($"its tokenizer has {Written.Count:N0} tokens and {kinds.Count:N0} kinds of tokens");
        Kinds = [.. kinds?.Select(kind => Enum.IsDefined((GgufTokenKind)kind) ? (GgufTokenKind)kind : throw file.Fault($"a token is of kind {kind}; 1 to 6 are known")) ?? Enumerable.Repeat(GgufTokenKind.Normal, Written.Count)];
        Tokens = Model == "bert" ? [.. Written.Select((token, id) => WordPieceToken(token, Kinds[id]))] : Written;
    }

    /// <summary>Its kind: <c>llama</c>, <c>gpt2</c>, <c>bert</c> …</summary>
    public string Model { get; }

    /// <summary>How text is cut, of <c>gpt2</c>; null: nothing is said.</summary>
    public string? Cut => _file.Text(Prefix + "pre");

    /// <summary>The tokens by id, as they stand in the file.</summary>
    public IReadOnlyList<string> Written { get; }

    /// <summary>The tokens by id, as they stand in the vocabulary of a tokenizer.json.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The kinds by id.</summary>
    public IReadOnlyList<GgufTokenKind> Kinds { get; }

    /// <summary>That of a file.</summary>
    /// <exception cref="DecantException">It has none, or one that contradicts itself.</exception>
    public static StoredVocabulary Of(GgufFile file) => new(file);

    /// <summary>The tokenizer, which gives the ids that llama.cpp's gives.</summary>
    /// <exception cref="DecantException">It is of a kind that is not served: the message names it.</exception>
    public ITokenizer Read()
    {
        if (Ids().Count == 0)
            throw Refused("damaged: there are no tokens");
        return TokenizerContent.Guarded(_file.Path, () => new Tokenizer(Model switch
        {
            "llama" => StoredSentencePiece.Read(this),
            "gpt2" => StoredByteLevel.Read(this),
            "bert" => StoredWordPiece.Read(this),
            _ => throw Refused($"of the kind '{Model}' (served are llama, gpt2 and bert)"),
        }));
    }

    /// <summary>A setting that is yes or no.</summary>
    public bool? Bool(string key) => _file.Bool(Prefix + key);

    /// <summary>A list.</summary>
    /// <exception cref="DecantException">It is missing, or has another number of items.</exception>
    public IReadOnlyList<T> List<T>(string key, int? count)
    {
        var items = _file.List<T>(Prefix + key) ?? throw _file.Fault($"its tokenizer of the kind '{Model}' has no {Prefix}{key}");
        return count is null || items.Count == count ? items : throw _file.Fault($"{Prefix}{key} has {items.Count:N0} items for {count:N0} tokens");
    }

    /// <summary>The roles of tokens, as tokenizer_config.json names them.</summary>
    public TokenizerConfig Config => new() { Named = s_roles.Select(role => (role.Role, Id: Role(role.Key))).Where(role => role.Id is not null).ToDictionary(role => role.Role, role => Tokens[role.Id!.Value]) };

    /// <summary>The token of a role with its id; null: nothing is said of it.</summary>
    public (string Token, int Id)? Named(string key) => Role(key) is { } id ? (Tokens[id], id) : null;

    /// <summary>The tokens that texts are made of, by text; of those that come twice, the first.</summary>
    public Dictionary<string, int> Ids()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < Tokens.Count; id++)
            if (Kinds[id] != GgufTokenKind.Unused && !ids.TryAdd(Tokens[id], id))
                throw _file.Fault($"the tokens {ids[Tokens[id]]} and {id} are both '{Tokens[id]}'");
        return ids;
    }

    /// <summary>Tokens that are found in a text before it is cut.</summary>
    public IReadOnlyList<AddedToken> Added() =>
        [.. Kinds.Select((kind, id) => (kind, id)).Where(t => t.kind is GgufTokenKind.Control or GgufTokenKind.Unknown or GgufTokenKind.UserDefined).Select(t => new AddedToken(t.id, Tokens[t.id], Special: t.kind != GgufTokenKind.UserDefined))];

    /// <summary>That a tokenizer is not served.</summary>
    public DecantException Refused(string what) => new($"{_file.Path}: its tokenizer is {what}. Name the tokenizer in the recipe, as input.tokenizer: {{ kind: load, folder: … }}: it is compared with the file's.");

    /// <summary>Where it comes from.</summary>
    public string Source => _file.Path;

    private int? Role(string key) => _file.Whole(Prefix + key) is not { } id ? null : id < Tokens.Count ? id : throw _file.Fault($"{Prefix}{key} is {id}, and there are {Tokens.Count:N0} tokens");

    // Tokens that begin a word have ▁ before them there; those inside a word have lost their ##.
    private static string WordPieceToken(string token, GgufTokenKind kind) =>
        token.StartsWith('▁') && token.Length > 1 ? token[1..]
        : kind is GgufTokenKind.Control or GgufTokenKind.Unknown or GgufTokenKind.UserDefined or GgufTokenKind.Unused || (token.StartsWith('[') && token.EndsWith(']')) ? token : "##" + token;
}
