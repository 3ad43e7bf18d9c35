namespace Decant.Runs.Reports.Record;

/// <summary>How the language models of a run go on from the same words; reports show three, side by side.</summary>
internal sealed record Continued : RunEvent
{
    /// <summary>The words that they were given.</summary>
    public required string Prompt { get; init; }

    /// <summary>What each arm wrote after them, by the names of <see cref="Arms"/>; without the prompt.</summary>
    public IReadOnlyDictionary<string, string> Continuations { get; init; } = new Dictionary<string, string>();

    /// <summary>How the text really goes on; null where there is none.</summary>
    public string? Truth { get; init; }

    /// <summary>Whether the words are of the test split, and not of the recipe.</summary>
    public bool IsOfTest { get; init; }
}
