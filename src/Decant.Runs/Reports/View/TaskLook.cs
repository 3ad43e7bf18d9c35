namespace Decant.Runs.Reports.View;

/// <summary>A task in the words of a report.</summary>
/// <param name="Name">Its name in recipes and in the record.</param>
/// <param name="Aim">What models of it learn to do, after "learned from a teacher"; empty: to tell classes apart.</param>
/// <param name="Rows">What an answer is about where a sample has several.</param>
internal sealed record TaskLook(string Name, string Aim, string Rows)
{
    private static readonly TaskLook[] Known =
    [
        new("token-classification", " to find entities", "words"),
        new("multi-label", " to give samples any number of labels", "samples"),
        new("regression", " to predict a number", "samples"),
        new("embedding", " to embed texts", "samples"),
        new("masked-lm", " to predict masked tokens", "tokens"),
        new("causal-lm", " to predict the next token", "tokens"),
    ];

    public static TaskLook Classification { get; } = new("classification", "", "samples");

    /// <summary>Queries with documents, whatever the model answers with.</summary>
    public static TaskLook Ranking { get; } = new("ranking", " to put documents in order", "samples");

    public static TaskLook For(string? name) => Known.FirstOrDefault(t => t.Name == name) ?? Classification;
}
