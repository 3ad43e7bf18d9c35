using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.Labelling;

/// <summary><c>POST /rerank</c>: documents in the order of their scores for a query.</summary>
internal static class Rerank
{
    public static async Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var query = body.Text("query");
        if (string.IsNullOrWhiteSpace(query))
            throw ApiException.Of("query", "a text that is not blank", query is null ? "none" : "a blank one");
        var documents = body.Texts("documents", call.Limits.MaxTexts) ?? throw ApiException.Of("documents", "a text or a list of texts", "none");
        var most = (int)(body.Whole("top_n", 1, int.MaxValue) ?? documents.Count);
        var name = body.Text("model");
        body.RefuseOthers("return_documents");
        var model = call.Models.Find<ScorerModel>(name, "ranking");
        var scores = await call.RunAsync(cancellation => model.Scores([.. documents.Select(document => (query, (string?)document))], cancellation)).ConfigureAwait(false);
        await call.SendAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteStartArray("results");
            foreach (var (index, score) in scores.Index().OrderByDescending(s => s.Item.Score).Take(most))
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteNumber("relevance_score", score.Score);
                json.WriteBoolean("truncated", score.IsTruncated);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
