using System.Buffers;
using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Vocabularies;

/// <summary>A token that is found in the text as it is, before anything is cut.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Only where it is not a part of a word.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space after it along.</param>
/// <param name="Normalized">Is looked for in the normalised text, not in the original.</param>
/// <param name="Special">Is left out where ids are decoded.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord = false, bool LeftStrip = false, bool RightStrip = false, bool Normalized = false, bool Special = true);

/// <summary>Finds added tokens in a text: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly CharTrie _trie = new();
    private readonly AddedToken[] _tokens;
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">The tokens.</param>
    /// <param name="content">What to look for.</param>
    public AddedTokens(IEnumerable<AddedToken> tokens, Func<AddedToken, string> content)
    {
        _tokens = [.. tokens];
        var firsts = new HashSet<char>();
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (content(_tokens[i]) is not { Length: > 0 } text) continue;
            _trie.Add(text, i);
            firsts.Add(text[0]);
        }

        _firsts = SearchValues.Create([.. firsts]);
    }

    /// <summary>The next token from <paramref name="start"/> on; null where there is none.</summary>
    public (int Start, int End, AddedToken Token)? Find(ReadOnlySpan<char> text, int start)
    {
        for (var at = start; ; at++)
        {
            var next = text[at..].IndexOfAny(_firsts);
            if (next < 0) return null;
            at += next;
            var length = _trie.Longest(text[at..], out var index);
            if (length == 0) continue;
            var token = _tokens[index];
            if (token.SingleWord && !StandsAlone(text, at, at + length))
            {
                at += length - 1;
                continue;
            }

            var (from, to) = (at, at + length);
            while (token.LeftStrip && from > start && char.IsWhiteSpace(text[from - 1])) from--;
            while (token.RightStrip && to < text.Length && char.IsWhiteSpace(text[to])) to++;
            return (from, to, token);
        }
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        if (end < text.Length && Characters.IsWord(Characters.RuneAt(text, end))) return false;
        return start == 0 || Rune.DecodeLastFromUtf16(text[..start], out var before, out _) != OperationStatus.Done || !Characters.IsWord(before);
    }
}
