namespace Decant.Text.Models;

/// <summary>The options of <c>BPE</c> in tokenizer.json.</summary>
internal sealed record BpeOptions
{
    /// <summary>What a character becomes that the vocabulary lacks; null: nothing.</summary>
    public string? Unknown { get; init; }

    /// <summary>Stands before symbols inside a word.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Stands after a word's last symbol.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Whether unknown characters side by side become one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character that the vocabulary lacks becomes its bytes, &lt;0x00&gt; to &lt;0xFF&gt;.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word of the vocabulary is one token, regardless of the merges.</summary>
    public bool IgnoreMerges { get; init; }
}
