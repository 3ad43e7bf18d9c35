using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Signals;

namespace Decant.Teachers.Answers.Storage;

/// <summary>Reads and writes the manifest of a store, <c>manifest.json</c>.</summary>
internal static class ManifestFile
{
    /// <summary>Its name in the store's folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The key of what is for people alone.</summary>
    public const string NameKey = "name";

    private const string Format = "decant-answers";
    private const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>All keys, with their values as they stand in the file.</summary>
    public static IReadOnlyDictionary<string, string> Fields(AnswerManifest manifest) =>
        ToJson(manifest).ToDictionary(field => field.Key, field => field.Value?.ToJsonString() ?? "null", StringComparer.Ordinal);

    /// <summary>Writes it, if there is none.</summary>
    /// <param name="folder">The store's folder, which is there.</param>
    /// <param name="manifest">The manifest.</param>
    public static void Write(string folder, AnswerManifest manifest) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(ToJson(manifest.Checked()), s_indented), replace: true);

    /// <summary>Reads it.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <exception cref="DecantException">There is none, it is damaged, or a newer program wrote it.</exception>
    public static AnswerManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new DecantException($"{folder} is no store of answers: it has no {FileName}.");
        if (new FileInfo(path).Length > MostBytes)
            throw new DecantException($"{path} is no manifest of answers: it has more than {MostBytes:N0} bytes.");
        try
        {
            if (JsonNode.Parse(File.ReadAllBytes(path)) is not JsonObject json || (string?)json["format"] != Format)
                throw new DecantException($"{path} is no manifest of answers: expected \"format\": \"{Format}\".");
            var version = (int?)json["version"] ?? 0;
            if (version is < 1 or > AnswerManifest.Version)
                throw new DecantException($"{path}: the store has version {version} of the format, and this program reads versions up to {AnswerManifest.Version}. Use the program that wrote it, or a newer one.");
            return OfJson(json, path).Checked();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DecantException($"{path} is damaged{(error is JsonException { LineNumber: var line } ? FormattableString.Invariant($", at line {line + 1}: expected JSON as it was written.") : $": {error.Message}")} Take that of a copy of this store, or remove the store's folder and have the teacher asked again.", inner: error);
        }
    }

    private static JsonObject ToJson(AnswerManifest manifest) => new()
    {
        ["format"] = Format,
        ["version"] = AnswerManifest.Version,
        ["teacher"] = manifest.Teacher,
        [NameKey] = manifest.Name,
        ["kind"] = Kebab(manifest.Kind),
        ["vocabulary"] = manifest.Vocabulary,
        ["tokenizer"] = manifest.Tokenizer,
        ["settings"] = manifest.Settings,
        ["temperature"] = manifest.Temperature,
        ["numbers"] = Kebab(manifest.Numbers),
        ["k"] = manifest.K,
        ["tail"] = manifest.Tail is { } tail ? Kebab(tail) : null,
        ["draws"] = manifest.Draws,
        ["exponent"] = manifest.Exponent,
    };

    private static AnswerManifest OfJson(JsonObject json, string path)
    {
        var manifest = new AnswerManifest
        {
            Teacher = (string?)json["teacher"] ?? "",
            Name = (string?)json[NameKey] ?? "",
            Kind = Parsed<AnswerKind>(json["kind"]),
            Vocabulary = (int?)json["vocabulary"] ?? 0,
            Tokenizer = (string?)json["tokenizer"],
            Settings = (string?)json["settings"],
            Temperature = (double?)json["temperature"] ?? 0,
            Numbers = Parsed<NumberFormat>(json["numbers"]),
            K = (int?)json["k"] ?? 0,
            Tail = json["tail"] is { } tail ? Parsed<TailRule>(tail) : null,
            Draws = (int?)json["draws"] ?? 0,
            Exponent = (double?)json["exponent"] ?? 0,
        };
        // Nothing that stands in the file is passed over.
        var known = ToJson(manifest);
        return json.FirstOrDefault(field => !known.ContainsKey(field.Key)).Key is { } unknown
            ? throw new DecantException($"{path}: unknown key '{unknown}'. Expected: {string.Join(", ", known.Select(k => k.Key))}.")
            : manifest;
    }

    private static T Parsed<T>(JsonNode? node)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => Kebab(value) == (string?)node).Cast<T?>().FirstOrDefault()
            ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Expected one of {string.Join(", ", Enum.GetValues<T>().Select(Kebab))}, came {node?.ToJsonString() ?? "nothing"}."));

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
