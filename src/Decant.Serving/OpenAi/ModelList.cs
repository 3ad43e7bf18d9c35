using System.Text.Json;
using Decant.Serving.Models;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Http;

namespace Decant.Serving.OpenAi;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelList
{
    public static Task AllAsync(HttpContext context, ServedModels models) => JsonAnswer.SendAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in models.All)
                Write(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        },
        context.RequestAborted);

    public static Task OneAsync(HttpContext context, ServedModels models)
    {
        var model = models.Find(context.Request.RouteValues["id"] as string ?? "");
        return JsonAnswer.SendAsync(context, json => Write(json, model), context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Name);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Opened.ToUnixTimeSeconds());
        json.WriteString("owned_by", "decant");
        json.WriteString("task", model.Task);
        json.WriteEndObject();
    }
}
