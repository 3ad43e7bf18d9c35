using System.Text;
using Decant.Text.Models;
using Decant.Text.Patterns;
using Decant.Text.PreTokenization;

namespace Decant.Text.Decoding;

/// <summary>The last step of a tokenizer: makes tokens into the parts of a text.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Changes the tokens; put together they are the text.</summary>
    public abstract List<string> Decode(List<string> tokens);
}

/// <summary>One after the other.</summary>
internal sealed class DecoderSequence(TokenDecoder[] steps) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens) => steps.Aggregate(tokens, (parts, step) => step.Decode(parts));
}

/// <summary>Puts a space before every token without prefix, and takes those before punctuation out again.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : TokenDecoder
{
    private static readonly (string, string)[] s_cleanups =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public static string Clean(string text)
    {
        foreach (var (from, to) in s_cleanups) text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }

    public override List<string> Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0) tokens[i] = tokens[i].StartsWith(prefix, StringComparison.Ordinal) ? tokens[i][prefix.Length..] : " " + tokens[i];
            if (cleanup) tokens[i] = Clean(tokens[i]);
        }

        return tokens;
    }
}

/// <summary>Turns the characters that encode bytes back into the bytes; bytes that are no UTF-8 become U+FFFD.</summary>
/// <remarks>
/// Departs from the <c>tokenizers</c> library, which reads tokens that were added as bytes too, and makes <c>il\uFFFDveyou</c> of an added <c>ilÖveyou</c>.
/// </remarks>
/// <param name="literal">Tokens that are taken literally: those that were added, and that the model does not make of bytes.</param>
internal sealed class ByteLevelDecoder(IReadOnlySet<string> literal) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            if (literal.Contains(token)) bytes.AddRange(Encoding.UTF8.GetBytes(token));
            else AddBytes(token, bytes);
        return [Encoding.UTF8.GetString([.. bytes])];
    }

    /// <summary>A token with a character that encodes no byte is taken as it is.</summary>
    private static void AddBytes(string token, List<byte> bytes)
    {
        var before = bytes.Count;
        foreach (var c in token)
        {
            if (ByteLevel.Byte(c) is var value and >= 0)
            {
                bytes.Add((byte)value);
                continue;
            }

            bytes.RemoveRange(before, bytes.Count - before);
            bytes.AddRange(Encoding.UTF8.GetBytes(token));
            return;
        }
    }
}

/// <summary>The visible character becomes a space again; the first token's goes where one was put before the text.</summary>
internal sealed class MetaspaceDecoder(char replacement, bool addsPrefix) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var text = tokens[i].Replace(replacement, ' ');
            tokens[i] = i == 0 && addsPrefix && text.StartsWith(' ') ? text[1..] : text;
        }

        return tokens;
    }
}

/// <summary>The mark of a word's end becomes a space, but for the last word.</summary>
internal sealed class BpeDecoder(string suffix) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = suffix.Length == 0 ? tokens[i] : tokens[i].Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal);
        return tokens;
    }
}

/// <summary>Runs of tokens such as &lt;0xE4&gt; become the text of those bytes, or U+FFFD for each where they are no UTF-8.</summary>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public override List<string> Decode(List<string> tokens)
    {
        var (parts, bytes) = (new List<string>(tokens.Count), new List<byte>());
        foreach (var token in tokens)
        {
            if (ByteTokens.ValueOf(token) is var value and >= 0)
            {
                bytes.Add((byte)value);
                continue;
            }

            Flush(bytes, parts);
            parts.Add(token);
        }

        Flush(bytes, parts);
        return parts;
    }

    private static void Flush(List<byte> bytes, List<string> parts)
    {
        if (bytes.Count == 0) return;
        try
        {
            parts.Add(s_strict.GetString([.. bytes]));
        }
        catch (DecoderFallbackException)
        {
            parts.Add(new string('\uFFFD', bytes.Count));
        }

        bytes.Clear();
    }
}

/// <summary>All tokens become one.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    public override List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}

/// <summary>Strips a character from the ends of every token, up to a number of times.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var (first, end) = (0, tokens[i].Length);
            while (first < Math.Min(start, tokens[i].Length) && tokens[i][first] == content) first++;
            while (tokens[i].Length - end < stop && end > first && tokens[i][end - 1] == content) end--;
            tokens[i] = tokens[i][first..end];
        }

        return tokens;
    }
}

/// <summary>Every occurrence of a pattern becomes another text, token by token.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : TokenDecoder
{
    private const long Most = 1 << 24; // characters, of what is decoded at once, where it had fewer before

    public override List<string> Decode(List<string> tokens)
    {
        var room = Math.Max(Most, tokens.Sum(token => (long)token.Length));
        for (var i = 0; i < tokens.Count; i++)
        {
            var (text, at) = (new StringBuilder(), 0);
            var matches = pattern.Matches(tokens[i]);
            room -= tokens[i].Length + ((long)matches.Count * content.Length) - matches.Sum(match => (long)match.Length);
            if (room < 0) throw new DecantException($"The tokenizer's decoder makes more than {Most} characters of some tokens; its replacements grow without end. Use another tokenizer.");
            foreach (var (start, length) in matches)
            {
                text.Append(tokens[i], at, start - at).Append(content);
                at = start + length;
            }

            tokens[i] = text.Append(tokens[i], at, tokens[i].Length - at).ToString();
        }

        return tokens;
    }
}

/// <summary>Equal neighbours become one, the blank goes, and the mark between words becomes a space.</summary>
/// <remarks>Graves et al. 2006, as models of speech write their text.</remarks>
internal sealed class CtcDecoder(string blank, string delimiter, bool cleanup) : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var parts = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            var part = blank.Length == 0 ? tokens[i] : tokens[i].Replace(blank, "", StringComparison.Ordinal);
            if (cleanup) part = WordPieceDecoder.Clean(part).Replace(delimiter, " ", StringComparison.Ordinal);
            if (part.Length > 0) parts.Add(part);
        }

        return parts;
    }
}
