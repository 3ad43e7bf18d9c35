using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.JsonSchema;
using Json.Schema;

namespace Decant.Tests.Architecture;

/// <summary>The JSON Schema of recipes: it is written from the code, the recipes that come along pass it, and what the reader refuses by itself it refuses too.</summary>
public class JsonSchemaTests
{
    private static readonly Lazy<JsonSchema> s_recipe = new(() => JsonSchema.FromText(RecipeSchema.OfRecipes(Catalog.Standard.Kinds)));
    private static readonly Lazy<JsonSchema> s_study = new(() => JsonSchema.FromText(RecipeSchema.OfStudies(Catalog.Standard.Kinds)));

    private static string[] RecipeFiles => Directory.GetFiles(Repository.Find("recipes"), "*.yaml", SearchOption.AllDirectories);

    private static string[] StudyFiles => Directory.GetFiles(Repository.Find("studies"), "*.yaml");

    [Fact]
    public void The_files_in_docs_are_what_the_code_says()
    {
        foreach (var (name, now) in new[] { (RecipeSchema.FileName, RecipeSchema.OfRecipes(Catalog.Standard.Kinds)), (RecipeSchema.StudyFileName, RecipeSchema.OfStudies(Catalog.Standard.Kinds)), (RecipeSchema.SynthesisFileName, RecipeSchema.OfSyntheses(Catalog.Standard.Kinds)) })
        {
            var file = Path.Combine(Repository.Find("docs"), name);
            if (Environment.GetEnvironmentVariable("DECANT_APPROVE") == "1")
                File.WriteAllText(file, now);
            Assert.True(File.Exists(file) && File.ReadAllText(file) == now, $"docs/{name} is not what the code says. Write it anew: DECANT_APPROVE=1 ./decant test --filter JsonSchema");
        }
    }

    [Fact]
    public void Every_recipe_and_study_that_comes_along_passes_and_names_the_schema()
    {
        Assert.True(RecipeFiles.Length > 20 && StudyFiles.Length > 2);
        foreach (var (file, schema, name) in RecipeFiles.Select(f => (f, s_recipe, RecipeSchema.FileName)).Concat(StudyFiles.Select(f => (f, s_study, RecipeSchema.StudyFileName))))
        {
            Assert.True(Faults(schema.Value, File.ReadAllText(file)) is [], $"{file}: {string.Join("; ", Faults(schema.Value, File.ReadAllText(file)))}");
            var path = Path.GetRelativePath(Path.GetDirectoryName(file)!, Path.Combine(Repository.Find("docs"), name)).Replace('\\', '/');
            Assert.Equal(RecipeSchema.Comment + path, File.ReadLines(file).First());
        }
    }

    [Theory]
    [InlineData("epochs: 10", "epochs: 10\n  epoch: 3", "epoch")]
    [InlineData("epochs: 10", "epochs: many", "/distill/epochs")]
    [InlineData("epochs: 10", "epochs: 0", "/distill/epochs")]
    [InlineData("epochs: 10", "epochs: 1.5", "/distill/epochs")]
    [InlineData("task: classification", "task: clasification", "/task")]
    [InlineData("task: classification", "task: masked-language-model", "/task")]
    [InlineData("kind: textcnn", "kind: textcn", "/student/model")]
    [InlineData("embedding: 48", "embeddings: 48", "/student/model")]
    [InlineData("temperature: 2", "temperature: { kind: linear, from: 8 }", "/distill/objectives/0")]
    [InlineData("validation: 0.1", "validation: 1.5", "/data/split/validation")]
    [InlineData("batch: 32\n  optimizer: { kind: adamw, learning-rate: 2e-3 }\n  schedule: { kind: linear, warm-up: 0.1 }\n  objectives", "optimizer: { kind: adamw, learning-rate: 2e-3 }\n  objectives", "batch")]
    [InlineData("epochs: 10", "epochs: 10\n  precision: float64", "/distill/precision")]
    [InlineData("epochs: 10", "epochs: 10\n  best-by: precison", "/distill/best-by")]
    [InlineData("objectives:\n", "stages:\n    - { name: a, epochs: 1 }\n  objectives:\n", "objectives")]
    [InlineData("objectives:\n", "stages:\n    - { name: a, epochs: 1, objectives: [{ kind: labels }], warm-up: { epochs: 1 } }\n  objectives:\n", "warm-up")]
    public void What_the_reader_refuses_is_refused(string old, string changed, string said)
    {
        var text = Quickstart();
        Assert.Contains(old, text, StringComparison.Ordinal);
        var faults = Faults(s_recipe.Value, text.Replace(old, changed, StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains(said, StringComparison.Ordinal));
        Assert.NotEmpty(Assert.Throws<RecipeException>(() => Read(text.Replace(old, changed, StringComparison.Ordinal))).Faults);
    }

    [Theory]
    [InlineData("epochs: 10", "epochs: ${EPOCHS:-10}")]
    [InlineData("epochs: 10", "epochs: 1e1\n  accumulate: 1_0")]
    [InlineData("temperature: 2", "temperature: { kind: linear, from: 8, to: 2 }")]
    [InlineData("epochs: 10", "epochs: 10\n  precision: bfloat16\n  validate-every: 0.5 epochs\n  bucket-by-length:")]
    [InlineData("control: true", "control: ${CONTROL:-true}")]
    [InlineData("baseline: all-labels", "baseline: [all-labels]")]
    [InlineData("control: true", "thread-allocation: { teacher: 1 }")]
    [InlineData("validation: 0.1", "validation: 500")]
    [InlineData("epochs: 10", "stages:\n    - { name: a, epochs: 1, batch: 4, objectives: [{ kind: labels }, { kind: soft-targets }] }\n  #")]
    public void What_the_reader_takes_passes(string old, string changed)
    {
        var text = Quickstart().Replace(old, changed, StringComparison.Ordinal);
        if (changed.Contains("stages", StringComparison.Ordinal))
            text = text[..text.IndexOf("  objectives:\n    - ", StringComparison.Ordinal)];
        Assert.Equal([], Faults(s_recipe.Value, text));
        Read(text);
    }

    private static string Quickstart() => File.ReadAllText(Repository.Find("recipes/quickstart.yaml"));

    private static void Read(string text) => new Decant.Runs.Recipes.Reading.RecipeReader(Catalog.Standard.Kinds).Parse(text, "x.yaml", "/recipes");

    private static string[] Faults(JsonSchema schema, string yaml)
    {
        var faults = new FaultList();
        var tree = YamlTree.Parse(yaml, mark => SourceLocation.Line("x.yaml", mark.Line), faults);
        Assert.False(faults.Any);
        var result = schema.Evaluate(JsonSerializer.SerializeToElement(Json(tree!)), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))];
    }

    /// <summary>As editors read YAML: the core schema of version 1.2.</summary>
    private static JsonNode? Json(RecipeNode node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, Json(e.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode { Plain: true, Text: "true" or "false" } truth => JsonValue.Create(truth.Text == "true"),
        ScalarNode { Plain: true } number when !number.Text.Contains('_', StringComparison.Ordinal) && Decant.Numbers.TryNumber(number.Text, out var value) =>
            value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value),
        ScalarNode text => JsonValue.Create(text.Text),
        _ => throw new NotSupportedException(node.GetType().Name),
    };
}
