using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>The file beside the rows that says how they came about. Keys are those of the recipe.</summary>
internal static class SynthesisManifest
{
    private const string Format = "decant-synthesis";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Where it lies: <c>rows.manifest.json</c> beside <c>rows.csv</c>.</summary>
    public static string FileOf(string rows) => Path.ChangeExtension(rows, ".manifest.json");

    /// <summary>Refuses to overwrite rows that have no manifest: somebody else wrote them.</summary>
    /// <exception cref="DecantException">There is such a file.</exception>
    public static void RefuseOthers(string rows)
    {
        if (File.Exists(rows) && !IsOne(FileOf(rows)))
            throw new DecantException($"{rows} is there already, without a manifest of 'decant synthesize' ({FileOf(rows)}): it is not overwritten. Choose another name with --out.");
    }

    /// <summary>The manifest.</summary>
    /// <param name="recipe">What was asked for.</param>
    /// <param name="file">The rows' file.</param>
    /// <param name="rows">Its bytes.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="heldOut">Files that are held out, with their rows.</param>
    /// <param name="sent">What was sent and spent now.</param>
    public static byte[] Bytes(SynthesisRecipe recipe, string file, byte[] rows, SynthesisResult result, IReadOnlyList<(string File, int Rows)> heldOut, IReadOnlyList<string> sent) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["format"] = Format,
        ["version"] = 1,
        ["name"] = recipe.Name,
        ["file"] = Path.GetFileName(file),
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(rows)),
        ["rows"] = result.Rows.Count,
        ["classes"] = recipe.Write.Classes.Count == 0 ? null : Node(result.Classes),
        ["counts"] = Node(result.Tally),
        ["sent-now"] = Node(sent),
        ["model"] = Model(recipe.Chat),
        ["write"] = Node(recipe.Write),
        ["filters"] = Node(Named(recipe.Filters)),
        ["held-out"] = recipe.HeldOut is null ? null : new JsonObject { ["overlap"] = Node(recipe.HeldOut.Overlap), ["files"] = new JsonArray([.. heldOut.Select(f => new JsonObject { ["file"] = Path.GetFileName(f.File), ["rows"] = f.Rows })]) },
        ["judge"] = recipe.Judge is null ? null : new JsonObject { ["model"] = Model(recipe.Judge.Chat ?? recipe.Chat), ["ask"] = Node(recipe.Judge.Ask) },
    }.ToJsonString(s_json) + "\n");

    // The key is not even here, and neither is the address: it may hold a name of somebody's own.
    private static JsonObject Model(ChatAccess access) => new() { ["name"] = access.Model, ["version"] = access.Version, ["endpoint"] = Uri.TryCreate(access.Endpoint, UriKind.Absolute, out var address) ? address.Host : access.Endpoint, ["terms"] = access.Terms };

    // Files by their names: whose machine they lay on is nobody's business.
    private static SynthesisFilters Named(SynthesisFilters filters) => filters with { LanguageWords = Path.GetFileName(filters.LanguageWords), ForbiddenFiles = [.. filters.ForbiddenFiles.Select(file => Path.GetFileName(file))] };

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, s_json);

    private static bool IsOne(string file)
    {
        try
        {
            return File.Exists(file) && (string?)JsonNode.Parse(File.ReadAllText(file))?["format"] == Format;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
