namespace Decant.Data.Duplicates;

/// <summary>Texts to compare others with: of each a signature of <see cref="OverlapOptions.Hashes"/> bytes and its place in the bands are held, and the texts are read again to verify what is found.</summary>
/// <remarks>Finding is safe from several threads while nothing is added. A pair at <see cref="OverlapOptions.Near"/> is found with a probability of 99 % at least, a more similar one more surely; what is found is exact.</remarks>
public sealed class OverlapIndex
{
    private const int MostVerified = 32;
    private const double Deviations = 4;
    private readonly OverlapOptions _options;
    private readonly Func<int, string> _read;
    private readonly MinHasher _hasher;
    private readonly SignatureTable _table;
    private readonly List<int> _rows = []; // of signatures
    private readonly Dictionary<ulong, int> _exact = [];
    private readonly Passages? _passages;

    /// <summary>An index without texts.</summary>
    /// <param name="options">What counts.</param>
    /// <param name="read">Reads a text that was added, by its number.</param>
    /// <exception cref="DecantException">An option is out of its range.</exception>
    public OverlapIndex(OverlapOptions options, Func<int, string> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        (_options, _read) = (options.Checked(), read);
        _hasher = new MinHasher(options.Hashes, (ulong)options.Seed);
        _table = new SignatureTable(options.Hashes, options.Near);
        _passages = options.Ngram > 0 ? new Passages(options.Ngram) : null;
    }

    /// <summary>How many texts were added.</summary>
    public int Count { get; private set; }

    /// <summary>The index of texts that stay in memory.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">What counts; null: the defaults.</param>
    public static OverlapIndex Of(IReadOnlyList<string> texts, OverlapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var index = new OverlapIndex(options ?? new(), row => texts[row]);
        foreach (var text in texts)
            index.Add(text);
        return index;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its number, from 0.</returns>
    public int Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = TextParts.Of(text);
        if (words.Length == 0 || !_exact.TryAdd(TextParts.Whole(words), Count))
            return Count++; // an empty text overlaps with none; one that is there already says nothing new
        _table.Add(_hasher.Sign(ShinglesOf(text, words)));
        _rows.Add(Count);
        _passages?.Add(words, Count);
        return Count++;
    }

    /// <summary>The text that another overlaps with most; null: none.</summary>
    /// <param name="text">The other text.</param>
    public OverlapMatch? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = TextParts.Of(text);
        if (words.Length == 0)
            return null;
        if (_exact.TryGetValue(TextParts.Whole(words), out var same) && TextParts.Of(_read(same)).AsSpan().SequenceEqual(words))
            return new OverlapMatch(OverlapKind.Exact, same, 1);
        if (Nearest(ShinglesOf(text, words)) is { } near)
            return near;
        return _passages?.Find(words) is var (row, share) ? new OverlapMatch(OverlapKind.Passage, row, share) : null;
    }

    private ulong[] ShinglesOf(string text, ulong[] words) => Shingles.Of(_options.Shingle == ShingleUnit.Words ? words : TextParts.Of(text, ShingleUnit.Characters), _options.ShingleSize);

    // Candidates whose estimate is far below are passed over unread; of the others the most similar are verified.
    private OverlapMatch? Nearest(ulong[] shingles)
    {
        var signature = _hasher.Sign(shingles);
        var least = _options.Near - (Deviations * Math.Sqrt(0.25 / _hasher.Hashes));
        OverlapMatch? best = null;
        foreach (var row in _table.Candidates(signature)
            .Select(row => (Row: row, Estimate: MinHasher.Estimate(_table[row], signature)))
            .Where(c => c.Estimate >= least).OrderByDescending(c => c.Estimate).Take(MostVerified).Select(c => _rows[c.Row]))
        {
            var other = _read(row);
            var similarity = Shingles.Jaccard(shingles, ShinglesOf(other, TextParts.Of(other)));
            if (similarity >= _options.Near && similarity > (best?.Share ?? 0))
                best = new OverlapMatch(OverlapKind.Near, row, similarity);
        }

        return best;
    }
}
