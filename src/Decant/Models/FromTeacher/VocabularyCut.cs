using System.Text.Json.Nodes;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>A part of a teacher's vocabulary: its settings, and which weights have a row per token.</summary>
internal static class VocabularyCut
{
    private const string Size = "vocab_size";
    private const string Pad = "pad_token_id";
    private static readonly string[] s_ids = [Pad, "bos_token_id", "eos_token_id", "ignored_token_ids"];
    private static readonly string[] s_embeddings = ["word_embeddings", "wte", "embed_tokens", "embedding"];

    /// <summary>Sets the size, and the new numbers of the tokens that the settings name.</summary>
    /// <exception cref="DecantException">There is no vocabulary, tokens are not the teacher's or stand twice, or one is missing that the model needs.</exception>
    public static void Apply(JsonObject json, ModelConfig teacher, IReadOnlyList<int> tokens)
    {
        ConfigCut.Cut(json, [Size], tokens.Count, "vocabulary");
        var size = teacher.ToJson()[Size]!.GetValue<int>();
        if (tokens.Any(t => t < 0 || t >= size))
            throw new DecantException($"student.from-teacher: token {tokens.First(t => t < 0 || t >= size)} was requested, and the teacher has the tokens 0 to {size - 1}.");
        if (tokens.Distinct().Count() < tokens.Count)
            throw new DecantException("student.from-teacher: a token stands twice among those to keep; name each once.");
        var numbers = tokens.Select((token, number) => (token, number)).ToDictionary(t => t.token, t => t.number);
        foreach (var key in s_ids.Where(key => json[key] is not null))
            json[key] = json[key] is JsonArray several ? Renumber(several, numbers) : Renumber(json[key]!.GetValue<int>(), numbers, key, teacher);
    }

    /// <summary>Whether a weight of a model has a row per token.</summary>
    public static bool IsPerToken(string name, Tensor weight, Model model)
    {
        var words = name.Split('.');
        return (words.Length > 1 && s_embeddings.Contains(words[^2]))
            || (model is StaticTextModel table && ReferenceEquals(weight, table.Embeddings))
            || (model is ChunkedHeadModel { Head: var head } && (ReferenceEquals(weight, head.Weight) || ReferenceEquals(weight, head.Bias)));
    }

    private static JsonArray Renumber(JsonArray ids, Dictionary<int, int> numbers) =>
        [.. ids.Select(id => id!.GetValue<int>()).Where(numbers.ContainsKey).Select(id => (JsonNode)numbers[id])];

    private static JsonNode? Renumber(int id, Dictionary<int, int> numbers, string key, ModelConfig teacher)
    {
        if (id < 0)
            return id;
        var isKept = numbers.TryGetValue(id, out var number);
        if (!isKept && teacher is ICausalConfig)
            return null;
        if (!isKept)
            throw new DecantException($"student.from-teacher: the tokens to keep lack {id}, which fills up short texts ({key}); keep it.");
        if (key == Pad && number != id && teacher is EncoderConfig { Shape.CountsTokens: true })
            throw new DecantException($"student.from-teacher: the teacher's positions are counted from its padding token {id} on, which would become token {number}; let it keep its number.");
        return number;
    }
}
