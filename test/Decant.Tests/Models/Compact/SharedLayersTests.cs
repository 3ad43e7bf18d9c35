using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Compact;

/// <summary>Encoders whose layers share weights, beside ones whose layers have copies of them.</summary>
public sealed class SharedLayersTests : IDisposable
{
    private const long OfLayer = (4 * ((16 * 16) + 16)) + (16 * 24) + 24 + (24 * 16) + 16 + (4 * 16);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, new[] { 0, 0, 1, 0 })]
    [InlineData(1, new[] { 0, 0, 0, 0 })]
    [InlineData(2, new[] { 0, 0, 1, 1 })]
    [InlineData(3, new[] { 0, 0, 1, 2 })]
    public void A_shared_layer_is_stored_and_counted_once_and_answers_as_copies_of_it_would(int? unique, int[] groups)
    {
        using var scope = TensorScope.Open();
        using var shared = Encoder(new() { UniqueLayers = unique, ShareLayers = unique is null ? groups : null });
        using var copies = Copies(shared, groups);
        Assert.Equal(copies.ParameterCount - ((4 - groups.Distinct().Count()) * OfLayer), shared.ParameterCount);
        Assert.Equal(shared.ParameterCount, shared.StateDict().Values.Sum(t => t.ElementCount));
        Assert.Equal(copies.FlopsPerSample([9]), shared.FlopsPerSample([9]));
        Assert.Equal(Logits(copies), Logits(shared));
        Assert.Equal(4, shared.Layers.Outputs.Distinct().Count());
        Assert.Equal(4, shared.Layers.Attentions.Distinct().Count());
    }

    [Fact]
    public void Its_gradient_is_the_sum_of_those_that_the_copies_get()
    {
        int[] groups = [0, 1, 0, 0];
        using var scope = TensorScope.Open();
        using var shared = Encoder(new() { ShareLayers = groups });
        using var copies = Copies(shared, groups);
        foreach (var model in new[] { shared, copies })
            model.Forward(Zoo.Input("encoder")).LogSoftmax(1).Select(1, 0).Mean().Neg().Backward();
        var apart = copies.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Grad!.ToArray<float>());
        foreach (var (name, parameter) in shared.NamedParameters())
        {
            var same = Enumerable.Range(0, 4).Where(layer => groups[layer] == 0).Select(layer => name.Replace(".layer.0.", $".layer.{layer}.", StringComparison.Ordinal)).Distinct();
            var sums = same.Select(n => apart[n]).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
            var own = parameter.Grad!.ToArray<float>();
            Assert.True(name.Contains("layer.0.", StringComparison.Ordinal) ? own.Any(g => g != 0) || name.Contains("key.bias", StringComparison.Ordinal) : own.Length > 0, name);
            for (var i = 0; i < own.Length; i++)
                Assert.Equal(sums[i], own[i], 1e-6f);
        }
    }

    [Fact]
    public void Saved_and_loaded_it_shares_as_before_and_no_program_takes_it_for_BERT()
    {
        using var scope = TensorScope.Open();
        using var shared = Encoder(new() { ShareLayers = [0, 0, 1, 1] });
        ModelFolder.Save(_folder.Path, shared);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "config.json")))!;
        Assert.Equal("bert-compact", config["model_type"]!.GetValue<string>());
        Assert.Equal("BertCompactForSequenceClassification", config["architectures"]![0]!.GetValue<string>());
        Assert.Equal("[0,0,1,1]", config["share_layers"]!.ToJsonString());
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(shared.ParameterCount, loaded.ParameterCount);
        Assert.Equal(Logits(shared), Logits(loaded));
        Assert.Contains("weights of 2 layers", ((IConfigured)loaded).Config.Summary);
    }

    [Fact]
    public void Settings_that_do_not_fit_the_weights_are_refused_by_name()
    {
        using var scope = TensorScope.Open();
        using var shared = Encoder(new() { ShareLayers = [0, 0, 1, 1] });
        ModelFolder.Save(_folder.Path, shared);
        Assert.Contains("share_layers puts layer 1 into group 2", Changed(json => json["share_layers"] = new JsonArray(0, 2, 1, 1)));
        Assert.Contains("share_layers has 3 numbers, and there are 4 layers", Changed(json => json["share_layers"] = new JsonArray(0, 0, 1)));
        Assert.Contains("missing: bert.encoder.layer.1.", Changed(json => json["share_layers"] = null));
        Assert.Contains("bert.encoder.layer.2.", Changed(json => json["share_layers"] = new JsonArray(0, 0, 0, 0)));
    }

    [Fact]
    public void Stored_copies_that_are_not_the_same_are_refused()
    {
        using var scope = TensorScope.Open();
        using var shared = Encoder(new() { ShareLayers = [0, 0, 1, 1] });
        using var copies = Copies(shared, [0, 0, 1, 1]);
        ModelFolder.Save(_folder.Path, copies);
        var text = ((IConfigured)shared).Config.ToJson().ToJsonString();
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), text);
        using (var loaded = ModelFolder.Load(_folder.Path))
            Assert.Equal(Logits(shared), Logits(loaded));
        using (var noGrad = Autograd.NoGrad())
            copies.StateDict()["bert.encoder.layer.1.output.dense.bias"].AddInPlace(1L);
        ModelFolder.Save(_folder.Path, copies);
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), text);
        Assert.Contains("bert.encoder.layer.1.output.dense.bias", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Groups_that_are_none_are_refused()
    {
        Refused(new() { ShareLayers = [0, 0, 2, 1] }, "share-layers puts layer 2 into group 2; groups are numbered from 0 in the order in which they come, so 0 to 1 is expected there");
        Refused(new() { ShareLayers = [1, 0, 0, 0] }, "puts layer 0 into group 1");
        Refused(new() { ShareLayers = [0, -1, 0, 0] }, "puts layer 1 into group -1");
        Refused(new() { ShareLayers = [0, 0] }, "share-layers has 2 numbers, and there are 4 layers");
        Refused(new() { UniqueLayers = 5 }, "unique-layers is 5, and there are 4 layers: expected 1 to 4");
        Refused(new() { UniqueLayers = 0 }, "unique-layers is 0");
        Refused(new() { UniqueLayers = 2, ShareLayers = [0, 0, 1, 1] }, "both 'unique-layers' and 'share-layers'");
        using var plain = Encoder(new() { ShareLayers = [0, 1, 2, 3] });
        Assert.Equal("bert", ((IConfigured)plain).Config.ModelType); // nothing is shared
    }

    private static void Refused(BertOptions options, string said) => Assert.Contains(said, Assert.Throws<DecantException>(() => Encoder(options)).Message);

    private static Model Encoder(BertOptions options)
    {
        using var generator = new Generator(3);
        return ModelFamilies.All.Single(f => f.Kind == "encoder").Create(options with { Layers = 4, Hidden = 16, Heads = 4, Intermediate = 24, Dropout = 0 }, Zoo.Text, generator);
    }

    private static Model Copies(Model shared, int[] groups)
    {
        var copies = Encoder(new());
        copies.LoadStateDict(copies.StateDict().Keys.ToDictionary(name => name, name => shared.StateDict()[Enumerable.Range(0, 4).Aggregate(
            name, (n, layer) => n == name ? n.Replace($".layer.{layer}.", $".layer.{Array.IndexOf(groups, groups[layer])}.", StringComparison.Ordinal) : n)]));
        return copies;
    }

    private static float[] Logits(Model model)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        model.Eval();
        return model.Forward(Zoo.Input("encoder")).ToArray<float>();
    }

    private string Changed(Action<JsonObject> change)
    {
        var path = Path.Combine(_folder.Path, "config.json");
        var text = File.ReadAllText(path);
        var json = JsonNode.Parse(text)!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
        var said = Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message;
        File.WriteAllText(path, text);
        return said;
    }
}
