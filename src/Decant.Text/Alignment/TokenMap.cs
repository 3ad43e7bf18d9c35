namespace Decant.Text.Alignment;

/// <summary>
/// With which tokens of the one vocabulary the texts go on where they go on with a token of the other: shares counted on texts, at places where tokens of both end. From the vocabulary whose tokens say more on this to the other, so that
/// almost every token has a single one that it stands for.
/// </summary>
internal sealed class TokenMap
{
    private TokenMap(bool isFromStudent, int targets, (int From, int To, double Share)[] entries, double certainty)
    {
        (IsFromStudent, Targets, Certainty) = (isFromStudent, targets, certainty);
        From = [.. entries.Select(e => (long)e.From)];
        To = [.. entries.Select(e => (long)e.To)];
        Shares = [.. entries.Select(e => (float)e.Share)];
    }

    /// <summary>Whether the student's probabilities become such of the teacher's tokens; false: the teacher's such of the student's.</summary>
    public bool IsFromStudent { get; }

    /// <summary>How many classes there are: the tokens of the vocabulary that is mapped to, and one for what has none there.</summary>
    public int Targets { get; }

    /// <summary>[E] the token that is mapped.</summary>
    public IReadOnlyList<long> From { get; }

    /// <summary>[E] what it is mapped to.</summary>
    public IReadOnlyList<long> To { get; }

    /// <summary>[E] its share; those of a token sum to 1.</summary>
    public IReadOnlyList<float> Shares { get; }

    /// <summary>How often, of what was counted, the most frequent counterpart of a token is the one that stands there; 1: always.</summary>
    public double Certainty { get; }

    /// <summary>Counts.</summary>
    /// <param name="pair">Both vocabularies.</param>
    /// <param name="seen">The first tokens, the student's and the teacher's, of spans of some texts.</param>
    public static TokenMap Of(VocabularyPair pair, IReadOnlyDictionary<(int Student, int Teacher), long> seen)
    {
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(seen);
        var fromStudent = Map(true, pair.Student, pair.Teacher, (pair.StudentEnd, pair.TeacherEnd), seen.ToDictionary(s => s.Key, s => s.Value));
        var fromTeacher = Map(false, pair.Teacher, pair.Student, (pair.TeacherEnd, pair.StudentEnd), seen.ToDictionary(s => (s.Key.Teacher, s.Key.Student), s => s.Value));
        return fromStudent.Certainty >= fromTeacher.Certainty ? fromStudent : fromTeacher;
    }

    private static TokenMap Map(bool isFromStudent, TokenBytes from, TokenBytes to, (int From, int To) end, Dictionary<(int From, int To), long> seen)
    {
        var entries = new List<(int, int, double)>(from.Count);
        var of = seen.GroupBy(s => s.Key.From).ToDictionary(g => g.Key, g => g.OrderBy(s => s.Key.To).ToArray());
        var prefixes = new Lazy<Dictionary<string, int>>(() => Prefixes(to));
        for (var id = 0; id < from.Count; id++)
        {
            if (id == end.From)
                entries.Add((id, end.To, 1));
            else if (of.TryGetValue(id, out var counts) && counts.Sum(c => c.Value) is var total and > 0)
                entries.AddRange(counts.Select(c => (id, c.Key.To, (double)c.Value / total)));
            else
                entries.Add((id, from.Of(id) is { Length: > 0 } bytes ? Longest(bytes, prefixes.Value) ?? to.Count : to.Count, 1));
        }

        var (all, first) = (seen.Values.Sum(), of.Values.Sum(counts => counts.Max(c => c.Value)));
        return new(isFromStudent, to.Count + 1, [.. entries], all == 0 ? 0 : (double)first / all);
    }

    // A token that was not seen stands for the longest one that it begins with.
    private static int? Longest(byte[] bytes, Dictionary<string, int> tokens)
    {
        for (var length = bytes.Length; length > 0; length--)
            if (tokens.TryGetValue(Convert.ToHexString(bytes, 0, length), out var id)) return id;
        return null;
    }

    private static Dictionary<string, int> Prefixes(TokenBytes vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Of(id) is { Length: > 0 } bytes) ids.TryAdd(Convert.ToHexString(bytes), id);
        return ids;
    }
}
