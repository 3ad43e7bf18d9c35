using System.Text.Json.Nodes;

namespace Decant;

/// <summary>The keys of a <c>generation_config.json</c> that change which token is the most probable, or where a text ends, and that are not served.</summary>
internal static class GenerationKeys
{
    private static readonly string[] s_unserved =
    [
        "stop_strings", "forced_bos_token_id", "forced_eos_token_id", "forced_decoder_ids", "suppress_tokens", "begin_suppress_tokens", "bad_words_ids", "force_words_ids",
        "sequence_bias", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "min_length", "min_new_tokens", "exponential_decay_length_penalty", "watermarking_config",
    ];

    /// <summary>Refuses settings that ask for a way of generating that is not served.</summary>
    /// <param name="file">Their file, for the message.</param>
    /// <param name="json">The settings.</param>
    /// <exception cref="DecantException">They do: what, and where.</exception>
    public static void CheckServed(string file, JsonObject json)
    {
        var asked = s_unserved.Where(key => Says(json[key])).ToArray();
        if (asked.Length > 0)
            throw new DecantException($"{file} asks for {string.Join(", ", asked)}, which is not served: the texts would be others than the model's own. Take the keys out to generate without them.");
    }

    private static bool Says(JsonNode? node) => node switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject settings => settings.Count > 0,
        JsonValue value when value.TryGetValue<double>(out var number) => number != 0,
        JsonValue value when value.TryGetValue<bool>(out var isOn) => isOn,
        _ => true,
    };
}
