using System.Text.Json;

namespace Decant.Text;

/// <summary>Begins with single characters and joins the neighbours whose merge was learned first, until none is left to join.</summary>
/// <remarks>Source: Sennrich et al. 2016; a word of n characters takes n log n steps.</remarks>
internal sealed class BpeModel : ITokenModel
{
    private readonly Vocabulary _vocabulary;
    private readonly IReadOnlyList<(string Left, string Right)> _merges;
    private readonly Dictionary<(int, int), (int Rank, int Id)> _ranks;

    public BpeModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _ranks = new(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            _ranks.TryAdd((IdOf(left, rank), IdOf(right, rank)), (rank, IdOf(left + right, rank)));
        }
    }

    public void Encode(string word, List<int> ids)
    {
        var symbols = new int[word.Length];
        for (var i = 0; i < word.Length; i++)
            symbols[i] = _vocabulary.Lookup.TryGetValue(word.AsSpan(i, 1), out var id) ? id : _vocabulary.Special.Unknown;
        Join(symbols);
        foreach (var symbol in symbols)
            if (symbol >= 0) ids.Add(symbol);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        TokenizerJson.WriteVocabulary(json, _vocabulary);
        json.WriteStartArray("merges");
        foreach (var (left, right) in _merges) json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Joins in place: a symbol that was joined to the one before it becomes −1.</summary>
    private void Join(int[] symbols)
    {
        var queue = new PriorityQueue<(int At, int Left, int Right), long>(symbols.Length); // priority: rank, then place
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        for (var i = 0; i < symbols.Length; i++) (previous[i], next[i]) = (i - 1, i + 1);
        for (var i = 0; i + 1 < symbols.Length; i++) Offer(i, i + 1);

        while (queue.TryDequeue(out var pair, out _))
        {
            var (at, right) = (pair.At, next[pair.At]);
            if (symbols[at] != pair.Left || right >= symbols.Length || symbols[right] != pair.Right) continue; // one of the two was joined meanwhile
            symbols[at] = _ranks[(pair.Left, pair.Right)].Id;
            symbols[right] = -1;
            next[at] = next[right];
            if (next[at] < symbols.Length) previous[next[at]] = at;
            if (previous[at] >= 0) Offer(previous[at], at);
            if (next[at] < symbols.Length) Offer(at, next[at]);
        }

        void Offer(int left, int right)
        {
            if (_ranks.TryGetValue((symbols[left], symbols[right]), out var merge)) queue.Enqueue((left, symbols[left], symbols[right]), ((long)merge.Rank << 32) | (uint)left);
        }
    }

    private int IdOf(string token, int rank) => _vocabulary.Ids.TryGetValue(token, out var id)
        ? id : throw new DecantException($"The tokenizer's merge {rank + 1} needs the token '{token}', which its vocabulary lacks.");
}
