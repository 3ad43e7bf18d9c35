using System.Runtime.InteropServices;
using System.Text.Json;
using Decant.Inference;
using Decant.Serving.Hosting;
using Decant.Serving.Models;
using Decant.Serving.Protocol;

namespace Decant.Serving.OpenAi;

/// <summary><c>POST /v1/embeddings</c>: makes vectors of texts.</summary>
internal static class Embeddings
{
    public static async Task AnswerAsync(RequestBody body, ServedCall call)
    {
        var texts = body.Texts("input", call.Limits.MaxTexts) ?? throw ApiException.Of("input", "a text or a list of texts", "none");
        var format = body.Text("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
            throw ApiException.Of("encoding_format", "float or base64", "another text");
        var dimensions = body.Whole("dimensions", 1, int.MaxValue);
        var name = body.Text("model");
        body.RefuseOthers("user");
        var model = call.Models.Find<EmbedderModel>(name, "embeddings");
        if (dimensions is { } asked && asked != model.Embedder.Dimensions)
            throw ApiException.Of("dimensions", $"{model.Embedder.Dimensions}, which this model makes", $"{asked}");
        var vectors = await call.RunAsync(cancellation => model.Embedder.Embed(texts, cancellation)).ConfigureAwait(false);
        if (vectors.Index().FirstOrDefault(v => v.Item.IsTruncated) is { Item: not null, Index: var index })
            throw ApiException.Of("input", $"texts of at most {model.Embedder.MaxTokens} tokens", $"a longer one at {index}");
        var tokens = vectors.Sum(v => (long)v.Tokens);
        call.Metrics.Tokens(model.Name, tokens, 0);
        await call.SendAsync(json => Write(json, model.Name, vectors, tokens, format == "base64")).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, string model, IReadOnlyList<TextEmbedding> vectors, long tokens, bool isBase64)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (index, vector) in vectors.Index())
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            if (isBase64)
                json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.Vector.Span));
            else
                Numbers(json, vector.Vector.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens);
        json.WriteNumber("total_tokens", tokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        json.WriteStartArray("embedding");
        foreach (var number in vector)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
