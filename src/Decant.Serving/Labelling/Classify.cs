using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.Labelling;

/// <summary><c>POST /classify</c>: classes, labels, tags or scores of texts or pairs.</summary>
internal static class Classify
{
    public static async Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var texts = body.Texts("texts", call.Limits.MaxTexts);
        var pairs = body.Pairs("pairs", call.Limits.MaxTexts);
        var name = body.Text("model");
        body.RefuseOthers();
        if (texts is null == pairs is null)
            throw new ApiException(400, $"Expected either texts or pairs, came {(texts is null ? "neither" : "both")}.", "texts", "invalid_value");
        var model = call.Models.Find<LabellingModel>(name, "classes");
        if (pairs is not null && !model.TakesPairs)
            throw ApiException.Of("pairs", "texts, which this model tags", "pairs");
        var inputs = pairs ?? [.. texts!.Select(text => (text, (string?)null))];
        var answers = await call.RunAsync(cancellation => model.Answer(inputs, cancellation)).ConfigureAwait(false);
        await call.SendAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteString("task", model.Task);
            json.WriteStartArray("results");
            foreach (var answer in answers)
            {
                json.WriteStartObject();
                answer(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
