using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Decant.Text.Configuration;
using Decant.Text.Decoding;
using Decant.Text.Models;
using Decant.Text.Normalization;
using Decant.Text.PostProcessing;
using Decant.Text.PreTokenization;
using Decant.Text.Unicode;
using Decant.Text.Vocabularies;

namespace Decant.Text;

/// <summary>A tokenizer made of the components that tokenizer.json names: normaliser, word cutter, model, template, decoder.</summary>
internal sealed class Tokenizer : ITokenizer
{
    private readonly WordCache _words = new();
    private readonly ConcurrentBag<TokenSink> _sinks = [];
    private readonly Dictionary<int, AddedToken> _added = [];
    private readonly TokenList _tokens;
    private readonly AddedTokens? _raw;
    private readonly AddedTokens? _normalized;
    private readonly Normalizer? _normalizer;
    private readonly PreTokenizer? _preTokenizer;
    private readonly TokenDecoder? _decoder;
    private readonly TokenModel _model;
    private readonly Truncation? _truncation;
    private readonly bool _cutsLeft;
    private readonly Lazy<string> _hash;

    public Tokenizer(TokenizerParts parts)
    {
        Parts = parts;
        var source = parts.Source;
        var signature = new StringBuilder();
        _normalizer = NormalizerReader.Read(parts.Normalizer, source, signature);
        (_preTokenizer, var writesBytes) = PreTokenizerReader.Read(parts.PreTokenizer, source, signature);
        _model = writesBytes ? new ByteLevelModel(parts.Model) : parts.Model;
        _tokens = new TokenList(parts.Model.Vocabulary, parts.Added, source);
        Template = TemplateReader.Read(parts.PostProcessor, _tokens, source, signature);
        _decoder = DecoderReader.Read(parts.Decoder, source, Literal(parts));
        _truncation = LengthReader.Truncation(parts.Truncation, source);
        _cutsLeft = parts.Config.CutsLeft ?? _truncation?.Left ?? false;
        Padding = LengthReader.Padding(parts.Padding, source) is { } padding ? padding with { Left = parts.Config.FillsLeft ?? padding.Left } : null;
        foreach (var token in parts.Added) _added[token.Id] = token;
        _raw = Finder(parts.Added.Where(token => !token.Normalized), token => token.Content);
        _normalized = Finder(parts.Added.Where(token => token.Normalized), token => _normalizer?.Normalize(token.Content) ?? token.Content);
        Special = parts.Config.Roles(_tokens.Ids, parts.Added, parts.Model.UnknownToken);
        _hash = new(() => Hashed(signature.ToString()));
    }

    public TokenizerParts Parts { get; }

    public Template Template { get; }

    public Padding? Padding { get; }

    public int VocabularySize => _tokens.Size;

    public SpecialTokens Special { get; }

    public IReadOnlyDictionary<string, int> TokenToId => _tokens.Ids;

    public string Hash => _hash.Value;

