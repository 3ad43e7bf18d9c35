using System.Diagnostics;
using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Adapters;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Models;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Tests.Bench;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Decant.Tests.Runs.Reports;
using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Export.Adapters;

/// <summary>Adapters in PEFT's layout: written, opened by a program that knows the layout alone, read and merged, and refused where they ask for more.</summary>
public sealed class AdapterFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Families => [.. DecoderCases.Names.Where(n => n.EndsWith("-plain", StringComparison.Ordinal)), "encoder", "distilbert", "roberta", "roberta-low-rank"];

    [Theory, MemberData(nameof(Families))]
    public void A_script_that_knows_the_layout_alone_makes_the_merged_model_of_the_base(string name)
    {
        var (ofBase, adapter, merged) = Write(name, new LoraOptions { Rank = 2, Alpha = 3, RankStabilized = name == "encoder" });
        Check(ofBase, adapter, merged);
    }

    [Fact]
    public void It_finds_what_is_wrong()
    {
        var (ofBase, adapter, merged) = Write("encoder", new LoraOptions { Rank = 2 });
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(adapter, AdapterConfig.FileName)))!;
        settings["lora_alpha"] = 5;
        File.WriteAllText(Path.Combine(adapter, AdapterConfig.FileName), settings.ToJsonString());
        var (exit, output) = Python(ofBase, adapter, merged);
        Assert.Equal(1, exit);
        Assert.Contains("differs by", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Families))]
    public void Read_it_is_merged_with_the_base_that_it_names(string name)
    {
        var (_, adapter, merged) = Write(name, new LoraOptions { Rank = 2 });
        using var alone = ModelFolder.Load(adapter); // its config.json is the base's
        using var whole = ModelFolder.Load(merged);
        foreach (var (path, weight) in whole.StateDict())
            Assert.Equal(weight.ToArray<float>(), alone.StateDict()[path].ToArray<float>());
    }

    [Theory]
    [InlineData("here")]
    [InlineData("elsewhere/base")]
    [InlineData("/nowhere/base")]
    public void The_base_is_looked_for_where_it_is_named_and_beside_the_adapter(string named)
    {
        var (ofBase, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        Change(adapter, "base_model_name_or_path", named == "here" ? ofBase : named);
        Assert.Equal(Path.GetFullPath(ofBase), BaseFolder.Of(adapter, AdapterConfig.Read(adapter)));
        Directory.Move(ofBase, ofBase + "-moved");
        var error = Assert.Throws<DecantException>(() => ModelFolder.Load(adapter)).Message;
        Assert.Contains($"the adapter is for '{(named == "here" ? ofBase : named)}', and there is no such folder", error, StringComparison.Ordinal);
        Change(adapter, "base_model_name_or_path", null);
        Assert.Contains("does not name the model that the adapter is for", Assert.Throws<DecantException>(() => ModelFolder.Load(adapter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adapters_that_are_for_each_other_are_refused()
    {
        var (_, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        var other = adapter + "-other";
        Directory.CreateDirectory(other);
        foreach (var file in Directory.GetFiles(adapter)) File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        Change(adapter, "base_model_name_or_path", other);
        Change(other, "base_model_name_or_path", adapter);
        Assert.Contains("came a circle", Assert.Throws<DecantException>(() => ModelFolder.Load(adapter)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "expected 'peft_type' LORA, came 'IA3'")]
    [InlineData("bias", "\"all\"", "'bias' is 'all'")]
    [InlineData("use_dora", "true", "'use_dora' is true, which is not served")]
    [InlineData("rank_pattern", "{\"query\": 4}", "'rank_pattern' is {\"query\":4}, which is not served")]
    [InlineData("alpha_pattern", "{\"query\": 4}", "'alpha_pattern'")]
    [InlineData("layer_replication", "[[0, 2]]", "'layer_replication'")]
    [InlineData("trainable_token_indices", "[1]", "'trainable_token_indices'")]
    [InlineData("lora_bias", "true", "'lora_bias'")]
    [InlineData("something_new", "1", "'something_new' is 1, which is not served")]
    [InlineData("init_lora_weights", "\"pissa\"", "'init_lora_weights' is 'pissa', which changes the weights of the base")]
    [InlineData("r", "0", "expected 'r' from 1 to 65536")]
    [InlineData("r", "\"8\"", "adapter_config.json")]
    [InlineData("lora_alpha", "null", "'lora_alpha', numbers")]
    [InlineData("use_rslora", "\"yes\"", "is no valid adapter_config.json")]
    [InlineData("r", "3", "and r = 3")]
    public void What_it_asks_for_and_is_not_served_is_refused_by_name(string key, string value, string expected)
    {
        var (_, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        Change(adapter, key, JsonNode.Parse(value));
        var error = Assert.Throws<DecantException>(() => ModelFolder.Load(adapter));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(adapter, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loftq_config", "{}")]
    [InlineData("rank_pattern", "{}")]
    [InlineData("use_dora", "false")]
    [InlineData("layers_to_transform", "[0]")]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("eva_config", "null")]
    public void What_changes_nothing_is_read(string key, string value)
    {
        var (_, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        Change(adapter, key, JsonNode.Parse(value));
        ModelFolder.Load(adapter).Dispose();
    }

    [Theory]
    [InlineData("base_model.model.bert.encoder.layer.7.output.dense.lora_A.weight", "is of a layer that the base does not have")]
    [InlineData("base_model.model.bert.encoder.layer.0.output.dense.lora_magnitude_vector", "is a part of an adapter that is not served")]
    [InlineData("base_model.model.bert.embeddings.word_embeddings.lora_embedding_A", "is a part of an adapter that is not served")]
    [InlineData("base_model.model.bert.encoder.layer.0.unknown.lora_B.weight", "has no lora_A.weight beside it")]
    public void Tensors_that_have_no_place_are_refused_by_name(string name, string expected)
    {
        var (_, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        var path = Path.Combine(adapter, AdapterConfig.WeightsName);
        Dictionary<string, Tensor> tensors;
        using (var file = SafetensorsFile.Open(path))
            tensors = file.Entries.Keys.ToDictionary(k => k, file.Read);
        tensors[name] = Tensor.Ones([2, 64]);
        if (name.EndsWith("lora_A.weight", StringComparison.Ordinal))
            tensors[name.Replace("lora_A", "lora_B", StringComparison.Ordinal)] = Tensor.Ones([16, 2]);
        SafetensorsWriter.Write(path, tensors);
        var error = Assert.Throws<DecantException>(() => ModelFolder.Load(adapter)).Message;
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains(name[..name.IndexOf(".lora", StringComparison.Ordinal)], error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_in_another_format_is_refused_with_what_to_do()
    {
        var (_, adapter, _) = Write("encoder", new LoraOptions { Rank = 2 });
        File.Move(Path.Combine(adapter, AdapterConfig.WeightsName), Path.Combine(adapter, "adapter_model.bin"));
        Assert.Contains("has an adapter_config.json and no adapter_model.safetensors", Assert.Throws<DecantException>(() => ModelFolder.Load(adapter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_without_the_prefix_of_the_adapters_model_is_matched_by_the_ends_of_names()
    {
        var (ofBase, adapter, merged) = Write("encoder", new LoraOptions { Rank = 2, ModulesToSave = ["classifier"] });
        var path = Path.Combine(ofBase, "model.safetensors");
        Dictionary<string, Tensor> tensors;
        using (var file = SafetensorsFile.Open(path))
            tensors = file.Entries.Keys.Where(k => k.StartsWith("bert.", StringComparison.Ordinal)).ToDictionary(k => k["bert.".Length..], file.Read);
        SafetensorsWriter.Write(path, tensors);
        Check(ofBase, adapter, merged);
        using var alone = ModelFolder.Load(adapter);
        using var whole = ModelFolder.Load(merged);
        foreach (var (name, weight) in whole.StateDict())
            Assert.Equal(weight.ToArray<float>(), alone.StateDict()[name].ToArray<float>());
    }

    /// <summary>Whatever stands in the settings, they are read or refused as wrong input.</summary>
    [Fact]
    public void Any_settings_are_read_or_refused() => Prop.ForAll(s_settings.ToArbitrary(), settings =>
    {
        var (key, value, cut) = settings;
        var json = new JsonObject { ["peft_type"] = "LORA", ["r"] = 8, ["lora_alpha"] = 16, ["base_model_name_or_path"] = "x" };
        json[key] = JsonNode.Parse(value);
        var text = json.ToJsonString();
        _folder.Write(AdapterConfig.FileName, cut > text.Length ? text : text[..cut]);
        Parsed(_folder.Path);
    }).QuickCheckThrowOnFailure();

    private static readonly Gen<(string Key, string Value, int Cut)> s_settings =
        from key in Gen.Elements("peft_type", "r", "lora_alpha", "use_rslora", "fan_in_fan_out", "bias", "init_lora_weights", "base_model_name_or_path", "task_type", "use_dora", "rank_pattern", "other", "")
        from value in Gen.Elements("null", "true", "false", "-1", "8", "8.5", "1e400", "99999999999", "\"\"", "\"LORA\"", "\"none\"", "[]", "[1]", "{}", "{\"a\": 1}", "[[]]")
        from cut in Gen.Choose(1, 240)
        select (key, value, cut);

    private static void Parsed(string folder)
    {
        try
        {
            Assert.InRange(AdapterConfig.Read(folder).Rank, 1, 1 << 16);
        }
        catch (DecantException error)
        {
            Assert.Contains(AdapterConfig.FileName, error.Message, StringComparison.Ordinal);
        }
    }

    private (string Base, string Adapter, string Merged) Write(string name, LoraOptions options)
    {
        var (ofBase, adapter, merged) = (Path.Combine(_folder.Path, "base"), Path.Combine(_folder.Path, "run", "adapter"), Path.Combine(_folder.Path, "run", "merged"));
        using var model = DecoderCases.Names.Contains(name) ? (Model)ModelFamilies.Read(DecoderCases.Config(name)).Build() : Zoo.Create(name);
        ModelFolder.Save(ofBase, model);
        var attached = Lora.Attach(model, options);
        using (Autograd.NoGrad())
        {
            foreach (var tensor in attached.State.Values)
                tensor.UniformInPlace(-0.3, 0.3);
        }

        AdapterFolder.Save(adapter, model, options, ofBase);
        attached.Merge();
        ModelFolder.Save(merged, model);
        return (ofBase, adapter, merged);
    }

    private static void Change(string adapter, string key, JsonNode? value)
    {
        var path = Path.Combine(adapter, AdapterConfig.FileName);
        var settings = JsonNode.Parse(File.ReadAllText(path))!;
        settings[key] = value?.DeepClone();
        File.WriteAllText(path, settings.ToJsonString());
    }

    private static void Check(params string[] folders)
    {
        var (exit, output) = Python(folders);
        Assert.True(exit == 0, output);
        Assert.Contains("largest difference", output, StringComparison.Ordinal);
    }

    private static (int Exit, string Output) Python(params string[] folders)
    {
        using var process = Process.Start(new ProcessStartInfo(PythonWithTorch.Path, [Repository.Find("test/consumers/peft/check.py"), .. folders]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + errors);
    }
}
