using Decant.Export;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs;
using Decant.Runs.Jobs.Inspecting;
using Decant.Runs.Recipes.Reading;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;

namespace Decant.Tests.Runs.Inspecting;

/// <summary>What a model is said to be made of.</summary>
public sealed class InspectModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-inspect-").FullName;

    public static TheoryData<string> All => Zoo.All;

    public static TheoryData<string, string> AllTasks => TaskZoo.All;

    public static TheoryData<string> Decoders => DecoderCases.All;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public void Its_modules_together_calculate_what_the_model_says_it_does(string name)
    {
        using var model = Zoo.Create(name);
        Agrees(model);
    }

    [Theory]
    [MemberData(nameof(AllTasks))]
    public void In_every_task_too(string kind, string task)
    {
        using var model = TaskZoo.Create(kind, task);
        Agrees(model);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void And_every_decoder(string name)
    {
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        Agrees(model);
    }

    [Fact]
    public void A_folder_needs_no_weights_and_gives_paths_shapes_parts_and_layers()
    {
        using (var model = Zoo.Create("encoder"))
            ModelFolder.Save(_folder, model);
        File.Delete(Path.Combine(_folder, ModelFolder.WeightsName));
        var found = InspectModelJob.Run(_folder, new ModelInspectionRequest { Tokens = 7 });
        Assert.Equal([1L, 7L], found.Input);
        Assert.Equal([1L, 3L], found.Output);
        Assert.Equal(2, found.Layers);
        var modules = found.Modules.ToDictionary(m => m.Path);
        Assert.Equal([1L, 16L], modules[Model.Representation].Shape);
        Assert.True(modules[Model.Representation].IsPart);
        Assert.Equal((0, 1, 2), (Layer("bert.embeddings"), Layer("bert.encoder.layer.0"), Layer("bert.encoder.layer.1")));
        Assert.Equal([1L, 7L, 16L], modules["bert.encoder.layer.1"].Shape);
        Assert.Equal([1L, 4L, 7L, 7L], modules["bert.encoder.layer.1.attention.self.scores"].Shape);
        Assert.Equal([1L, 4L, 7L, 4L], modules["bert.encoder.layer.1.attention.self.queries"].Shape);
        Assert.Equal("Linear", modules["classifier"].Kind);
        Assert.Equal((16 * 3) + 3, modules["classifier"].Parameters);
        Assert.Equal(2 * 16 * 3, modules["classifier"].Flops);
        Assert.Null(modules["bert.encoder"].Shape); // a group
        Assert.Equal(modules["bert.encoder.layer.0"].Flops + modules["bert.encoder.layer.1"].Flops, modules["bert.encoder"].Flops);

        int? Layer(string path) => modules[path].Layer;
    }

    [Fact]
    public void A_path_shows_what_is_below_it_and_a_miss_what_comes_near()
    {
        using var model = Zoo.Create("encoder");
        var found = InspectModelJob.Of("x", model, new ModelInspectionRequest { Path = "bert.encoder.layer.1" });
        Assert.Equal("bert.encoder.layer.1", found.Modules[0].Path);
        Assert.All(found.Modules.Skip(1), m => Assert.StartsWith("bert.encoder.layer.1.", m.Path, StringComparison.Ordinal));
        Assert.Contains(found.Modules, m => m.Path == "bert.encoder.layer.1.attention.self.values");
        Assert.Equal(model.ParameterCount, found.Parameters); // of the whole model still
        var miss = Assert.Throws<DecantException>(() => InspectModelJob.Of("x", model, new ModelInspectionRequest { Path = "encoder.layer.9" }));
        Assert.Contains("'encoder.layer.9'; near it are 'bert.encoder.layer.", miss.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tokens_than_the_model_takes_and_none_are_refused()
    {
        using var model = Zoo.Create("encoder");
        Assert.Contains("at most 20 tokens", Assert.Throws<DecantException>(() => InspectModelJob.Of("x", model, new ModelInspectionRequest { Tokens = 21 })).Message, StringComparison.Ordinal);
        Assert.Contains("--tokens: expected at least 1, came 0", Assert.Throws<DecantException>(() => InspectModelJob.Of("x", model, new ModelInspectionRequest { Tokens = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_an_unknown_network_is_told_what_is_left()
    {
        File.WriteAllText(Path.Combine(_folder, ModelFolder.ConfigName), """{ "model_type": "t5" }""");
        Assert.Contains("--tensors", Assert.Throws<DecantException>(() => InspectModelJob.Run(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_of_a_recipe_are_made_as_its_data_makes_them()
    {
        File.WriteAllLines(Path.Combine(_folder, "a.csv"), ["text,label", .. Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? "a good" : "a bad")} film number {i},{(i % 2 == 0 ? "yes" : "no")}")]);
        var recipe = new RecipeReader(Catalog.Standard.Kinds).Parse("""
            name: films
            data:
              train: { kind: csv, file: a.csv, text: text, label: label }
              split: { test: 0.25 }
            input: { kind: text, tokenizer: { kind: wordpiece, vocabulary: 300 }, max-tokens: 12 }
            teacher:
              model: { kind: encoder, hidden: 16, heads: 2, layers: 3 }
              train: { epochs: 1, batch: 4, optimizer: { kind: adamw, learning-rate: 1e-3 } }
            student: { model: { kind: textcnn, embedding: 6, filters: 5 } }
            distill: { epochs: 1, batch: 4, optimizer: { kind: adamw, learning-rate: 1e-3 }, objectives: [{ kind: soft-targets }] }
            """, "x.yaml", _folder).Recipe;
        var teacher = InspectModelJob.Run(Catalog.Standard, recipe, ofTeacher: true, new ModelInspectionRequest { Tokens = 9 });
        Assert.Equal(("the teacher of films", 3), (teacher.Name, teacher.Layers));
        Assert.Equal([1L, 9L], teacher.Input);
        Assert.Equal([1L, 2L], teacher.Output);
        var student = InspectModelJob.Run(Catalog.Standard, recipe, ofTeacher: false);
        Assert.Equal("the student of films", student.Name);
        Assert.Contains(student.Modules, m => m.Kind == "Conv1d" && m.Flops > 0);
        var alone = Assert.Throws<DecantException>(() => InspectModelJob.Run(Catalog.Standard, recipe with { Teacher = null }, ofTeacher: true));
        Assert.Contains("--model student", alone.Message, StringComparison.Ordinal);
    }

    private static void Agrees(Model model)
    {
        using (var shapes = ((IConfigured)model).Config.BuildShapes())
        {
            var (real, bare) = (InspectModelJob.Of("x", model, new ModelInspectionRequest { Tokens = 9 }), InspectModelJob.Of("x", shapes, new ModelInspectionRequest { Tokens = 9 }));
            Assert.Equivalent(real, bare, strict: true);
            Assert.Equal(model.StateDict().Select(s => (s.Key, string.Join(",", s.Value.Shape), s.Value.DType)), shapes.StateDict().Select(s => (s.Key, string.Join(",", s.Value.Shape), s.Value.DType)));
        }

        model.Train();
        var found = InspectModelJob.Of("x", model, new ModelInspectionRequest { Tokens = 9 });
        Assert.Equal(model.FlopsPerSample([.. found.Input.Skip(1)]), found.Flops);
        Assert.Equal(model.ParameterCount, found.Parameters);
        Assert.Equal(FeaturePaths.Of(model).Order(), found.Modules.Select(m => m.Path).Order());
        Assert.Equal(found.Modules.Count, found.Modules.Select(m => m.Path).Distinct().Count());
        Assert.Equal(Enumerable.Range(model.Layers.Embeddings is null ? 1 : 0, found.Layers + (model.Layers.Embeddings is null ? 0 : 1)), found.Modules.Select(m => m.Layer).OfType<int>().Order());
    }
}