    public string TokenOf(int id) => _tokens.TokenOf(id) ?? throw new ArgumentOutOfRangeException(nameof(id), id, $"No token has the id {id}; the vocabulary has the ids 0 to {VocabularySize - 1}, perhaps with holes.");

    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sink = Run(text, tracks: false);
        var ids = sink.Ids();
        _sinks.Add(sink);
        return ids;
    }

    public EncodedText EncodeForModel(string text, string? pair, int maxTokens)
    {
        var first = Encode(text);
        var second = pair is null ? [] : Encode(pair);
        var room = maxTokens - Template.Added(pair is not null);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxTokens));
        var (firstLength, secondLength) = Truncation.CutLongest(first.Length, second.Length, room);
        var ids = new List<int>(firstLength + secondLength + 3);
        var types = new List<byte>(ids.Capacity);
        foreach (var piece in Template.For(pair is not null))
        {
            ids.AddRange(piece.Sequence switch { 0 => Kept(first, firstLength), 1 => Kept(second, secondLength), _ => piece.Ids });
            while (types.Count < ids.Count) types.Add(piece.TypeId);
        }

        return new EncodedText([.. ids], [.. types]);

        ReadOnlySpan<int> Kept(int[] text, int length) => _cutsLeft ? text.AsSpan(text.Length - length) : text.AsSpan(0, length);
    }

    public TokenizedText Tokenize(string text, string? pair = null, TokenizeOptions? options = null)
    {
        var whole = TokenizeUnfilled(text, pair, options);
        return Padding is { Fixed: not null } padding ? whole.Padded(padding, 0) : whole;
    }

    /// <summary>All but the filling.</summary>
    public TokenizedText TokenizeUnfilled(string text, string? pair, TokenizeOptions? options)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new TokenizeOptions();
        var template = options.AddSpecial ? Template : Template.None;
        var parts = new List<TokenSink> { Run(text, tracks: true) };
        if (pair is not null) parts.Add(Run(pair, tracks: true));
        var truncation = options.MaxTokens is { } most ? (_truncation ?? new Truncation(most)) with { MaxTokens = most } : _truncation;
        var (first, second) = (parts[0].Count, parts.Count > 1 ? parts[1].Count : 0);
        var kept = truncation?.Cut(first, second, Math.Max(0, truncation.MaxTokens - template.Added(pair is not null))) ?? (first, second);
        var made = new TokenizedTextBuilder(this, Template.TrimsOffsets);
        foreach (var piece in template.For(pair is not null))
        {
            if (piece.Sequence < 0) made.AddSpecial(piece);
            else made.AddText(parts[piece.Sequence], piece.Sequence == 0 ? text : pair!, piece.Sequence == 0 ? kept.Item1 : kept.Item2, _cutsLeft, piece.TypeId);
        }

        return made.Build();
    }

    public string Decode(ReadOnlySpan<int> ids, bool keepSpecial = false)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
            if (keepSpecial || !_added.TryGetValue(id, out var added) || !added.Special) tokens.Add(TokenOf(id));
        return _decoder is null ? string.Join(' ', tokens) : string.Concat(_decoder.Decode(tokens));
    }

    /// <summary>The added tokens that no bytes of a text become: special ones, which are found before a text is cut, and those that the model itself does not have.</summary>
    private static HashSet<string> Literal(TokenizerParts parts) =>
        parts.Added.Where(token => token.Special || !parts.Model.Vocabulary.ContainsKey(token.Content)).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);

    private static AddedTokens? Finder(IEnumerable<AddedToken> tokens, Func<AddedToken, string> content) => tokens.Any() ? new AddedTokens(tokens, content) : null;

    private TokenSink Run(string text, bool tracks)
    {
        if (!_sinks.TryTake(out var sink)) sink = new TokenSink();
        sink.Reset(tracks);
        text = Characters.WellFormed(text);
        for (var start = 0; start < text.Length;)
        {
            var found = _raw?.Find(text, start);
            var end = found?.Start ?? text.Length;
            if (end > start) EncodeOriginal(text.AsSpan(start, end - start), start, sink);
            if (found is not { } special) break;
            sink.Add(special.Token.Id, special.Start, special.End);
            start = special.End;
        }

        return sink;
    }

    private void EncodeOriginal(ReadOnlySpan<char> text, int origin, TokenSink sink)
    {
        var buffer = sink.Buffer;
        buffer.Load(text, origin, sink.Tracks);
        _normalizer?.Normalize(buffer);
        if (_normalized?.Find(buffer.Text, 0) is not { } found)
        {
            EncodeNormalized(buffer, sink);
            return;
        }

        var whole = buffer.Slice(0, buffer.Length);
        for (var start = 0; start < whole.Length;)
        {
            if (found.Start > start) EncodeNormalized(whole.Slice(start, found.Start - start), sink);
            if (found.Token is null) break;
            var (from, to) = sink.Tracks ? whole.Original(found.Start, found.End) : default;
            sink.Add(found.Token.Id, from, to);
            start = found.End;
            found = start < whole.Length ? _normalized.Find(whole.Text, start) ?? (whole.Length, whole.Length, null!) : default;
        }
    }

    private void EncodeNormalized(TextBuffer text, TokenSink sink)
    {
        var pieces = sink.Pieces;
        pieces.Reset(text.Length);
        _preTokenizer?.Cut(text, pieces);
        foreach (var (start, length) in pieces.All) EncodeWord(text.Text.Slice(start, length), text, start, sink);
    }

    private void EncodeWord(ReadOnlySpan<char> word, TextBuffer text, int offset, TokenSink sink)
    {
        if (word.Length > WordCache.LongestWord)
        {
            sink.Tokens.Clear();
            _model.Encode(word, sink.Tokens);
            sink.AddAll(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sink.Tokens), text, offset);
            return;
        }

        var hash = WordCache.HashOf(word);
        if (_words.Find(word, hash) is not { } known)
        {
            sink.Tokens.Clear();
            _model.Encode(word, sink.Tokens);
            _words.Add(word, hash, known = [.. sink.Tokens]);
        }

        sink.AddAll(known, text, offset);
    }

    private string Hashed(string signature)
    {
        using var memory = new MemoryStream();
        memory.Write(Encoding.UTF8.GetBytes(signature));
        foreach (var token in Parts.Added.OrderBy(token => token.Id))
            memory.Write(Encoding.UTF8.GetBytes($"{token.Id},{token.Content},{token.SingleWord},{token.LeftStrip},{token.RightStrip},{token.Normalized}\n"));
        using (var json = new System.Text.Json.Utf8JsonWriter(memory)) Parts.Model.Write(json);
        return Convert.ToHexStringLower(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
    }
}
