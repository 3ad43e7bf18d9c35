namespace Decant.Export.Loading;

/// <summary>How published checkpoints name what belongs to the network's base, to its head, and to neither. Independent of the family.</summary>
internal static class HeadNames
{
    // What a task's model calls the base model that it wraps.
    private static readonly string[] s_bases = ["bert.", "roberta.", "distilbert.", "electra.", "albert.", "transformer.", "model.", "backbone.", "base_model."];

    // What heads are called where no base has a name of its own.
    private static readonly string[] s_heads = ["classifier.", "pre_classifier.", "score.", "lm_head.", "cls.", "qa_outputs.", "fc.", "linear.", "head."];

    // Buffers that are computed from the settings, and that versions of a library saved or did not save.
    private static readonly string[] s_computed =
        ["position_ids", "token_type_ids", "inv_freq", "num_batches_tracked", "masked_bias", "causal_mask"];

    // What is the embedding once more where the two are tied.
    private static readonly string[] s_tied = ["lm_head.weight", "decoder.weight", "decoder.bias", "vocab_projector.weight", "embed_out.weight"];

    // What else the layer is called that makes the logits of a vocabulary.
    private static readonly string[] s_outputs = ["lm_head.bias", "head.weight"];

    /// <summary>The base prefixes that some of these names have.</summary>
    public static IEnumerable<string> BasesOf(IReadOnlyCollection<string> names) => s_bases.Where(b => names.Any(n => n.StartsWith(b, StringComparison.Ordinal)));

    /// <summary>Whether a name belongs to a head.</summary>
    /// <param name="name">The name.</param>
    /// <param name="withBase">The base's prefix; empty: the base has none.</param>
    public static bool IsHead(string name, string withBase) =>
        IsPooler(name) || (withBase.Length > 0 ? !name.StartsWith(withBase, StringComparison.Ordinal) : Array.Exists(s_heads, h => name.StartsWith(h, StringComparison.Ordinal)));

    /// <summary>Whether it is the layer between BERT's states and a head, which lies with the base and is there only where a head needs it.</summary>
    public static bool IsPooler(string name) => name.StartsWith("pooler.", StringComparison.Ordinal) || name.Contains(".pooler.", StringComparison.Ordinal);

    /// <summary>Whether a stored tensor is no weight, but computed from the settings.</summary>
    public static bool IsComputed(string name, IReadOnlyList<long> shape)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        // GPT-2's causal mask is called as the bias of a layer is, and is a triangle [1, 1, T, T].
        return s_computed.Contains(last) || (name.EndsWith(".attn.bias", StringComparison.Ordinal) && shape is [1, 1, var t, var u] && t == u);
    }

    /// <summary>Whether it makes the logits of a vocabulary.</summary>
    public static bool IsOutput(string name) => MayBeTied(name) || Array.Exists(s_outputs, t => name == t || name.EndsWith("." + t, StringComparison.Ordinal));

    /// <summary>Whether it may be the embedding once more.</summary>
    public static bool MayBeTied(string name) => Array.Exists(s_tied, t => name == t || name.EndsWith("." + t, StringComparison.Ordinal));
}
