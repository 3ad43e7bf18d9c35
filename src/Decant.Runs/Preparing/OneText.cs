using Decant.Data;
using Decant.Models.Configuration;

namespace Decant.Runs.Preparing;

/// <summary>Samples as a model is asked when it is used.</summary>
internal static class OneText
{
    /// <summary>The sample; of an embedding's pair the first text, of a query with documents the query, or the query with its first document, which has an id of its own, as collators cache samples by their ids.</summary>
    public static Sample Of(Sample sample, PreparedData data) => (data.Context.Task, sample.Content) switch
    {
        (ModelTask.Embedding, TextContent { Pair: not null } pair) => new Sample(new SampleId(~sample.Id.Value), new TextContent(pair.Text), null),
        (ModelTask.Embedding, RankingContent ranking) => new Sample(new SampleId(~sample.Id.Value), ranking with { Documents = [] }, null),
        (_, RankingContent ranking) => new Sample(new SampleId(~sample.Id.Value), ranking with { Documents = [ranking.Documents[0]] }, null),
        _ => sample,
    };
}
