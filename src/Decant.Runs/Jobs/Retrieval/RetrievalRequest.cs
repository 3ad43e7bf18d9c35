namespace Decant.Runs.Jobs.Retrieval;

/// <summary>What a search is measured on.</summary>
/// <param name="Queries">The file of the queries.</param>
/// <param name="Documents">The file of the documents.</param>
/// <param name="Relevance">The file that says which documents answer which queries.</param>
internal sealed record RetrievalRequest(string Queries, string Documents, string Relevance)
{
    /// <summary>Also the first so many numbers of the vectors alone, for models that were trained so; empty: the whole vectors only.</summary>
    public IReadOnlyList<int> Dimensions { get; init; } = [];
}
