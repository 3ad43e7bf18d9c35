using System.Text.RegularExpressions;

namespace Decant.Hub.HuggingFace;

/// <summary>Which files of a repository a purpose needs: settings, tokenizer, and the weights in one format, safetensors before PyTorch's.</summary>
internal static partial class NeededFiles
{
    /// <summary>The name of a model's settings.</summary>
    public const string Settings = "config.json";

    private const string Safetensors = "model.safetensors", PyTorch = "pytorch_model.bin", IndexEnd = ".index.json";

    private static readonly string[] s_weights = [Safetensors, Safetensors + IndexEnd, PyTorch, PyTorch + IndexEnd];

    private static readonly string[] s_tokenizers = ["tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt"];

    private static readonly HashSet<string> s_small =
    [
        Settings, "generation_config.json", "preprocessor_config.json", "modules.json", "config_sentence_transformers.json", "sentence_bert_config.json",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "merges.txt", "chat_template.jinja", "chat_template.json", .. s_tokenizers,
    ];

    /// <summary>Settings and tokenizer.</summary>
    /// <param name="files">All files of the repository.</param>
    public static IEnumerable<string> Small(IEnumerable<string> files) => files.Where(f => s_small.Contains(f) || Module().IsMatch(f) || (f.EndsWith(".tiktoken", StringComparison.Ordinal) && !f.Contains('/', StringComparison.Ordinal)));

    /// <summary>Whether there is something that reads text.</summary>
    public static bool HasTokenizer(IEnumerable<string> files) => files.Any(f => s_tokenizers.Contains(f) || f.EndsWith(".tiktoken", StringComparison.Ordinal));

    /// <summary>The file that the weights begin with: all of them, or the index of their parts. Null: there are none that are read.</summary>
    public static string? Weights(IReadOnlyCollection<string> files) => Array.Find(s_weights, files.Contains);

    /// <summary>Whether a file is an index of parts.</summary>
    public static bool IsIndex(string file) => file.EndsWith(IndexEnd, StringComparison.Ordinal);

    /// <summary>The files that match one of several patterns.</summary>
    /// <param name="files">All files.</param>
    /// <param name="patterns">With <c>*</c> for any characters, '/' too, and <c>?</c> for one.</param>
    public static IEnumerable<string> Matching(IEnumerable<string> files, IReadOnlyList<string> patterns)
    {
        var shapes = patterns.Select(p => new Regex("\\A" + Regex.Escape(p).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "\\z", RegexOptions.NonBacktracking)).ToArray();
        return files.Where(f => shapes.Any(s => s.IsMatch(f)));
    }

    /// <summary>What a repository without weights that are read has instead, and what to do, as the end of a message.</summary>
    public static string Instead(IReadOnlyCollection<string> files)
    {
        (string Ending, string What)[] kinds =
        [
            (".gguf", "GGUF (quantized, for llama.cpp)"), (".onnx", "ONNX"), (".h5", "TensorFlow"), (".msgpack", "Flax"), (".ot", "rust-bert"), (".ckpt", "a training checkpoint"),
            (".pt", "PyTorch under another name"), (".pth", "PyTorch under another name"), (".bin", "binary files under other names"), (".safetensors", "safetensors under other names, such as adapters or parts of a pipeline"),
        ];
        if (Weights(files) is { } weights)
            return $"its weights ({weights}) say nothing of the network that they are for. Nothing was downloaded; describe the network in a recipe (teacher: {{ model: …, load: … }}), or take a model with {Settings}.";
        var there = kinds.Select(k => (k.What, File: files.FirstOrDefault(f => f.EndsWith(k.Ending, StringComparison.OrdinalIgnoreCase)))).Where(k => k.File is not null).Select(k => $"{k.What} ({k.File})").ToList();
        return $"expected {Safetensors} or {PyTorch}, whole or in parts with an index, came {(there.Count == 0 ? "no weights at all" : string.Join(", ", there))}. Nothing was downloaded; take a model with such weights, often the one that this was made from.";
    }

    // The pooling of a sentence-transformers model, and modules behind it, which are refused by what their settings say.
    [GeneratedRegex(@"\A[0-9]{1,2}_[A-Za-z]{1,40}/config\.json\z")]
    private static partial Regex Module();
}
