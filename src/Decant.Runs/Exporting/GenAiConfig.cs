using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Export.Onnx.Signatures;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Decoder;

namespace Decant.Runs.Exporting;

/// <summary>The settings by which onnxruntime-genai runs a decoder.</summary>
internal static class GenAiConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "genai_config.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes them.</summary>
    public static void Write(string folder, CausalDecoder model) =>
        AtomicFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(Of(model).ToJsonString(s_json) + "\n"));

    // By its own name of GPT-2 it expects the keys and the values of a layer in one tensor.
    private static string TypeOf(string modelType) => modelType == "gpt2" ? "decoder" : modelType;

    private static JsonObject Of(CausalDecoder model)
    {
        var (layers, keyHeads, headWidth) = model.CacheShape;
        var ends = (ICausalConfig)model.Config;
        return new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = TypeOf(model.Config.ModelType),
                ["vocab_size"] = model.VocabularySize,
                ["context_length"] = model.MaxTokens,
                ["bos_token_id"] = ends.BosTokenId ?? 0,
                ["eos_token_id"] = new JsonArray([.. ends.EosTokenIds.Select(id => (JsonNode)id)]),
                ["pad_token_id"] = ends.PadTokenId ?? (ends.EosTokenIds is [var end, ..] ? end : 0),
                ["decoder"] = new JsonObject
                {
                    ["session_options"] = new JsonObject { ["log_id"] = "onnxruntime-genai", ["provider_options"] = new JsonArray() },
                    ["filename"] = OnnxFiles.Float32,
                    ["head_size"] = headWidth,
                    ["hidden_size"] = model.Width,
                    ["num_attention_heads"] = model.Heads,
                    ["num_hidden_layers"] = layers,
                    ["num_key_value_heads"] = keyHeads,
                    ["inputs"] = new JsonObject
                    {
                        ["input_ids"] = InputNames.Tokens,
                        ["attention_mask"] = InputNames.Mask,
                        ["past_key_names"] = "past_key_values.%d.key",
                        ["past_value_names"] = "past_key_values.%d.value",
                    },
                    ["outputs"] = new JsonObject { ["logits"] = InputNames.Logits, ["present_key_names"] = "present.%d.key", ["present_value_names"] = "present.%d.value" },
                },
            },
            ["search"] = new JsonObject
            {
                ["do_sample"] = false,
                ["max_length"] = model.MaxTokens,
                ["min_length"] = 0,
                ["num_beams"] = 1,
                ["num_return_sequences"] = 1,
                ["past_present_share_buffer"] = false,
                ["repetition_penalty"] = 1.0,
                ["temperature"] = 1.0,
                ["top_k"] = 1,
                ["top_p"] = 1.0,
                ["early_stopping"] = true,
                ["length_penalty"] = 1.0,
                ["no_repeat_ngram_size"] = 0,
                ["diversity_penalty"] = 0.0,
            },
        };
    }
}
