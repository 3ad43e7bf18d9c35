using System.Text;
using System.Text.Json;
using Decant.Text.Normalization;

namespace Decant.Text.Configuration;

/// <summary>Makes the normalizers of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    public static Normalizer? Read(JsonElement? json, string source, StringBuilder signature)
    {
        if (json is not { ValueKind: not JsonValueKind.Null } element) return null;
        var component = new Component(element, $"{source}: normalizer");
        var made = Make(component);
        signature.Append("normalizer:").Append(component.Signature);
        return made;
    }

    private static Normalizer Make(Component c)
    {
        Normalizer made = c.Type switch
        {
            "Sequence" => new NormalizerSequence(c.Children("normalizers", Make)),
            "BertNormalizer" => Bert(c),
            "NFC" => new UnicodeNormalizer(compose: true, compatibility: false),
            "NFD" => new UnicodeNormalizer(compose: false, compatibility: false),
            "NFKC" => new UnicodeNormalizer(compose: true, compatibility: true),
            "NFKD" => new UnicodeNormalizer(compose: false, compatibility: true),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(c.Bool("strip_left", true), c.Bool("strip_right", true)),
            "StripAccents" => new StripAccentsNormalizer(),
            "Replace" => new ReplaceNormalizer(c.Pattern("pattern"), c.Text("content")),
            "Prepend" => new PrependNormalizer(c.Text("prepend")),
            "Nmt" => new NmtNormalizer(),
            "Precompiled" => Precompiled(c),
            "ByteLevel" => new ByteLevelNormalizer(),
            _ => throw c.NotSupported("normalizer"),
        };
        c.End();
        return made;
    }

    private static BertNormalizer Bert(Component c)
    {
        var lowerCase = c.Bool("lowercase", true);
        return new BertNormalizer(c.Bool("clean_text", true), c.Bool("handle_chinese_chars", true), c.OptionalBool("strip_accents") ?? lowerCase, lowerCase);
    }

    private static Normalizer Precompiled(Component c)
    {
        if (c.OptionalText("precompiled_charsmap") is not { Length: > 0 } charsmap) return new NormalizerSequence([]);
        return new PrecompiledNormalizer(Convert.FromBase64String(charsmap), c.Path);
    }
}
