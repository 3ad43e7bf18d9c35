using System.Globalization;
using System.Text.Json.Nodes;

namespace Decant.Inference.Folders;

/// <summary>What the <c>config.json</c> of an exported model says.</summary>
internal sealed class ExportedConfig
{
    /// <summary>The name of the file.</summary>
    public const string Name = "config.json";

    private const int MostLabels = 1_000_000;
    private readonly JsonObject _json;

    private ExportedConfig(string file, JsonObject json) => (File, _json) = (file, json);

    /// <summary>Its path.</summary>
    public string File { get; }

    /// <summary>The family, such as <c>bert</c> or <c>textcnn</c>; null where the file does not say.</summary>
    public string? ModelType => (_json["model_type"] as JsonValue)?.TryGetValue<string>(out var type) == true ? type : null;

    /// <summary>The task that <c>architectures</c> names, one of <see cref="ArchitectureTask"/>'s; null where it names none.</summary>
    public string? Task => ArchitectureTask.Of(_json);

    /// <summary>Whether the model was trained on pairs of texts and on nothing else.</summary>
    public bool ReadsPairs => Flag("decant_reads_pairs");

    /// <summary>The scheme of a tagger's classes; null: decided by their names.</summary>
    public string? TagScheme => _json["tag_scheme"]?.ToString();

    /// <summary>The pooling of an embedding (<c>mean</c>, <c>first</c>) where it is not the usual one.</summary>
    public string? Pooling => _json["pooling"]?.ToString();

    /// <summary>Whether embeddings are divided by their length.</summary>
    public bool Normalize => Flag("normalize");

    /// <summary>V, the rows of the embedding.</summary>
    /// <exception cref="DecantException">The file does not say: the model reads no texts.</exception>
    public long Vocabulary => Number("vocab_size") ?? throw new DecantException($"{File} has no vocab_size, so the model reads no texts; images and vectors are classified by ImageClassifier.");

    /// <summary>[…] of a sample, without the batch; null where the file does not say.</summary>
    public IReadOnlyList<long>? InputShape => _json["input_shape"] is JsonArray shape ? [.. shape.Select(size => Whole(size, "input_shape"))] : null;

    /// <summary>How many tokens the model's positions suffice for; null: it has none.</summary>
    public long? Positions
    {
        get
        {
            var positions = Number("max_position_embeddings") ?? Number("n_positions");
            return ModelType == "roberta" ? positions - (Number("pad_token_id") ?? 1) - 1 : Scaled(positions);
        }
    }

    /// <summary>Whether the file has a key.</summary>
    public bool Has(string key) => _json.ContainsKey(key);

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="DecantException">It is missing, is another file, or is no JSON object.</exception>
    public static ExportedConfig Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        return new(file, SettingsFile.Read(file) ?? throw new DecantException($"{file} is not there; expected the settings that 'decant export' writes beside onnx/. Export the model again, or name its folder."));
    }

    /// <summary>The names of the classes, or of the numbers of a regression, in the order of the logits.</summary>
    /// <exception cref="DecantException">They contradict each other.</exception>
    public IReadOnlyList<string> Labels()
    {
        var count = Number("num_labels") ?? Number("_num_labels");
        if (_json["id2label"] is not JsonObject named)
            return count is null or (>= 0 and <= MostLabels) ? [.. Enumerable.Range(0, (int)(count ?? 2)).Select(i => $"LABEL_{i}")] : throw Wrong("num_labels", $"a number from 0 to {MostLabels:N0}", _json["num_labels"]);
        var names = new string?[named.Count];
        foreach (var (key, name) in named)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= names.Length || names[index] is not null)
                throw new DecantException($"{File}: id2label has the key '{key}'; expected the numbers from 0 to {names.Length - 1}, each once.");
            names[index] = name is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong($"id2label, '{key}'", "the name of a class", name);
        }

        if (count is { } said && said != names.Length)
            throw new DecantException($"{File}: num_labels is {said}, but id2label names {names.Length} classes. Correct one of them.");
        return names!;
    }

    /// <summary>The probability of each label from which on a text has it; 0.5 where the file does not say.</summary>
    /// <exception cref="DecantException">They are no numbers from 0 to 1, or not as many as labels.</exception>
    public IReadOnlyList<double> Thresholds(int labels)
    {
        if (_json["thresholds"] is not { } node)
            return [.. Enumerable.Repeat(0.5, labels)];
        var numbers = (node as JsonArray)?.Select(number => number is JsonValue value && value.TryGetValue<double>(out var threshold) ? threshold : double.NaN).ToArray() ?? [];
        return numbers.Length == labels && Array.TrueForAll(numbers, number => number is >= 0 and <= 1) ? numbers : throw Wrong("thresholds", $"{labels} numbers from 0 to 1, one for each label", node);
    }

    /// <summary>The ids of a key that is a number or a list of numbers; empty where it is left out.</summary>
    public IReadOnlyList<int> Tokens(string key) => SettingsFile.Tokens(File, _json, key);

    /// <summary>A whole number; null where the key is left out.</summary>
    public long? Number(string key) => _json[key] is { } node ? Whole(node, key) : null;

    // Rotations that are stretched reach beyond the positions first trained on.
    private long? Scaled(long? positions)
    {
        if (positions is not { } first || (_json["rope_scaling"] ?? _json["rope_parameters"]) is not JsonObject scaling)
            return positions;
        var factor = scaling["factor"] is JsonValue value && value.TryGetValue<double>(out var by) ? Math.Max(1, by) : 1;
        var trained = scaling["original_max_position_embeddings"] is { } node ? Whole(node, "original_max_position_embeddings") : first;
        return (scaling["rope_type"] ?? scaling["type"])?.ToString().ToLowerInvariant() switch
        {
            "dynamic" => (long)(first * factor),
            "yarn" => Math.Max(first, (long)(trained * factor)),
            _ => first,
        };
    }

    private bool Flag(string key) => _json[key] is JsonValue value && value.TryGetValue<bool>(out var isSet) && isSet;

    private long Whole(JsonNode? node, string key) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : throw Wrong(key, "a whole number", node);

    private DecantException Wrong(string key, string expected, JsonNode? came) => new($"{File}: {key}: expected {expected}, came {SettingsFile.Shown(came)}.");
}
