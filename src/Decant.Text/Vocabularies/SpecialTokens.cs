namespace Decant.Text.Vocabularies;

/// <summary>The ids of the tokens that mean something of their own; a role that a tokenizer does not have is null.</summary>
public sealed record SpecialTokens
{
    /// <summary>Begins a text: &lt;s&gt;, &lt;|begin_of_text|&gt;.</summary>
    public int? Bos { get; init; }

    /// <summary>Ends a text: &lt;/s&gt;, &lt;|endoftext|&gt;.</summary>
    public int? Eos { get; init; }

    /// <summary>What the vocabulary cannot say: [UNK].</summary>
    public int? Unknown { get; init; }

    /// <summary>Stands after each text: [SEP].</summary>
    public int? Separator { get; init; }

    /// <summary>Fills a batch's shorter texts: [PAD].</summary>
    public int? Pad { get; init; }

    /// <summary>Stands before the text: [CLS].</summary>
    public int? Classification { get; init; }

    /// <summary>Hides a token: [MASK].</summary>
    public int? Mask { get; init; }

    /// <summary>Further special tokens without one of these roles.</summary>
    public IReadOnlyList<int> Additional { get; init; } = [];

    /// <summary>What fills a batch's shorter texts where there is no token of its own for it: the end's, the unknown's, or 0; the attention mask hides it.</summary>
    public int Filler => Pad ?? Eos ?? Unknown ?? 0;

    internal static readonly string[] Names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
}

/// <summary>The roles as tokenizer_config.json names them, and the tokens that have them by custom.</summary>
internal sealed record SpecialRole(string Key, string[] Customary, Func<SpecialTokens, int?> Get, Func<SpecialTokens, int, SpecialTokens> Set)
{
    public static readonly SpecialRole[] All =
    [
        new("pad_token", ["[PAD]", "<pad>", "<|pad|>"], s => s.Pad, (s, id) => s with { Pad = id }),
        new("unk_token", ["[UNK]", "<unk>"], s => s.Unknown, (s, id) => s with { Unknown = id }),
        new("cls_token", ["[CLS]"], s => s.Classification, (s, id) => s with { Classification = id }),
        new("sep_token", ["[SEP]"], s => s.Separator, (s, id) => s with { Separator = id }),
        new("mask_token", ["[MASK]", "<mask>"], s => s.Mask, (s, id) => s with { Mask = id }),
        new("bos_token", ["<s>", "<bos>", "<|begin_of_text|>", "<|startoftext|>", "<|endoftext|>"], s => s.Bos, (s, id) => s with { Bos = id }),
        new("eos_token", ["</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>"], s => s.Eos, (s, id) => s with { Eos = id }),
    ];
}
