using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Inference.Folders;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Encoders;

namespace Decant.Tests.Export;

/// <summary>Folders as sentence-transformers has them, with the pooling beside the model.</summary>
public sealed class SentenceModulesTests : IDisposable
{
    private const string Transformer = """{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"}""";
    private const string Pooling = """{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}""";
    private const string Normalize = """{"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}""";
    private const string Bert = """{"architectures":["BertModel"],"model_type":"bert","vocab_size":30,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pooling_mode_cls_token", EncoderPooling.First)]
    [InlineData("pooling_mode_mean_tokens", EncoderPooling.Mean)]
    [InlineData("pooling_mode_max_tokens", EncoderPooling.Max)]
    [InlineData("pooling_mode_lasttoken", EncoderPooling.Last)]
    public void The_pooling_of_the_folder_is_the_models(string mode, EncoderPooling expected)
    {
        var config = Read($"{Transformer},{Pooling}", $$"""{"word_embedding_dimension":8,"{{mode}}":true,"pooling_mode_mean_sqrt_len_tokens":false}""");

        Assert.Equal((expected, false), (config.PoolingOfTask, config.Normalize));
    }

    [Fact]
    public void A_normalization_divides_by_the_length() =>
        Assert.Equal((EncoderPooling.First, true), Read($"{Transformer},{Pooling},{Normalize}", """{"pooling_mode":"cls"}""") is var c ? (c.PoolingOfTask, c.Normalize) : default);

    [Theory]
    [InlineData("""{"pooling_mode_mean_sqrt_len_tokens":true}""", "mean_sqrt_len_tokens; mean_tokens, cls_token, max_tokens or lasttoken, one alone, are served")]
    [InlineData("""{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":true}""", "cls_token and mean_tokens")]
    [InlineData("""{"pooling_mode_weightedmean_tokens":true}""", "weightedmean_tokens")]
    [InlineData("""{"pooling_mode_mean_tokens":false}""", "no pooling_mode is on")]
    [InlineData("""{"word_embedding_dimension":16,"pooling_mode_mean_tokens":true}""", "word_embedding_dimension is 16, and the model's states are 8 wide")]
    [InlineData("not json", "is no valid JSON")]
    public void A_pooling_that_is_not_served_is_refused_by_name(string pooling, string said) =>
        Assert.Contains(said, Assert.Throws<DecantException>(() => Read($"{Transformer},{Pooling}", pooling)).Message);

    [Theory]
    [InlineData("""{"idx":2,"name":"2","path":"2_Dense","type":"sentence_transformers.models.Dense"}""", "Dense in '2_Dense'")]
    [InlineData("""{"idx":2,"name":"2"}""", "expected a list of objects with a 'type'")]
    public void A_module_that_is_not_served_is_refused_by_name(string module, string said) =>
        Assert.Contains(said, Assert.Throws<DecantException>(() => Read($"{Transformer},{Pooling},{module}", """{"pooling_mode_mean_tokens":true}""")).Message);

    [Theory]
    [InlineData("../1_Pooling")]
    [InlineData("1_Pooling/../../other")]
    [InlineData("/1_Pooling")]
    public void A_pooling_outside_of_the_folder_is_refused(string place)
    {
        var modules = $"{Transformer},{Pooling.Replace("1_Pooling", place, StringComparison.Ordinal)}";
        Assert.Contains($"the path of its Pooling is '{place}', which leads out of the folder", Assert.Throws<DecantException>(() => Read(modules, """{"pooling_mode_cls_token":true}""")).Message);
        Assert.Contains($"the path of its Pooling is '{place}', which leads out of the folder", Assert.Throws<DecantException>(() => SentencePooling.Read(new ExportedFolder(_folder.Path, "", ExportedConfig.Read(_folder.Path)))).Message);
    }

    [Fact]
    public void An_empty_list_of_modules_is_told() => Assert.Contains("the modules are none;", Assert.Throws<DecantException>(() => Read("", """{"pooling_mode_cls_token":true}""")).Message);

    [Theory]
    [InlineData("""{"prompts":{"query":"query: "},"default_prompt_name":"query"}""", "the default prompt 'query' stands before every text")]
    [InlineData("""{"prompts":{"query":"query: "},"default_prompt_name":null}""", null)]
    [InlineData("""{"prompts":{"document":""},"default_prompt_name":"document"}""", null)]
    public void A_prompt_that_stands_before_every_text_is_refused_by_name(string settings, string? said)
    {
        _folder.Write("config_sentence_transformers.json", settings);
        var fault = Record.Exception(() => Read($"{Transformer},{Pooling}", """{"pooling_mode_mean_tokens":true}"""));
        Assert.Equal(said is null, fault is null);
        Assert.Contains(said ?? "", fault?.Message ?? "");
    }

    [Fact]
    public void A_pooling_that_the_settings_contradict_is_refused()
    {
        var message = Assert.Throws<DecantException>(() => Read($"{Transformer},{Pooling}", """{"pooling_mode_mean_tokens":true}""", Bert.Replace("{\"arch", "{\"pooling\":\"first\",\"arch", StringComparison.Ordinal))).Message;

        Assert.Contains("its Pooling is mean", message);
        Assert.Contains("'pooling: first'", message);
    }

    [Fact]
    public void A_model_for_classes_reads_none_of_it()
    {
        var config = Read($"{Transformer},{Pooling}", """{"pooling_mode_max_tokens":true}""", Bert.Replace("BertModel", "BertForSequenceClassification", StringComparison.Ordinal));

        Assert.Equal(ModelTask.Classification, config.Task);
        Assert.Null(config.Pooling);
    }

    [Theory]
    [InlineData(EncoderPooling.First, true)]
    [InlineData(EncoderPooling.Mean, false)]
    [InlineData(EncoderPooling.Mean, true)]
    [InlineData(EncoderPooling.Max, true)]
    [InlineData(EncoderPooling.Last, false)]
    public void A_saved_embedder_says_its_pooling_as_sentence_transformers_reads_it(EncoderPooling pooling, bool normalize)
    {
        var config = (BertConfig)ModelFamilies.Read((JsonObject)JsonNode.Parse(Bert)!) with { Pooling = pooling, Normalize = normalize };
        using var model = config.Build();
        ModelFolder.Save(_folder.Path, model);
        Assert.Equal((pooling, normalize), ModelFolder.ReadConfig(_folder.Path) is BertConfig own ? (own.PoolingOfTask, own.Normalize) : default);

        // Another program reads no pooling in config.json.
        _folder.Write("config.json", Bert);
        Assert.Equal((pooling, normalize), ModelFolder.ReadConfig(_folder.Path) is BertConfig read ? (read.PoolingOfTask, read.Normalize) : default);
        Assert.True(SentencePooling.Read(new ExportedFolder(_folder.Path, "", ExportedConfig.Read(_folder.Path))) is { } last && last.Normalizes == normalize && $"{last.Kind}" == $"{pooling}");
    }

    [Fact]
    public void A_classifier_is_saved_without_a_pooling()
    {
        using var model = ModelFamilies.Read((JsonObject)JsonNode.Parse(Bert.Replace("BertModel", "BertForSequenceClassification", StringComparison.Ordinal))!).Build();
        ModelFolder.Save(_folder.Path, model);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "modules.json")));
    }

    private BertConfig Read(string modules, string pooling, string config = Bert)
    {
        _folder.Write("config.json", config);
        _folder.Write("modules.json", $"[{modules}]");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "1_Pooling"));
        _folder.Write(Path.Combine("1_Pooling", "config.json"), pooling);
        return (BertConfig)ModelFolder.ReadConfig(_folder.Path);
    }
}
