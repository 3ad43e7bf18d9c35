namespace Decant.Text;

/// <summary>The words of a text with their places.</summary>
/// <param name="Text">The text.</param>
/// <param name="Words">Its words.</param>
/// <param name="Places">Where each begins in the text, and the place behind its end, in UTF-16 units.</param>
internal sealed record WordList(string Text, IReadOnlyList<string> Words, IReadOnlyList<(int Start, int End)> Places)
{
    /// <summary>The words of a text that white space separates.</summary>
    public static WordList Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var places = new List<(int Start, int End)>();
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            if (at > start)
                places.Add((start, at));
            at++;
        }

        return new(text, [.. places.Select(place => text[place.Start..place.End])], places);
    }

    /// <summary>Whether text and words are the same; the places then are.</summary>
    public bool Equals(WordList? other) => other is not null && Text == other.Text && Words.SequenceEqual(other.Words);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text.GetHashCode(StringComparison.Ordinal), Words.Count);

    /// <summary>Words put together as their language writes them.</summary>
    public static WordList OfWords(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var (spaces, places, at) = (WordSpacing.SpacesIn(words), new (int, int)[words.Count], 0);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (at, at + words[i].Length);
            at += words[i].Length + (spaces[i] ? 1 : 0);
        }

        return new(WordSpacing.Join(words, 0, words.Count), words, places);
    }
}
