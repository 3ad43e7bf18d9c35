using Decant.Hub;
using Decant.Runs;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs;

public sealed class FetchedModelTests
{
    private const string Yaml = """
        name: fetched
        data:
          train: { kind: generated, model: "hf:acme/writer", texts: 10 }
          test: { kind: csv, file: test.csv, text: text, label: label }
        input: { kind: text, max-tokens: 16, tokenizer: { kind: load, from: "hf:acme/minilm" } }
        teachers:
          - { name: a, load: "hf:acme/minilm@v1" }
          - { name: b, load: models/b }
        student: { model: { kind: textcnn } }
        distill:
          epochs: 1
          batch: 8
          optimizer: { kind: adam, learning-rate: 0.001 }
          objectives: [ { kind: soft-targets, weight: 1, temperature: 1 } ]
        """;

    private readonly Asked _asked = new();

    [Fact]
    public void Every_address_becomes_a_folder_and_is_written_down_exactly()
    {
        var recipe = Read(Yaml).Recipe;
        Assert.Equal("hf:acme/minilm@v1", recipe.Teachers![0].Load);
        var local = FetchedModels.Of(new ModelFetching(() => [_asked]), recipe, null, CancellationToken.None);
        Assert.Equal("/cache/acme/minilm@v1", local.Teachers![0].Load);
        Assert.Equal(recipe.Teachers[1], local.Teachers[1]);
        Assert.Equal(["acme/minilm Tokenizer", "acme/minilm@v1 Model", "acme/writer Model"], _asked.Requests.Order(StringComparer.Ordinal));
        Assert.Equal("hf:acme/minilm@v1", recipe.Teachers[0].Load); // the recipe that was read stays as it was

        var written = local.ToYaml(Catalog.Standard.Kinds);
        Assert.DoesNotContain("/cache/", written);
        Assert.Contains("load: \"hf:acme/minilm@0000000000000000000000000000000000000001\"", written);
        Assert.Contains("from: \"hf:acme/minilm@0000000000000000000000000000000000000001\"", written);
        Assert.Equal(["data.train.model", "input.tokenizer.from", "teachers[0].load"], local.References.Models.Keys);
        Assert.Equal(written, FetchedModels.Of(new ModelFetching(() => [_asked]), Read(written).Recipe, null, CancellationToken.None).ToYaml(Catalog.Standard.Kinds));
    }

    [Fact]
    public void A_recipe_without_addresses_asks_for_nothing()
    {
        var recipe = Read(Yaml.Replace("hf:", "", StringComparison.Ordinal)).Recipe;
        Assert.Same(recipe, FetchedModels.Of(new ModelFetching(() => throw new InvalidOperationException("nobody asked")), recipe, null, CancellationToken.None));
    }

    [Fact]
    public void A_recipe_whose_data_alone_is_read_fetches_no_weights_of_teachers()
    {
        FetchedModels.ForMeasuring(new ModelFetching(() => [_asked]), Read(Yaml).Recipe, null, CancellationToken.None);
        Assert.Contains("acme/minilm@v1 Settings", _asked.Requests);
    }

    [Fact]
    public void A_teacher_with_a_network_of_the_recipe_needs_no_settings_of_a_known_family()
    {
        var yaml = Yaml.Replace("load: \"hf:acme/minilm@v1\"", "load: \"hf:acme/minilm@v1\", model: { kind: textcnn }", StringComparison.Ordinal);
        FetchedModels.Of(new ModelFetching(() => [_asked]), Read(yaml).Recipe, null, CancellationToken.None);
        Assert.Contains("acme/minilm@v1 Weights", _asked.Requests);
    }

    [Fact]
    public void An_address_that_is_written_otherwise_is_one_fault_with_its_line()
    {
        var fault = Assert.Throws<RecipeException>(() => Read(Yaml.Replace("hf:acme/minilm@v1", "hf:minilm", StringComparison.Ordinal)));
        Assert.Single(fault.Faults);
        Assert.Contains("r.yaml:7: teachers[0].load: expected hf:ORG/NAME, or hf:ORG/NAME@REVISION for a branch, tag or commit, came 'hf:minilm'", fault.Message);
    }

    [Fact]
    public void A_model_that_cannot_be_fetched_names_its_key()
    {
        var error = Assert.Throws<DecantException>(() => FetchedModels.Of(new ModelFetching(() => [new Asked { Fails = true }]), Read(Yaml).Recipe, null, CancellationToken.None));
        Assert.Equal("data.train.model: hf:acme/writer: there is no such model.", error.Message);
    }

    [Fact]
    public void A_place_that_nothing_fetches_from_is_named()
    {
        var yaml = Yaml.Replace("hf:acme/minilm@v1", "nuget:Acme.Models/1.0", StringComparison.Ordinal);
        Assert.Contains("teachers[0].load: nuget:Acme.Models/1.0: expected hf: in front of a model that is fetched, came nuget:", Assert.Throws<DecantException>(() => FetchedModels.Of(new ModelFetching(() => [_asked]), Read(yaml).Recipe, null, CancellationToken.None)).Message);
    }

    [Fact]
    public void A_variable_that_holds_an_address_stays_a_variable()
    {
        var reader = new RecipeReader(Catalog.Standard.Kinds) { Environment = name => name == "TEACHER" ? "hf:acme/minilm" : null };
        var recipe = reader.Parse(Yaml.Replace("hf:acme/minilm@v1", "${TEACHER}", StringComparison.Ordinal), "r.yaml", "/recipes").Recipe;
        var local = FetchedModels.Of(new ModelFetching(() => [_asked]), recipe, null, CancellationToken.None);
        Assert.Equal("/cache/acme/minilm", local.Teachers![0].Load);
        Assert.Contains("load: \"${TEACHER}\"", local.ToYaml(Catalog.Standard.Kinds));
        Assert.EndsWith("1", local.References.Models["teachers[0].load"]);
    }

    private static RecipeDocument Read(string yaml) => new RecipeReader(Catalog.Standard.Kinds).Parse(yaml, "r.yaml", "/recipes");

    private sealed class Asked : IModelFetcher
    {
        public string Scheme => ModelAddress.HuggingFace;

        public bool Fails { get; init; }

        public List<string> Requests { get; } = [];

        public FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new DecantException($"{request.Address}: there is no such model.");
            Requests.Add($"{request.Address.ToString()[3..]} {request.Purpose}");
            return new FetchedModel("/cache/" + request.Address.ToString()[3..], $"hf:{request.Address.Name}@{1:D40}", []);
        }
    }
}
