using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Configuration;

namespace Decant.Text.Restriction;

/// <summary>Components of a tokenizer.json that name tokens by id, with other ids.</summary>
internal static class NumberedJson
{
    public static JsonElement? PostProcessor(JsonElement? json, IReadOnlyDictionary<int, int> numbers) => Changed(json, root => Renumber(root, numbers));

    public static JsonElement? Padding(JsonElement? json, IReadOnlyDictionary<int, int> numbers) => Changed(json, root =>
    {
        if (root["pad_id"] is { } id) root["pad_id"] = numbers.GetValueOrDefault(id.GetValue<int>());
    });

    private static void Renumber(JsonObject component, IReadOnlyDictionary<int, int> numbers)
    {
        foreach (var name in new[] { "sep", "cls" }) // BertProcessing, RobertaProcessing: a token and its id
            if (component[name] is JsonArray { Count: 2 } pair) pair[1] = numbers[pair[1]!.GetValue<int>()];
        foreach (var (_, token) in component["special_tokens"] as JsonObject ?? []) // TemplateProcessing
            if (token?["ids"] is JsonArray ids)
                for (var i = 0; i < ids.Count; i++) ids[i] = numbers.GetValueOrDefault(ids[i]!.GetValue<int>());
        foreach (var step in component["processors"] as JsonArray ?? []) Renumber(step!.AsObject(), numbers);
    }

    private static JsonElement? Changed(JsonElement? json, Action<JsonObject> change)
    {
        if (json is not { ValueKind: JsonValueKind.Object } element) return json;
        var root = JsonObject.Create(element.Clone())!;
        change(root);
        return TokenizerParts.Json(root);
    }
}
