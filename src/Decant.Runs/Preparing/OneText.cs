using Decant.Data;
using Decant.Models.Configuration;

namespace Decant.Runs.Preparing;

/// <summary>Samples as a model is asked when it is used.</summary>
internal static class OneText
{
    /// <summary>The sample; of an embedding's pair the first text, which has an id of its own, as collators cache samples by their ids.</summary>
    public static Sample Of(Sample sample, PreparedData data) => data.Context.Task == ModelTask.Embedding && sample.Content is TextContent { Pair: not null } pair
        ? new Sample(new SampleId(~sample.Id.Value), new TextContent(pair.Text), null)
        : sample;
}
