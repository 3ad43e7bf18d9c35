using System.Text;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>The vocabularies that were published before tokenizer.json, as the equivalent components of a tokenizer.json.</summary>
internal static class VocabularyFiles
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Those with BERT's handling of text: split, cut into pieces and framed. Others have "Bert" in their names and are RoBERTa's, or need a dictionary.
    private static readonly string[] s_wordPieces = ["Bert", "DistilBert", "Electra", "MobileBert", "ConvBert", "SqueezeBert", "RetriBert", "LayoutLM", "Lxmert", "DPRContextEncoder", "DPRQuestionEncoder", "DPRReader", "MPNet", "PreTrained"];

    /// <summary>BERT's vocab.txt: a token a line.</summary>
    public static TokenizerParts ReadWordPiece(string file, TokenizerConfig config)
    {
        if (config.Class is { } family && !Array.Exists(s_wordPieces, served => family == $"{served}Tokenizer" || family == $"{served}TokenizerFast"))
            throw new DecantException($"{file}: how a {family} reads a vocab.txt is not known; served are {string.Join(", ", s_wordPieces[..^1].Select(served => served + "Tokenizer"))}. Use its tokenizer.json.");
        var isMpnet = config.Class?.StartsWith("MPNet", StringComparison.Ordinal) == true;
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = TextOf(file).Split('\n');
        var count = lines.Length > 0 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (var id = 0; id < count; id++) vocabulary[lines[id].TrimEnd('\r')] = id;
        string Named(string key, string otherwise) => config.Named.GetValueOrDefault(key) ?? otherwise;
        var (begin, end) = (Named("cls_token", isMpnet ? "<s>" : "[CLS]"), Named("sep_token", isMpnet ? "</s>" : "[SEP]"));
        return new TokenizerParts
        {
            Model = new WordPieceModel(vocabulary, Named("unk_token", "[UNK]")),
            Added = AddedTokenFiles.Merge(SpecialTokens.Names.Where(vocabulary.ContainsKey).Select(name => new AddedToken(vocabulary[name], name)), vocabulary, config, file),
            Normalizer = TokenizerParts.Json(new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = config.SplitChinese ?? true,
                ["strip_accents"] = config.StripAccents,
                ["lowercase"] = config.LowerCase ?? LooksLowerCase(vocabulary),
            }),
            PreTokenizer = TokenizerParts.Json("""{"type":"BertPreTokenizer"}"""),
            PostProcessor = vocabulary.TryGetValue(begin, out var beginId) && vocabulary.TryGetValue(end, out var endId)
                ? isMpnet ? Templates.Roberta(begin, beginId, end, endId) : Templates.Bert(begin, beginId, end, endId) : null,
            Decoder = TokenizerParts.Json("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
            Config = config,
            Source = file,
        };
    }

    /// <summary>A vocab.json and merges.txt, split and framed as the tokenizer class does that the files beside them name: see <see cref="ByteBpeFamily"/>.</summary>
    public static TokenizerParts ReadByteBpe(string file, string mergesFile, TokenizerConfig config)
    {
        using var document = TokenizerContent.Document(file);
        var vocabulary = document.RootElement.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32(), StringComparer.Ordinal);
        var merges = TokenizerContent.Guarded(mergesFile, () => ReadMerges(mergesFile));
        var family = ByteBpeFamily.Of(file, config, vocabulary);
        config = config with { Named = family.Roles.Concat(config.Named).GroupBy(role => role.Key).ToDictionary(role => role.Key, role => role.Last().Value, StringComparer.Ordinal) };
        var added = AddedTokenFiles.Merge([], vocabulary, config, file).ConvertAll(token => family.TakesSpaceBefore(token) ? token with { LeftStrip = true } : token);
        return new TokenizerParts
        {
            Model = new BpeModel(vocabulary, merges),
            Added = added,
            Normalizer = family.Normalizer,
            PreTokenizer = family.PreTokenizer(config.AddPrefixSpace ?? false),
            PostProcessor = family.Template(config, added.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal)),
            Decoder = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
            Config = config,
            Source = file,
        };
    }

    private static (string Left, string Right)[] ReadMerges(string file)
    {
        return [.. TextOf(file).Split('\n').Select(line => line.TrimEnd('\r')).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
            .Select(line => line.Split(' ') is [var left, var right] ? (left, right) : throw new FormatException($"the merge '{line}' is not two tokens"))];
    }

    private static string TextOf(string file)
    {
        var bytes = TokenizerContent.Bytes(file);
        try
        {
            return s_strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes.AsSpan(0, Math.Max(0, e.Index)).Count((byte)'\n');
            throw new DecantException($"{file}:{line}: expected UTF-8, came the byte 0x{bytes[Math.Max(0, e.Index)]:X2} that is none; download the file again.", inner: e);
        }
    }

    /// <summary>Without a configuration: a vocabulary without a capital letter was made of lower-cased text.</summary>
    private static bool LooksLowerCase(Dictionary<string, int> vocabulary) => !vocabulary.Keys.Any(token => token.Length > 0 && token[0] != '[' && token.Any(char.IsAsciiLetterUpper));
}
