using Decant.Data;
using Decant.Data.Splitting;

namespace Decant.Runs.Preparing;

/// <summary>Splits of pairs in which all documents of a query stay together: what is cut are queries.</summary>
internal static class QuerySplits
{
    /// <summary>As <see cref="Splits.Make"/>, with shares and numbers of queries.</summary>
    /// <param name="train">Pairs: a query and a document.</param>
    /// <param name="validation">The given validation split; null: none is given.</param>
    /// <param name="test">The given test split; null: none is given.</param>
    /// <param name="options">What to cut; null: nothing.</param>
    public static DataSplits Make(Dataset train, Dataset? validation, Dataset? test, SplitOptions? options)
    {
        if (options is null or { Validation: null, Test: null })
            return Splits.Make(train, validation, test, options);
        var queries = Enumerable.Range(0, train.Count).ToLookup(i => QueryOf(train[i].Content), StringComparer.Ordinal);
        var parts = Splits.Make(train.Subset([.. queries.Select(rows => rows.Any(train.IsLabelled) ? rows.First(train.IsLabelled) : rows.First())]), validation, test, options);
        return parts with
        {
            Train = Whole(parts.Train)!,
            Validation = options.Validation is null ? parts.Validation : Whole(parts.Validation),
            Test = options.Test is null ? parts.Test : Whole(parts.Test),
        };

        Dataset? Whole(Dataset? part) => part is null ? null : train.WithClasses(part.Classes).Subset([.. Enumerable.Range(0, part.Count).SelectMany(i => queries[QueryOf(part[i].Content)]).Order()]);
    }

    private static string QueryOf(SampleContent content) => content is TextContent text ? text.Text : "";
}
