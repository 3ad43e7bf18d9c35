using System.Text;
using System.Text.Json;

namespace Decant.Text;

/// <summary>The last step of a tokenizer: puts tokens together to a text.</summary>
internal interface ITokenDecoder
{
    string Decode(IEnumerable<string> tokens);

    void Write(Utf8JsonWriter json);
}

/// <summary>Puts a space before every token without ##, and takes those before punctuation out again.</summary>
internal sealed class WordPieceDecoder(bool cleanup) : ITokenDecoder
{
    private static readonly (string, string)[] s_cleanups =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public string Decode(IEnumerable<string> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            var isInside = token.StartsWith(WordPieceModel.Prefix, StringComparison.Ordinal) && text.Length > 0;
            var piece = isInside ? token[WordPieceModel.Prefix.Length..] : text.Length > 0 ? " " + token : token;
            if (cleanup)
                foreach (var (from, to) in s_cleanups) piece = piece.Replace(from, to, StringComparison.Ordinal);
            text.Append(piece);
        }

        return text.ToString();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordPiece");
        json.WriteString("prefix", WordPieceModel.Prefix);
        json.WriteBoolean("cleanup", cleanup);
        json.WriteEndObject();
    }
}

/// <summary>Turns the characters that stand for bytes back into the bytes.</summary>
internal sealed class ByteLevelDecoder : ITokenDecoder
{
    public string Decode(IEnumerable<string> tokens) => ByteLevel.ToText(string.Concat(tokens));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", true);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }
}
