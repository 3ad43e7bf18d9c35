using Decant.Text;

namespace Decant.Teachers.Writing;

/// <summary>The text of tokens that come one at a time: a character with bytes in several tokens is given when it is whole.</summary>
internal sealed class StreamedText
{
    // How much of what came before decides how a token reads: the space before a word, the bytes of a character.
    private const int Context = 6;
    private readonly ITokenizer _tokenizer;
    private readonly List<int> _ids;
    private int _start;
    private int _read;

    /// <summary>The text behind a prompt.</summary>
    public StreamedText(ITokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        _tokenizer = tokenizer;
        _ids = [.. prompt.Skip(prompt.Count - Context)];
        _read = _ids.Count;
    }

    /// <summary>Takes a token.</summary>
    /// <returns>The text that is whole now; may be empty.</returns>
    public string Add(int id)
    {
        _ids.Add(id);
        var (before, now) = (Decode(_start, _read), Decode(_start, _ids.Count));
        if (now.Length <= before.Length || now[^1] == '\uFFFD')
            return "";
        (_start, _read) = (_read, _ids.Count);
        return Behind(before, now);
    }

    /// <summary>What is left, whole or not.</summary>
    public string End()
    {
        var rest = Behind(Decode(_start, _read), Decode(_start, _ids.Count));
        (_start, _read) = (_ids.Count, _ids.Count);
        return rest;
    }

    private static string Behind(string before, string now)
    {
        var same = 0;
        while (same < Math.Min(before.Length, now.Length) && before[same] == now[same])
            same++;
        return now[same..];
    }

    private string Decode(int start, int end) => start == end ? "" : _tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids)[start..end]);
}
