using System.Text.Json.Nodes;

namespace Decant.Models;

/// <summary>The settings of a part of a teacher: its <c>config.json</c> with other sizes. Families spell the same size differently.</summary>
internal static class ConfigCut
{
    private static readonly string[] s_layers = ["num_hidden_layers", "n_layer", "n_layers", "num_layers"];
    private static readonly string[] s_hidden = ["hidden_size", "n_embd", "dim"];
    private static readonly string[] s_heads = ["num_attention_heads", "n_head", "n_heads"];
    private static readonly string[] s_kvHeads = ["num_key_value_heads"];
    private static readonly string[] s_intermediate = ["intermediate_size", "n_inner", "hidden_dim"];
    private static readonly string[] s_vocabulary = ["vocab_size"];
    private static readonly string[] s_perLayer = ["layer_types"];

    /// <summary>The settings of the part.</summary>
    /// <exception cref="DecantException">The teacher has no such size, or not so much of it.</exception>
    public static ModelConfig Of(ModelConfig teacher, PartOfTeacher part)
    {
        var json = teacher.ToJson();
        KeepHeadWidth(json, part);
        if (part.Layers is { } layers)
            CutLayers(json, layers);
        Cut(json, s_hidden, part.Hidden, "hidden");
        Cut(json, s_heads, part.Heads, "heads");
        Cut(json, s_kvHeads, part.KvHeads, "kv-heads");
        Cut(json, s_intermediate, part.Intermediate, "intermediate");
        if (part.Tokens is { } tokens)
            CutTokens(json, tokens);
        return ModelFamilies.Read(json);
    }

    /// <summary>How many layers a model of these settings has; null where it has none.</summary>
    public static int? Layers(ModelConfig config) => Find(config.ToJson(), s_layers)?.Value;

    /// <summary>How many tokens a model of these settings has; null where it has none.</summary>
    public static int? Tokens(ModelConfig config) => Find(config.ToJson(), s_vocabulary)?.Value;

    private static void CutTokens(JsonObject json, IReadOnlyList<int> tokens)
    {
        Cut(json, s_vocabulary, tokens.Count, "vocabulary", out var has);
        if (tokens.FirstOrDefault(t => t < 0 || t >= has, -1) is not -1 and var beyond)
            throw new DecantException($"The token {beyond} is to be kept, and the teacher has the tokens 0 to {has - 1}: its tokenizer does not belong to it.");
        var numbers = tokens.Select((old, id) => (old, id)).ToDictionary(pair => pair.old, pair => pair.id);
        foreach (var (name, value) in json.ToArray())
        {
            if (!name.EndsWith("_token_id", StringComparison.Ordinal) || value is null)
                continue;
            json.Remove(name); // a role whose token is not kept is nobody's
            if (value is JsonArray several)
                json[name] = new JsonArray([.. several.Select(id => id!.GetValue<int>()).Where(numbers.ContainsKey).Select(id => (JsonNode)numbers[id])]);
            else if (numbers.TryGetValue(value.GetValue<int>(), out var id))
                json[name] = id;
            if (name == "pad_token_id")
                RefuseMovedPadding(json, value, json[name]);
        }
    }

    // RoBERTa counts its positions from the padding token's id: another id would mean other positions.
    private static void RefuseMovedPadding(JsonObject json, JsonNode before, JsonNode? after)
    {
        if (json["model_type"]?.GetValue<string>().Contains("roberta", StringComparison.Ordinal) == true && !JsonNode.DeepEquals(before, after))
            throw new DecantException($"A RoBERTa counts positions from its padding token, {before}, which would be {after?.ToString() ?? "none"}: keep all tokens up to it.");
    }

    private static void CutLayers(JsonObject json, IReadOnlyList<int> layers)
    {
        var (key, has) = Find(json, s_layers) ?? throw Missing(json, "layers");
        if (layers.FirstOrDefault(l => l < 0 || l >= has, -1) is >= 0 and var beyond)
            throw new DecantException($"student.from-teacher: layer {beyond} was asked for, and the teacher has the layers 0 to {has - 1}.");
        json[key] = layers.Count;
        foreach (var name in s_perLayer)
        {
            if (json[name] is JsonArray all && all.Count == has)
                json[name] = new JsonArray([.. layers.Select(l => all[l]?.DeepClone())]);
        }
    }

    // Attention of a family that says the width of a head keeps it; one that does not has width ÷ heads, which must come out the same.
    private static void KeepHeadWidth(JsonObject json, PartOfTeacher part)
    {
        if (Find(json, s_hidden) is not { } hidden || Find(json, s_heads) is not { } heads || (part.Hidden is null && part.Heads is null))
            return;
        var width = json["head_dim"]?.GetValue<int>() ?? hidden.Value / heads.Value;
        if (json.ContainsKey("head_dim"))
            json["head_dim"] = width;
        else if ((part.Hidden ?? hidden.Value) != width * (part.Heads ?? heads.Value))
        {
            throw new DecantException(
                $"student.from-teacher: the teacher's heads are {width} wide, and {part.Heads ?? heads.Value} of them do not make a width of {part.Hidden ?? hidden.Value}. " +
                $"Say hidden: {width * (part.Heads ?? heads.Value)}, or other heads.");
        }
    }

    private static void Cut(JsonObject json, string[] keys, int? size, string name)
    {
        if (size is { } wanted)
            Cut(json, keys, wanted, name, out _);
    }

    private static void Cut(JsonObject json, string[] keys, int wanted, string name, out int has)
    {
        (var key, has) = Find(json, keys) ?? throw Missing(json, name);
        json[key] = wanted <= has ? wanted : throw new DecantException($"student.from-teacher: {name} is {wanted}, and the teacher has {has}: a part cannot be larger.");
    }

    private static (string Key, int Value)? Find(JsonObject json, string[] keys)
    {
        foreach (var key in keys)
        {
            if (json[key] is JsonValue value && value.TryGetValue<int>(out var number))
                return (key, number);
        }

        return null;
    }

    private static DecantException Missing(JsonObject json, string name) =>
        new($"student.from-teacher: a model of type '{json["model_type"]}' has no '{name}' to take a part of. Give student.model instead.");
}
