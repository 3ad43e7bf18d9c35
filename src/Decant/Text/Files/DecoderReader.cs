using System.Text.Json;

namespace Decant.Text;

/// <summary>Makes the decoders of a tokenizer.json.</summary>
internal static class DecoderReader
{
    public static TokenDecoder? Read(JsonElement? json, string source) =>
        json is { ValueKind: not JsonValueKind.Null } element ? Make(new Component(element, $"{source}: decoder")) : null;

    private static TokenDecoder Make(Component c)
    {
        TokenDecoder made = c.Type switch
        {
            "Sequence" => new DecoderSequence(c.Children("decoders", Make)),
            "ByteLevel" => ByteLevel(c),
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

    private static ByteLevelDecoder ByteLevel(Component c)
    {
        c.Ignore("add_prefix_space", "trim_offsets", "use_regex");
        return new ByteLevelDecoder();
    }

    private static MetaspaceDecoder Metaspace(Component c)
    {
        c.Ignore("str_rep", "split");
        var isAdded = c.Bool("add_prefix_space", true);
        return new MetaspaceDecoder(c.Character("replacement", '▁'), c.Text("prepend_scheme", isAdded ? "always" : "never") != "never");
    }
}
