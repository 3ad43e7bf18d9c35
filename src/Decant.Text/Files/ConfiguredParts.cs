using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.PostProcessing;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>What tokenizer_config.json changes of the tokenizer.json beside it.</summary>
/// <remarks>
/// As <c>transformers</c> does it by the named class: the components of tokenizer.json stand, but for those that the class writes anew from its settings. Only settings that a file
/// states count, not a class's defaults. What means the same already is left as it is written. A setting that releases and classes of <c>transformers</c> read differently is refused where it
/// and tokenizer.json differ.
/// </remarks>
internal static class ConfiguredParts
{
    public static TokenizerParts Apply(TokenizerParts parts)
    {
        var named = TokenizerClass.Of(parts.Config);
        if (named.ConvertsForPrefix)
            CheckPrefix(parts);
        return parts with
        {
            Normalizer = named.SetsCase ? Cased(parts.Normalizer, parts.Config) : parts.Normalizer,
            PreTokenizer = Prefixed(parts.PreTokenizer, parts.Config.AddPrefixSpace),
            PostProcessor = parts.Config is { AddBos: null, AddEos: null } || named.HasFrame ? parts.PostProcessor : Framed(parts, named.Frame),
        };
    }

    private static JsonElement? Cased(JsonElement? normalizer, TokenizerConfig config)
    {
        if (!IsOf(normalizer, "BertNormalizer")) return normalizer;
        var now = normalizer!.Value;
        var (lower, strip, chinese) = (Flag(now, "lowercase") ?? true, Flag(now, "strip_accents"), Flag(now, "handle_chinese_chars") ?? true);
        var (newLower, newStrip, newChinese) = (config.LowerCase ?? lower, config.SaysStripAccents ? config.StripAccents : strip, config.SplitChinese ?? chinese);
        return (lower, strip ?? lower, chinese) == (newLower, newStrip ?? newLower, newChinese)
            ? normalizer
            : With(now, ("lowercase", newLower), ("strip_accents", newStrip ?? newLower), ("handle_chinese_chars", newChinese));
    }

    // In a sequence it is not looked for.
    private static JsonElement? Prefixed(JsonElement? preTokenizer, bool? adds) =>
        adds is { } wanted && IsOf(preTokenizer, "ByteLevel") && (Flag(preTokenizer!.Value, "add_prefix_space") ?? true) != wanted ? With(preTokenizer.Value, ("add_prefix_space", wanted)) : preTokenizer;

    private static void CheckPrefix(TokenizerParts parts)
    {
        if (parts.Config.AddPrefixSpace is not { } wanted || Steps(parts.PreTokenizer, "pretokenizers").Any(step => IsOf(step, "ByteLevel")))
            return;
        var puts = Steps(parts.Normalizer, "normalizers").Any(step => IsOf(step, "Prepend")) || Steps(parts.PreTokenizer, "pretokenizers").Any(step => IsOf(step, "Metaspace") && PutsSpace(step));
        if (puts != wanted)
            throw Refused(parts, "add_prefix_space", wanted, $"whose components put {(puts ? "a" : "no")} space before a text", "take the setting out, or export tokenizer.json anew with it (from_slow=True)");
    }

    private static bool PutsSpace(JsonElement metaspace) =>
        metaspace.TryGetProperty("prepend_scheme", out var scheme) && scheme.ValueKind == JsonValueKind.String ? scheme.GetString() != "never" : Flag(metaspace, "add_prefix_space") ?? true;

    private static JsonElement? Framed(TokenizerParts parts, FrameDefaults? defaults)
    {
        var (config, tokens) = (parts.Config, new TokenList(parts.Model.Vocabulary, parts.Added, parts.Source));
        var now = TemplateReader.Read(parts.PostProcessor, tokens, parts.Source, new StringBuilder());
        if (defaults is null)
        {
            CheckFrame(parts, tokens, now);
            return parts.PostProcessor;
        }

        var anew = Templates.Around(
            config.AddBos ?? defaults.Begins ? Token("bos_token", defaults.Bos) : null,
            config.AddEos ?? false ? Token("eos_token", defaults.Eos) : null);
        return Meaning(TemplateReader.Read(anew, tokens, parts.Source, new StringBuilder())) == Meaning(now) ? parts.PostProcessor : anew;

        (string, int) Token(string role, string otherwise)
        {
            var token = config.Named.GetValueOrDefault(role) ?? otherwise;
            return tokens.Ids.TryGetValue(token, out var id) ? (token, id)
                : throw new DecantException($"{parts.Source}: the tokenizer_config.json beside it puts its {role} '{token}' around a text, which is not in the vocabulary; name one that is there.");
        }
    }

    private static void CheckFrame(TokenizerParts parts, TokenList tokens, Template now)
    {
        var roles = parts.Config.Roles(tokens.Ids, parts.Added, parts.Model.UnknownToken);
        Check("add_bos_token", parts.Config.AddBos, "begins", roles.Bos, now.Single.TakeWhile(piece => piece.Sequence < 0));
        Check("add_eos_token", parts.Config.AddEos, "ends", roles.Eos, now.Single.Reverse().TakeWhile(piece => piece.Sequence < 0));

        void Check(string key, bool? wanted, string does, int? token, IEnumerable<TemplatePiece> pieces)
        {
            var isThere = token is { } id && pieces.Any(piece => piece.Ids.Contains(id));
            if (wanted is { } said && said != isThere)
                throw Refused(parts, key, said, $"whose template {(isThere ? "" : "never ")}{does} a text with it", "classes and releases of transformers read that differently: make the two say the same");
        }
    }

    private static DecantException Refused(TokenizerParts parts, string key, bool value, string came, string advice) =>
        new($"{parts.Source}: the tokenizer_config.json beside it has {key}: {(value ? "true" : "false")} for a {parts.Config.Class ?? parts.Config.ModelType ?? "tokenizer without a class"}, but came a tokenizer.json {came}; {advice}.");

    private static string Meaning(Template template) => JsonSerializer.Serialize(template with { TrimsOffsets = false }, TokenizerTypes.Default.Template);

    private static IEnumerable<JsonElement> Steps(JsonElement? component, string list)
    {
        if (component is not { ValueKind: JsonValueKind.Object } one) return [];
        return IsOf(one, "Sequence") && one.TryGetProperty(list, out var steps) && steps.ValueKind == JsonValueKind.Array ? steps.EnumerateArray().SelectMany(step => Steps(step, list)) : [one];
    }

    private static bool IsOf(JsonElement? component, string type) =>
        component is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String && named.GetString() == type;

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static JsonElement With(JsonElement component, params ReadOnlySpan<(string Name, bool Value)> options)
    {
        var made = JsonObject.Create(component)!;
        foreach (var (name, value) in options) made[name] = value;
        return TokenizerParts.Json(made.ToJsonString());
    }
}
