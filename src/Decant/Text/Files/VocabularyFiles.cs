using System.Text.Json;

namespace Decant.Text;

/// <summary>The vocabularies that were published before tokenizer.json, as the components that they stand for.</summary>
internal static class VocabularyFiles
{
    /// <summary>BERT's vocab.txt: a token a line.</summary>
    public static TokenizerParts ReadWordPiece(string file, TokenizerConfig config)
    {
        if (config.Class is { } family && !family.Contains("Bert", StringComparison.OrdinalIgnoreCase) && !family.Contains("Electra", StringComparison.OrdinalIgnoreCase) && !family.StartsWith("MPNet", StringComparison.Ordinal) && !family.StartsWith("PreTrained", StringComparison.Ordinal))
            throw new DecantException($"{file}: how a {family} reads a vocab.txt is not known; use its tokenizer.json.");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = File.ReadAllText(file).Split('\n');
        var count = lines.Length > 0 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (var id = 0; id < count; id++) vocabulary[lines[id].TrimEnd('\r')] = id;
        string Named(string key, string otherwise) => config.Named.GetValueOrDefault(key) ?? otherwise;
        var (begin, end) = (Named("cls_token", "[CLS]"), Named("sep_token", "[SEP]"));
        return new TokenizerParts
        {
            Model = new WordPieceModel(vocabulary, Named("unk_token", "[UNK]")),
            Added = AddedOf(config, vocabulary, SpecialTokens.Names),
            Normalizer = TokenizerParts.Json(new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = config.SplitChinese ?? true, strip_accents = config.StripAccents, lowercase = config.LowerCase ?? LooksLowerCase(vocabulary) }),
            PreTokenizer = TokenizerParts.Json("""{"type":"BertPreTokenizer"}"""),
            PostProcessor = vocabulary.TryGetValue(begin, out var beginId) && vocabulary.TryGetValue(end, out var endId) ? Templates.Bert(begin, beginId, end, endId) : null,
            Decoder = TokenizerParts.Json("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
            Config = config,
            Source = file,
        };
    }

    /// <summary>GPT-2's vocab.json and merges.txt; RoBERTa's, where the configuration or the vocabulary has its tokens.</summary>
    public static TokenizerParts ReadByteBpe(string file, string mergesFile, TokenizerConfig config)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var vocabulary = document.RootElement.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32(), StringComparer.Ordinal);
        var merges = TokenizerFile.Guarded(mergesFile, () => File.ReadLines(mergesFile).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
            .Select(line => line.Split(' ') is [var left, var right] ? (left, right) : throw new FormatException($"the merge '{line}' is not two tokens")).ToArray());
        var isRoberta = vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("</s>") && config.Class?.StartsWith("GPT2", StringComparison.Ordinal) != true;
        var added = AddedOf(config, vocabulary, isRoberta ? ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] : ["<|endoftext|>"]);
        return new TokenizerParts
        {
            Model = new BpeModel(vocabulary, merges),
            Added = [.. added.Select(token => token.Content == "<mask>" ? token with { LeftStrip = true } : token)],
            PreTokenizer = TokenizerParts.Json(new { type = "ByteLevel", add_prefix_space = config.AddPrefixSpace ?? false, trim_offsets = true, use_regex = true }),
            PostProcessor = isRoberta
                ? TokenizerParts.Json(new { type = "RobertaProcessing", sep = new object[] { "</s>", vocabulary["</s>"] }, cls = new object[] { "<s>", vocabulary["<s>"] }, trim_offsets = true, add_prefix_space = false })
                : TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}"""),
            Decoder = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
            Config = isRoberta && config.Named.Count == 0 ? config with { Named = new Dictionary<string, string> { ["cls_token"] = "<s>", ["sep_token"] = "</s>" } } : config,
            Source = file,
        };
    }

    /// <summary>The tokens that the configuration adds and names, and those that have a meaning by custom, where the vocabulary has them.</summary>
    internal static List<AddedToken> AddedOf(TokenizerConfig config, IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> customary)
    {
        var added = config.Added.ToDictionary(token => token.Content, StringComparer.Ordinal);
        foreach (var token in config.Named.Values.Concat(config.Additional).Concat(customary))
            if (vocabulary.TryGetValue(token, out var id)) added.TryAdd(token, new AddedToken(id, token));
        return [.. added.Values];
    }

    /// <summary>Without a configuration: a vocabulary without a capital letter was made of lower-cased text.</summary>
    private static bool LooksLowerCase(Dictionary<string, int> vocabulary) => !vocabulary.Keys.Any(token => token.Length > 0 && token[0] != '[' && token.Any(char.IsAsciiLetterUpper));
}
