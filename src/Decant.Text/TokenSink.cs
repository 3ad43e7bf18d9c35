using Decant.Text.Models;
using Decant.Text.PostProcessing;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;

namespace Decant.Text;

/// <summary>Where the tokens of a text go, with the room that making them takes; used again and again.</summary>
internal sealed class TokenSink
{
    private int[] _ids = new int[256];
    private (int Start, int End)[] _places = [];

    public TextBuffer Buffer { get; } = new();

    public Pieces Pieces { get; } = new();

    public List<Token> Tokens { get; } = [];

    public bool Tracks { get; private set; }

    public int Count { get; private set; }

    public void Reset(bool tracks) => (Count, Tracks) = (0, tracks);

    public int IdAt(int index) => _ids[index];

    public (int Start, int End) PlaceAt(int index) => _places[index];

    public int[] Ids() => _ids.AsSpan(0, Count).ToArray();

    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length) Array.Resize(ref _ids, Count * 2);
        if (Tracks)
        {
            if (_places.Length < _ids.Length) Array.Resize(ref _places, _ids.Length);
            _places[Count] = (start, end);
        }

        _ids[Count++] = id;
    }

    /// <summary>Adds the tokens of a word that stands at <paramref name="offset"/> of a text.</summary>
    public void AddAll(ReadOnlySpan<Token> tokens, TextBuffer text, int offset)
    {
        if (Tracks)
        {
            foreach (var token in tokens)
            {
                var (start, end) = text.Original(offset + token.Start, offset + token.End);
                Add(token.Id, start, end);
            }

            return;
        }

        if (Count + tokens.Length > _ids.Length) Array.Resize(ref _ids, Math.Max(Count + tokens.Length, _ids.Length * 2));
        var ids = _ids.AsSpan(Count);
        for (var i = 0; i < tokens.Length; i++) ids[i] = tokens[i].Id;
        Count += tokens.Length;
    }
}

/// <summary>Puts a tokenized text together.</summary>
internal sealed class TokenizedTextBuilder(Tokenizer tokenizer, bool trimsOffsets)
{
    private readonly List<int> _ids = [];
    private readonly List<(int, int)> _offsets = [];
    private readonly List<byte> _types = [];
    private readonly List<bool> _special = [];

    public void AddSpecial(TemplatePiece piece)
    {
        foreach (var id in piece.Ids) Add(id, (0, 0), piece.TypeId, true);
    }

    public void AddText(TokenSink tokens, string text, int kept, bool keepsEnd, byte type)
    {
        var first = keepsEnd ? tokens.Count - kept : 0;
        for (var i = first; i < first + kept; i++) Add(tokens.IdAt(i), trimsOffsets ? Trimmed(tokens.PlaceAt(i), text) : tokens.PlaceAt(i), type, false);
    }

    public TokenizedText Build() => new()
    {
        Ids = [.. _ids],
        Tokens = [.. _ids.Select(tokenizer.TokenOf)],
        Offsets = [.. _offsets],
        TypeIds = [.. _types],
        IsSpecial = [.. _special],
        AttentionMask = [.. Enumerable.Repeat(true, _ids.Count)],
    };

    private static (int, int) Trimmed((int Start, int End) place, string text)
    {
        var (start, end) = place;
        while (start < end && text[start] == ' ') start++;
        while (end > start && text[end - 1] == ' ') end--;
        return (start, end);
    }

    private void Add(int id, (int, int) place, byte type, bool special)
    {
        _ids.Add(id);
        _offsets.Add(place);
        _types.Add(type);
        _special.Add(special);
    }
}
