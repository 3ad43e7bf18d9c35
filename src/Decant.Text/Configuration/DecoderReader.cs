using System.Text.Json;
using Decant.Text.Decoding;
using Decant.Text.Models;

namespace Decant.Text.Configuration;

/// <summary>Makes the decoders of a tokenizer.json.</summary>
internal static class DecoderReader
{
    /// <param name="json">The component.</param>
    /// <param name="source">Its file, for errors.</param>
    /// <param name="literal">Tokens that are taken literally also where others encode bytes.</param>
    public static TokenDecoder? Read(JsonElement? json, string source, IReadOnlySet<string> literal) =>
        json is { ValueKind: not JsonValueKind.Null } element ? Make(new Component(element, $"{source}: decoder"), literal) : null;

    private static TokenDecoder Make(Component c, IReadOnlySet<string> literal)
    {
        TokenDecoder made = c.Type switch
        {
            "Sequence" => new DecoderSequence(c.Children("decoders", child => Make(child, literal))),
            "ByteLevel" => ByteLevel(c, literal),
            "WordPiece" => new WordPieceDecoder(c.Text("prefix", WordPieceModel.Prefix), c.Bool("cleanup", true)),
            "Metaspace" => Metaspace(c),
            "BPEDecoder" => new BpeDecoder(c.Text("suffix", "</w>")),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(c.Character("content", ' '), c.Int("start", 0), c.Int("stop", 0)),
            "Replace" => new ReplaceDecoder(c.Pattern("pattern"), c.Text("content")),
            "CTC" => new CtcDecoder(c.Text("pad_token", "<pad>"), c.Text("word_delimiter_token", "|"), c.Bool("cleanup", true)),
            _ => throw c.NotSupported("decoder"),
        };
        c.End();
        return made;
    }

    private static ByteLevelDecoder ByteLevel(Component c, IReadOnlySet<string> literal)
    {
        c.Ignore("add_prefix_space", "trim_offsets", "use_regex");
        return new ByteLevelDecoder(literal);
    }

    private static MetaspaceDecoder Metaspace(Component c)
    {
        c.Ignore("str_rep", "split");
        var isAdded = c.Bool("add_prefix_space", true);
        return new MetaspaceDecoder(c.Character("replacement", '▁'), c.Text("prepend_scheme", isAdded ? "always" : "never") != "never");
    }
}
