using Decant.Models.Configuration;

namespace Decant.Models.Decoder;

/// <summary>The linear layers of a decoder's blocks.</summary>
internal static class DecoderBlocks
{
    /// <summary>Those of a family and of sizes: queries, keys and values apart, or in one layer side by side; two or three of the feed-forward part.</summary>
    /// <param name="names">How the family calls them.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="groups">Which layers share weights; null: none do.</param>
    /// <param name="ranks">Which are in factors; null: none are.</param>
    public static LinearBlocks Of(DecoderNames names, DecoderSizes sizes, IReadOnlyList<int>? groups, IReadOnlyDictionary<string, int>? ranks)
    {
        var head = sizes.HeadWidth ?? (sizes.Hidden / Math.Max(1, sizes.Heads));
        var (queries, keys) = (sizes.Heads * head, sizes.KeyValueHeads * head);
        var attention = names.InAttention;
        BlockLinear[] inputs = attention.Joint is { } joint
            ? [Attention(joint, sizes.Hidden, queries + (2 * keys))]
            : [Attention(attention.Query, sizes.Hidden, queries), Attention(attention.Key, sizes.Hidden, keys), Attention(attention.Value, sizes.Hidden, keys)];
        string[] wide = names.Gate is { } gate ? [gate, names.Up] : [names.Up];
        return new LinearBlocks(
            sizes.Layers,
            groups,
            [
                .. inputs,
                Attention(attention.Output!, queries, sizes.Hidden),
                .. wide.Select(name => new BlockLinear($"{names.Mlp}.{name}", false, sizes.Hidden, sizes.Intermediate)),
                new BlockLinear($"{names.Mlp}.{names.Down}", false, sizes.Intermediate, sizes.Hidden),
            ],
            ranks);

        BlockLinear Attention(string name, int width, int outputs) => new($"{names.Attention}.{name}", true, width, outputs);
    }
}
