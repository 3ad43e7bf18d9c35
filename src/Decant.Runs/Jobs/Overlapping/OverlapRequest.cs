using Decant.Data.Duplicates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>Which files are compared, and how.</summary>
internal sealed record OverlapRequest
{
    private const int CharactersOfShingle = 5;

    /// <summary>The training file.</summary>
    public required string Train { get; init; }

    /// <summary>Files that are measured on.</summary>
    public required IReadOnlyList<string> With { get; init; }

    /// <summary>The column of the text in all of them; null: guessed.</summary>
    public string? Text { get; init; }

    /// <summary>The similarity from which on texts are near duplicates; null: <see cref="OverlapOptions.Near"/>'s default.</summary>
    public double? Near { get; init; }

    /// <summary>The length of a shared passage; null: <see cref="OverlapOptions.Ngram"/>'s default.</summary>
    public int? Ngram { get; init; }

    /// <summary>Whether shingles are of five characters instead of two words.</summary>
    public bool IsByCharacters { get; init; }

    /// <summary>How many examples are shown of each file at most; default: 5.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>What counts as overlap.</summary>
    public OverlapOptions Options()
    {
        var usual = new OverlapOptions();
        return usual with
        {
            Near = Near ?? usual.Near,
            Ngram = Ngram ?? usual.Ngram,
            Shingle = IsByCharacters ? ShingleUnit.Characters : usual.Shingle,
            ShingleSize = IsByCharacters ? CharactersOfShingle : usual.ShingleSize,
        };
    }
}
