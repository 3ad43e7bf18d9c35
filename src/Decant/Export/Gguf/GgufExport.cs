using Decant.Export.Gguf.Architectures;
using Decant.Export.Gguf.Format;
using Decant.Export.Gguf.Vocabularies;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Text;

namespace Decant.Export.Gguf;

/// <summary>How the weights of a GGUF file are stored.</summary>
public enum GgufWeights
{
    /// <summary><c>F16</c>: 2 bytes a weight.</summary>
    F16,

    /// <summary><c>Q8_0</c>: blocks of 32 weights of 8 bits with a float16 factor: 1.06 bytes a weight.</summary>
    Q8,

    /// <summary><c>Q4_0</c>: blocks of 32 weights of 4 bits with a float16 factor: 0.56 bytes a weight. The matrix of the tokens, or of the logits where that is another, is stored as <see cref="Q8"/>.</summary>
    Q4,

    /// <summary><c>F32</c>: 4 bytes a weight, nothing is lost.</summary>
    F32,
}

/// <summary>How a GGUF file is written.</summary>
public sealed record GgufExportOptions
{
    /// <summary>How weights are stored; default: float16. Norms, biases, positions and token types are float32 in any case.</summary>
    public GgufWeights Weights { get; init; }

    /// <summary>The name of the model in the file; null: none.</summary>
    public string? Name { get; init; }

    /// <summary>The chat template, which is carried as it is; null: none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Further chat templates by their names, such as <c>tool_use</c>; default: none.</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; } = new Dictionary<string, string>();
}

/// <summary>What was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Notes">What a user must know of it: what llama.cpp does in another way, what is stored in float16 although fewer bits were asked for. Empty where there is nothing.</param>
public sealed record GgufExportReport(string Path, long Bytes, IReadOnlyList<string> Notes);

/// <summary>Writes models as GGUF files, for llama.cpp and what is built on it: LLamaSharp, Ollama, LM Studio, node-llama-cpp.</summary>
public static class GgufExport
{
    /// <summary>Writes a language model of the kinds llama, mistral, qwen2, qwen3 or gpt2, or a BERT or DistilBERT that makes vectors, with its tokenizer.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="model">The model. What layers share is written for each, and matrices in two factors are multiplied.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="options">Null: float16.</param>
    /// <param name="cancellationToken">Stops between tensors; nothing is left behind.</param>
    /// <exception cref="DecantException">llama.cpp has no such model or no such tokenizer (the message says what is in the way), or a weight is not finite. Nothing is written then.</exception>
    public static GgufExportReport Save(string path, Model model, ITokenizer tokenizer, GgufExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        options ??= new GgufExportOptions();
        var architecture = GgufArchitecture.Of(model);
        var causal = ((IConfigured)model).Config as ICausalConfig;
        var vocabulary = GgufVocabulary.Of(tokenizer, architecture.Vocabulary, causal?.EosTokenIds ?? [], causal is null ? TokenFrame.OfWhole(tokenizer) : TokenFrame.OfContinued(tokenizer));
        var stored = StoredTypes.Of(architecture.Tensors, options.Weights, out var kept);
        GgufWriter.Write(path, [.. General(architecture, options), .. architecture.Settings, .. vocabulary.Settings, .. Chat(options)], stored, cancellationToken);
        return new GgufExportReport(path, new FileInfo(path).Length, [.. architecture.Notes, .. vocabulary.Notes, .. kept]);
    }

    private static IEnumerable<KeyValuePair<string, object>> General(GgufArchitecture architecture, GgufExportOptions options)
    {
        yield return new("general.architecture", architecture.Name);
        yield return new("general.type", "model");
        if (options.Name is { } name)
            yield return new("general.name", name);
        yield return new("general.file_type", StoredTypes.FileType(options.Weights));
        yield return new("general.quantization_version", 2u);
        yield return new($"{architecture.Name}.vocab_size", (uint)architecture.Vocabulary);
    }

    private static IEnumerable<KeyValuePair<string, object>> Chat(GgufExportOptions options)
    {
        if (options.ChatTemplate is { } template)
            yield return new("tokenizer.chat_template", template);
        if (options.NamedChatTemplates.Count > 0)
            yield return new("tokenizer.chat_templates", options.NamedChatTemplates.Keys.Order(StringComparer.Ordinal).ToArray());
        foreach (var (name, named) in options.NamedChatTemplates.OrderBy(n => n.Key, StringComparer.Ordinal))
            yield return new($"tokenizer.chat_template.{name}", named);
    }
}
