using System.Text.Json.Nodes;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Encoders;

namespace Decant.Models.FromTeacher;

/// <summary>The settings of a part of a teacher: its <c>config.json</c> with other sizes. Families spell the same size differently.</summary>
internal static class ConfigCut
{
    private const string KvHeads = "num_key_value_heads";
    private const string Gpt2Intermediate = "n_inner";
    private static readonly string[] s_layers = ["num_hidden_layers", "n_layer", "n_layers", "num_layers"];
    private static readonly string[] s_hidden = ["hidden_size", "n_embd", "dim"];
    private static readonly string[] s_heads = ["num_attention_heads", "n_head", "n_heads"];
    private static readonly string[] s_intermediate = ["intermediate_size", Gpt2Intermediate, "hidden_dim"];

    /// <summary>The settings of the part.</summary>
    /// <exception cref="DecantException">The teacher has no such size, or not so much of it.</exception>
    public static ModelConfig Of(ModelConfig teacher, PartOfTeacher part, IReadOnlyList<int>? layers, IReadOnlyList<int>? tokens)
    {
        if (teacher is EncoderConfig { IsCompact: true } or DecoderConfig { IsCompact: true } && part != new PartOfTeacher())
        {
            throw new DecantException(
                $"student.from-teacher: the teacher ({teacher.Summary}) shares weights or has them in factors, so no part of it can be taken. Give student.model, or take the part of a model without them.");
        }

        var json = (part.CutsChannels ? ChannelCut.Of(teacher, part) : teacher).ToJson();
        KeepHeadWidth(json, part);
        if (layers is not null)
            LayerCut.Apply(json, layers, s_layers);
        if (part.Hidden is not null || part.Intermediate is not null)
            KeepIntermediate(json);
        CutHidden(json, part);
        CutHeads(json, part);
        Cut(json, s_intermediate, part.Intermediate, "intermediate");
        if (tokens is not null)
            VocabularyCut.Apply(json, teacher, tokens);
        return ModelFamilies.Read(json);
    }

    /// <summary>The settings with hidden states twice as wide, and all else as it is.</summary>
    public static ModelConfig Widened(ModelConfig config)
    {
        var json = config.ToJson();
        KeepIntermediate(json);
        var (key, hidden) = Find(json, s_hidden) ?? throw Missing(json, "hidden");
        if (json.ContainsKey("head_dim") && Find(json, s_heads) is { } heads)
            json["head_dim"] = json["head_dim"]?.GetValue<int>() ?? hidden / heads.Value;
        json[key] = checked(2 * hidden);
        return ModelFamilies.Read(json);
    }

    /// <summary>How many layers a model of these settings has; null where it has none.</summary>
    public static int? Layers(ModelConfig config) => Find(config.ToJson(), s_layers)?.Value;

    /// <summary>The first of these keys that has a number.</summary>
    public static (string Key, int Value)? Find(JsonObject json, string[] keys)
    {
        foreach (var key in keys)
        {
            if (json[key] is JsonValue value && value.TryGetValue<int>(out var number))
                return (key, number);
        }

        return null;
    }

    /// <summary>Sets a size that the teacher has, and no less of it than wanted; null: it stays.</summary>
    public static void Cut(JsonObject json, string[] keys, int? size, string name)
    {
        if (size is not { } wanted)
            return;
        var (key, has) = Find(json, keys) ?? throw Missing(json, name);
        json[key] = wanted <= has ? wanted : throw new DecantException($"student.from-teacher: {name} is {wanted}, and the teacher has {has}: a part cannot be larger.");
    }

    public static DecantException Missing(JsonObject json, string name) =>
        new($"student.from-teacher: a model of type '{json["model_type"]}' has no '{name}' to take a part of. Give student.model instead.");

    // Attention of a family that says the width of a head keeps it; one that does not has width ÷ heads, which must come out the same.
    private static void KeepHeadWidth(JsonObject json, PartOfTeacher part)
    {
        if (Find(json, s_hidden) is not { } hidden || Find(json, s_heads) is not { } heads || (part.Hidden is null && part.Heads is null))
            return;
        var width = json["head_dim"]?.GetValue<int>() ?? hidden.Value / heads.Value;
        var (newHidden, newHeads) = (part.Hidden ?? hidden.Value, part.Heads ?? heads.Value);
        if (json.ContainsKey("head_dim"))
            json["head_dim"] = width;
        else if (newHidden <= hidden.Value && newHeads <= heads.Value && newHidden != width * newHeads)
        {
            throw new DecantException(
                $"student.from-teacher: the teacher's heads are {width} wide, and {newHeads} of them do not make a width of {newHidden}. " +
                $"Say hidden: {width * newHeads}, or other heads.");
        }
    }

    // GPT-2 leaves the width out where it is four times the states'; of a part it would be four times another number.
    private static void KeepIntermediate(JsonObject json)
    {
        if (json.TryGetPropertyValue(Gpt2Intermediate, out var inner) && inner is null && Find(json, s_hidden) is { } hidden)
            json[Gpt2Intermediate] = 4 * hidden.Value;
    }

    private static void CutHidden(JsonObject json, PartOfTeacher part)
    {
        var hidden = Find(json, s_hidden);
        Cut(json, s_hidden, part.Hidden, "hidden");
        // The states that go straight to the embedding's matrix are as wide as the embedding, in the student too.
        if (json["tie_word_embeddings"]?.GetValue<bool>() == true && json["embedding_size"]?.GetValue<int>() == hidden?.Value)
            json["embedding_size"] = part.Hidden ?? hidden!.Value.Value;
    }

    // Heads of queries that share one of keys and values stay as many, unless both numbers are given.
    private static void CutHeads(JsonObject json, PartOfTeacher part)
    {
        var heads = Find(json, s_heads);
        Cut(json, s_heads, part.Heads, "heads");
        if (heads is not { Value: var has } || !json.ContainsKey(KvHeads))
        {
            Cut(json, [KvHeads], part.KeyValueHeads, "key-value-heads");
            return;
        }

        var kv = json[KvHeads]?.GetValue<int>() ?? has;
        json[KvHeads] = kv;
        var wanted = part.Heads ?? has;
        if (part.KeyValueHeads is null && wanted * kv % has != 0)
        {
            throw new DecantException(
                $"student.from-teacher: {has / kv} of the teacher's heads share one of keys and values, and {wanted} heads are no multiple of that. Say key-value-heads, or other heads.");
        }

        Cut(json, [KvHeads], part.KeyValueHeads ?? wanted * kv / has, "key-value-heads");
    }
}
