using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.JsonSchema;

/// <summary>The JSON Schema (draft 2020-12) of recipes and of studies, made of the records that they are read into: editors complete and check the keys with it.</summary>
/// <remarks>What is checked across keys is not in it; 'decant check' reports that.</remarks>
internal static class RecipeSchema
{
    /// <summary>The name of the file that the schema of recipes is kept in.</summary>
    public const string FileName = "recipe.schema.json";

    /// <summary>The name of the file that the schema of studies is kept in.</summary>
    public const string StudyFileName = "study.schema.json";

    /// <summary>The name of the file that the schema of files for <c>decant synthesize</c> is kept in.</summary>
    public const string SynthesisFileName = "synthesis.schema.json";

    /// <summary>What the line begins with by which an editor finds the schema of a YAML file.</summary>
    public const string Comment = "# yaml-language-server: $schema=";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema of recipes: of those of one task, and of those of several, which have <c>tasks</c>.</summary>
    /// <param name="kinds">The kinds that there are.</param>
    public static string OfRecipes(IKindRegistry kinds)
    {
        var schemas = new TypeSchemas(kinds);
        return Text("A recipe of Decant", schemas, new JsonObject
        {
            ["if"] = new JsonObject { ["required"] = new JsonArray("tasks") },
            ["then"] = schemas.Record(typeof(MultiTaskRecipe)),
            ["else"] = schemas.Record(typeof(Recipe)),
        });
    }

    /// <summary>The schema of studies.</summary>
    /// <param name="kinds">The kinds that there are.</param>
    public static string OfStudies(IKindRegistry kinds)
    {
        var schemas = new TypeSchemas(kinds);
        return Text("A study of Decant", schemas, schemas.Record(typeof(Study)));
    }

    /// <summary>The schema of files for <c>decant synthesize</c>.</summary>
    /// <param name="kinds">The kinds that there are.</param>
    public static string OfSyntheses(IKindRegistry kinds)
    {
        var schemas = new TypeSchemas(kinds);
        return Text("Synthetic inputs of Decant", schemas, schemas.Record(typeof(SynthesisRecipe)));
    }

    private static string Text(string title, TypeSchemas schemas, JsonObject root)
    {
        var whole = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title, ["type"] = "object" };
        foreach (var (key, value) in root.ToArray())
        {
            root.Remove(key);
            whole[key] = value;
        }

        whole["$defs"] = schemas.Definitions();
        return whole.ToJsonString(s_json) + "\n";
    }
}
