using System.Text;
using System.Text.Json;
using Decant.Text.PostProcessing;
using Decant.Text.Vocabularies;

namespace Decant.Text.Configuration;

/// <summary>Makes the template of a tokenizer.json's post-processors.</summary>
internal static class TemplateReader
{
    public static Template Read(JsonElement? json, TokenList tokens, string source, StringBuilder signature)
    {
        if (json is not { ValueKind: not JsonValueKind.Null } element) return Template.None;
        var component = new Component(element, $"{source}: post_processor");
        var made = Make(component, tokens);
        // What is read is described, since one template can be written in several ways.
        if (!made.AddsNothing) signature.Append("template:").Append(JsonSerializer.Serialize(made with { TrimsOffsets = false }, TokenizerTypes.Default.Template));
        return made;
    }

    private static Template Make(Component c, TokenList tokens)
    {
        var made = c.Type switch
        {
            "TemplateProcessing" => Written(c, tokens),
            "BertProcessing" => Bert(c),
            "RobertaProcessing" => Roberta(c),
            "ByteLevel" => ByteLevel(c),
            "Sequence" => Sequence(c, tokens),
            _ => throw c.NotSupported("post_processor"),
        };
        c.End();
        return made;
    }

    private static Template Sequence(Component c, TokenList tokens)
    {
        var steps = c.Children("processors", child => Make(child, tokens));
        var adding = steps.Where(step => !step.AddsNothing || step.Pair is not [{ TypeId: 0 }, { TypeId: 1 }]).ToArray();
        if (adding.Length > 1) throw new DecantException($"{c.Path}: two templates one after the other are not supported; use a tokenizer with one.");
        return adding.FirstOrDefault(Template.None) with { TrimsOffsets = steps.Any(step => step.TrimsOffsets) };
    }

    private static Template ByteLevel(Component c)
    {
        c.Ignore("add_prefix_space", "use_regex");
        return Template.None with { TrimsOffsets = c.Bool("trim_offsets", true) };
    }

    private static Template Bert(Component c)
    {
        var (separator, begin) = (Token(c, "sep"), Token(c, "cls"));
        return new Template(
            [TemplatePiece.Tokens(0, begin), TemplatePiece.Text(0, 0), TemplatePiece.Tokens(0, separator)],
            [TemplatePiece.Tokens(0, begin), TemplatePiece.Text(0, 0), TemplatePiece.Tokens(0, separator), TemplatePiece.Text(1, 1), TemplatePiece.Tokens(1, separator)]);
    }

    private static Template Roberta(Component c)
    {
        var (separator, begin) = (Token(c, "sep"), Token(c, "cls"));
        c.Ignore("add_prefix_space");
        TemplatePiece[] single = [TemplatePiece.Tokens(0, begin), TemplatePiece.Text(0, 0), TemplatePiece.Tokens(0, separator)];
        return new Template(single, [.. single, TemplatePiece.Tokens(0, separator), TemplatePiece.Text(1, 0), TemplatePiece.Tokens(0, separator)]) { TrimsOffsets = c.Bool("trim_offsets", true) };
    }

    private static int Token(Component c, string name) =>
        c.List(name) is [_, { ValueKind: JsonValueKind.Number } id] ? id.GetInt32() : throw c.Wrong(name, "a token and its id");

    private static Template Written(Component c, TokenList tokens)
    {
        var special = c.Has("special_tokens") ? c.Raw("special_tokens") : TokenizerParts.Json("{}");
        return new Template(Pieces(c, "single", special, tokens), Pieces(c, "pair", special, tokens));
    }

    private static TemplatePiece[] Pieces(Component c, string name, JsonElement special, TokenList tokens)
    {
        if (!c.Has(name)) return [];
        var pieces = new List<TemplatePiece>();
        foreach (var item in c.List(name))
        {
            var piece = item.EnumerateObject().FirstOrDefault();
            var type = piece.Value.GetProperty("type_id").GetByte();
            var id = piece.Value.GetProperty("id").GetString() ?? "";
            pieces.Add((piece.Name, id) switch
            {
                ("Sequence", "A") => TemplatePiece.Text(0, type),
                ("Sequence", "B") => TemplatePiece.Text(1, type),
                ("SpecialToken", _) => TemplatePiece.Tokens(type, Ids(c, id, special, tokens)),
                _ => throw c.Wrong(name, "pieces named Sequence (A or B) or SpecialToken"),
            });
        }

        return [.. pieces];
    }

    private static int[] Ids(Component c, string name, JsonElement special, TokenList tokens)
    {
        int[] ids = special.TryGetProperty(name, out var entry) ? [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]
            : throw c.Wrong("special_tokens", $"the ids of '{name}', which the template has");
        foreach (var id in ids)
            if (tokens.TokenOf(id) is null) throw new DecantException($"{c.Path}: the template's token '{name}' has the id {id}, which is not in the vocabulary.");
        return ids;
    }
}
