using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;
using Decant.Text.Models;
using Decant.Text.PreTokenization;
using Decant.Text.Vocabularies;

namespace Decant.Text.Files;

/// <summary>Vocabularies of OpenAI's <c>tiktoken</c>: a line for each token, its bytes in base 64 and its rank, which is its id. They become byte-level BPE.</summary>
/// <remarks>
/// tiktoken joins the two neighbours whose bytes together are the token of the lowest rank. That is a merge for every way to cut a token into two others, in the order of the tokens' ranks, as
/// <c>convert_slow_tokenizer.py</c> of <c>transformers</c> makes them; and a piece of text that is a token is that token, whatever the merges say.
/// </remarks>
internal static class Tiktoken
{
    private const int LongestLine = 2048;
    private const int LongestToken = 1024;
    private const int Bytes = 256;

    /// <summary>Whether a file is such a vocabulary, by its name or by its first line.</summary>
    public static bool IsOne(ReadOnlySpan<byte> content, string file) =>
        Path.GetExtension(file).Equals(".tiktoken", StringComparison.OrdinalIgnoreCase) || Parse(FirstLine(content), out _, out _);

    /// <summary>Reads one.</summary>
    /// <param name="content">The file.</param>
    /// <param name="config">What lies beside it.</param>
    /// <param name="file">Its name, which says how texts are cut.</param>
    /// <exception cref="DecantException">A line is none of such a file, a byte has no token, or nothing says how texts are cut.</exception>
    public static TokenizerParts Read(byte[] content, TokenizerConfig config, string file)
    {
        var vocabulary = Vocabulary(content, file);
        var scheme = TiktokenScheme.Of(file, config, vocabulary.Count);
        config = config with { Named = scheme.Roles.Concat(config.Named).GroupBy(role => role.Key).ToDictionary(role => role.Key, role => role.Last().Value, StringComparer.Ordinal) };
        var added = AddedTokenFiles.Merge(Special(scheme, config), vocabulary, config, file);
        return new TokenizerParts
        {
            Model = new BpeModel(vocabulary, Merges(vocabulary), new BpeOptions { IgnoreMerges = true }),
            Added = added,
            Normalizer = scheme.Composes ? TokenizerParts.Json("""{"type":"NFC"}""") : null,
            PreTokenizer = TokenizerParts.Json(new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = scheme.Expression }, ["behavior"] = "Isolated", ["invert"] = false },
                    new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false }),
            }),
            PostProcessor = (config.AddBos ?? scheme.Begins) && config.Named.GetValueOrDefault("bos_token") is { } begin
                ? Templates.Around((begin, added.First(token => token.Content == begin).Id), null) : null,
            Decoder = TokenizerParts.Json("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
            Config = config,
            Source = file,
        };
    }

    /// <summary>The scheme's special tokens; where the files beside the vocabulary list tokens, theirs go before those of the same id or text.</summary>
    private static IEnumerable<AddedToken> Special(TiktokenScheme scheme, TokenizerConfig config)
    {
        var listed = config.Added.Concat(config.Listed).ToArray();
        var (ids, texts) = (listed.Select(token => token.Id).ToHashSet(), listed.Select(token => token.Content).ToHashSet(StringComparer.Ordinal));
        return scheme.Special.Where(token => !ids.Contains(token.Id) && !texts.Contains(token.Text)).Select(token => new AddedToken(token.Id, token.Text));
    }

    private static Dictionary<string, int> Vocabulary(ReadOnlySpan<byte> content, string file)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var ranks = new HashSet<int>();
        for (var line = 1; content.Length > 0; line++)
        {
            var end = content.IndexOf((byte)'\n');
            var text = (end < 0 ? content : content[..end]).TrimEnd((byte)'\r');
            content = end < 0 ? [] : content[(end + 1)..];
            if (text.IsEmpty) continue;
            if (!Parse(text, out var token, out var rank))
                throw new DecantException($"{file}:{line}: expected a token of at most {LongestToken:N0} bytes in base 64, a space and its rank, came '{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 60)])}'.");
            if (!vocabulary.TryAdd(token, rank) || !ranks.Add(rank)) throw new DecantException($"{file}:{line}: the token or its rank {rank:N0} was there already; the file is damaged.");
        }

        var missing = ByteLevel.Alphabet.FirstOrDefault(c => !vocabulary.ContainsKey(c));
        return missing is null ? vocabulary : throw new DecantException($"{file}: expected a token for each of the {Bytes} bytes, and 0x{ByteLevel.Byte(missing[0]):X2} has none; is the file cut off?");
    }

    /// <summary>A line, its token written as byte-level BPE writes bytes.</summary>
    private static bool Parse(ReadOnlySpan<byte> line, out string token, out int rank)
    {
        (token, rank) = ("", -1);
        var space = line.IndexOf((byte)' ');
        Span<byte> bytes = stackalloc byte[LongestToken];
        if (space <= 0 || line.Length > LongestLine || !Utf8Parser.TryParse(line[(space + 1)..], out rank, out var used) || used != line.Length - space - 1 || rank < 0
            || Base64.DecodeFromUtf8(line[..space], bytes, out _, out var count) != System.Buffers.OperationStatus.Done || count == 0)
        {
            return false;
        }

        token = string.Create(count, bytes[..count], (characters, source) =>
        {
            for (var i = 0; i < characters.Length; i++) characters[i] = ByteLevel.Character(source[i]);
        });
        return true;
    }

    private static List<(string Left, string Right)> Merges(Dictionary<string, int> vocabulary)
    {
        var merges = new List<(string, string)>();
        var tokens = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var ways = new List<(int Left, int Right, int Cut)>();
        foreach (var (token, _) in vocabulary.OrderBy(pair => pair.Value))
        {
            ways.Clear();
            for (var cut = 1; cut < token.Length; cut++)
                if (tokens.TryGetValue(token.AsSpan(0, cut), out var left) && tokens.TryGetValue(token.AsSpan(cut), out var right)) ways.Add((left, right, cut));
            ways.Sort();
            foreach (var (_, _, cut) in ways) merges.Add((token[..cut], token[cut..]));
        }

        return merges;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> content)
    {
        var line = content[..Math.Min(content.Length, LongestLine + 1)];
        return (line.IndexOf((byte)'\n') is var end and > 0 ? line[..end] : line).TrimEnd((byte)'\r');
    }
}
