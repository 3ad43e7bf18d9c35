using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Retrieval;
using Decant.Data.Sources;

namespace Decant.Data.Rankings;

/// <summary>A part of a search.</summary>
internal enum SearchPart
{
    /// <summary>To learn from: eight types of ten.</summary>
    Train,

    /// <summary>To choose settings by: one type of ten.</summary>
    Validation,

    /// <summary>To measure on: one type of ten.</summary>
    Test,
}

/// <summary>
/// A search in the API documentation that comes with every .NET SDK: the query says what a member returns, the document that answers it is the member's name with its summary; the other documents of
/// a query are those that BM25 finds first.
/// </summary>
/// <remarks>
/// A type with all of its members is in one part alone, chosen by the hash of its name. A query or a document that an earlier part has is left out of the later ones, so that nothing of the test set is
/// in the training set. A query that answers to more than three documents is left out, and a document that says the same as a relevant one is never among the others.
/// </remarks>
internal sealed record DotnetSearchOptions : SourceOptions
{
    /// <summary>Which part; default: train.</summary>
    [Description("part of the types: train, validation or test")]
    public SearchPart Part { get; init; }

    /// <summary>How many documents that are not relevant each query has; default: 7.</summary>
    [Description("number of documents per query that are not relevant: those that BM25 finds first")]
    [Range(1, 1000)]
    public int Negatives { get; init; } = 7;

    /// <summary>Queries of fewer words are left out; default: 6.</summary>
    [Description("minimum length of a query, in words")]
    [Range(1, 100)]
    public int MinWords { get; init; } = 6;

    /// <summary>The most queries, chosen by their hash; null: all.</summary>
    [Description("maximum number of queries; absent: all")]
    [Range(1, int.MaxValue)]
    public int? MaxQueries { get; init; }

    /// <summary>The folder of a .NET SDK, the one with <c>packs</c> in it; null: the installed one is found.</summary>
    [Description("folder of the .NET SDK; default: the installed one")]
    public string? Root { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        var search = DotnetSearch.Of(DotnetDocsReader.FindFiles(Root ?? DotnetRoot.Find()), Part, MinWords, cancellationToken);
        var index = new Bm25(search.Documents);
        var queries = search.Queries.OrderBy(q => ContentHash.OfText(q.Text, null)).Take(MaxQueries ?? int.MaxValue);
        return Dataset.FromRankings($"dotnet-search ({Part.ToString().ToLowerInvariant()})", queries.Select(query => Ranking(search, index, query)));
    }

    private (RankingContent Content, IReadOnlyList<float>? Grades) Ranking(DotnetSearch search, Bm25 index, SearchQuery query)
    {
        var said = query.Relevant.Select(d => search.Summaries[d]).ToHashSet(StringComparer.Ordinal);
        var others = index.Best(query.Text, search.Documents.Count).Where(d => !said.Contains(search.Summaries[d])).Take(Negatives).ToList();
        // A query whose words few documents have gets some by chance, the same every time.
        for (var rng = Rng.For(ContentHash.OfText(query.Text, null), 0); others.Count < Negatives;)
        {
            var drawn = rng.Next(search.Documents.Count);
            if (!said.Contains(search.Summaries[drawn]) && !others.Contains(drawn)) others.Add(drawn);
        }

        int[] all = [.. query.Relevant, .. others];
        return (new RankingContent(query.Text, [.. all.Select(d => search.Documents[d])]), [.. all.Select((_, i) => i < query.Relevant.Count ? 1f : 0f)]);
    }
}
