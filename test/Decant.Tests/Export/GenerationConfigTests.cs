using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.LstmLanguage;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Modules;
using Decant.Runs.Jobs.Generation;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>The tokens at the ends of texts: written with a model, read with it, and where its texts end.</summary>
public sealed class GenerationConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ITokenizer _tokenizer = TokenizerFile.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "byte-bpe"));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("lstm-lm")]
    public void A_model_is_saved_with_the_tokens_that_begin_and_end_its_texts(string kind)
    {
        using var model = Make(kind, begin: 2, end: 3);
        ModelFolder.Save(_folder.Path, model);
        foreach (var file in new[] { "config.json", "generation_config.json" })
        {
            var json = Read(file);
            Assert.Equal((2, 3, 0), ((int)json["bos_token_id"]!, (int)json["eos_token_id"]!, (int)json["pad_token_id"]!));
        }

        ModelFolder.Save(_folder.Path, model, null, config => ((ICausalConfig)config).With(2, [3, 7]));
        foreach (var file in new[] { "config.json", "generation_config.json" })
            Assert.Equal([3, 7], Read(file)["eos_token_id"]!.AsArray().Select(id => (int)id!));
        Assert.Equal([3, 7], ((ICausalConfig)ModelFolder.ReadConfig(_folder.Path)).EosTokenIds);
    }

    [Theory]
    [InlineData("""{"eos_token_id": 5}""", new[] { 5 })]
    [InlineData("""{"eos_token_id": [5, 6], "do_sample": true, "temperature": 0.6}""", new[] { 5, 6 })]
    [InlineData("""{"eos_token_id": null}""", new[] { 3 })]
    [InlineData("""{"eos_token_id": []}""", new[] { 3 })]
    [InlineData("{}", new[] { 3 })]
    [InlineData(null, new[] { 3 })]
    public void What_generation_config_says_comes_before_config(string? content, int[] expected)
    {
        using var model = Make("llama", begin: 2, end: 3);
        ModelFolder.Save(_folder.Path, model);
        if (content is null) File.Delete(Path.Combine(_folder.Path, "generation_config.json"));
        else _folder.Write("generation_config.json", content);
        using var again = ModelFolder.Load(_folder.Path);
        Assert.Equal(expected, ((ICausalConfig)((IConfigured)again).Config).EosTokenIds);
        Assert.Equal(expected, StopTokens.Of(again, _tokenizer));
    }

    [Fact]
    public void Where_no_file_names_an_end_it_is_the_tokenizers_and_a_runs_own_end_is_one_too()
    {
        using var silent = Make("llama", begin: null, end: null);
        Assert.Equal([_tokenizer.Special.Separator!.Value], StopTokens.Of(silent, _tokenizer));
        Assert.Equal([9], StopTokens.Of(silent, _tokenizer, [9]));
        using var named = Make("llama", begin: null, end: 7);
        Assert.Equal([7], StopTokens.Of(named, _tokenizer));
        Assert.Equal([7, 9], StopTokens.Of(named, _tokenizer, [9, 7]));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("generation_config.json")]
    public void A_text_ends_at_a_token_that_the_files_name(string named)
    {
        using var model = Make("llama", begin: null, end: null);
        ModelFolder.Save(_folder.Path, model);
        TokenizerFile.Save(_tokenizer, _folder.Path, 64);
        var request = new GenerateRequest { Prompts = ["The cat"], MaxNewTokens = 9 };
        var free = Assert.Single(GenerateJob.Run(_folder.Path, request));
        Assert.Equal(("max-tokens", 9), (free.End, free.Tokens.Count));
        var end = free.Tokens[2];
        var json = Read(named);
        json["eos_token_id"] = new JsonArray(0, end);
        _folder.Write(named, json.ToJsonString());
        var ended = Assert.Single(GenerateJob.Run(_folder.Path, request));
        Assert.Equal("stop-token", ended.End);
        Assert.Equal(free.Tokens.TakeWhile(id => id != end), ended.Tokens);
    }

    [Theory]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{", "no valid JSON")]
    [InlineData("""{"eos_token_id": "end"}""", "eos_token_id is \"end\"; expected the number")]
    [InlineData("""{"eos_token_id": 100000}""", "names the token 100000")]
    [InlineData("""{"bos_token_id": -7}""", "names the token -7")]
    public void A_file_that_is_damaged_or_another_models_is_refused(string content, string expected)
    {
        using var model = Make("gpt2", begin: 2, end: 3);
        ModelFolder.Save(_folder.Path, model);
        var file = _folder.Write("generation_config.json", content);
        var message = Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message;
        Assert.StartsWith(file, message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("""{"suppress_tokens": [1]}""", "suppress_tokens")]
    [InlineData("""{"no_repeat_ngram_size": 3, "stop_strings": ["x"]}""", "stop_strings, no_repeat_ngram_size")]
    [InlineData("""{"forced_eos_token_id": 3}""", "forced_eos_token_id")]
    public void Ways_of_generating_that_are_not_served_are_refused_by_name(string content, string expected)
    {
        using var model = Make("gpt2", begin: 2, end: 3);
        ModelFolder.Save(_folder.Path, model);
        TokenizerFile.Save(_tokenizer, _folder.Path, 64);
        _folder.Write("generation_config.json", content);
        Assert.Contains($"asks for {expected}, which is not served", Assert.Throws<DecantException>(() => GenerateJob.Run(_folder.Path, new GenerateRequest { Prompts = ["a"] })).Message);
        _folder.Write("generation_config.json", """{"suppress_tokens": null, "no_repeat_ngram_size": 0, "bad_words_ids": [], "min_length": 0}""");
        Assert.Single(GenerateJob.Run(_folder.Path, new GenerateRequest { Prompts = ["a"], MaxNewTokens = 1 }));
    }

    public void Dispose() => _folder.Dispose();

    private JsonObject Read(string file) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(_folder.Path, file)))!.AsObject();

    private Model Make(string kind, int? begin, int? end)
    {
        using var generator = new Generator(7);
        var context = new ModelContext
        {
            Task = ModelTask.CausalLanguageModel,
            Classes = 0,
            VocabularySize = _tokenizer.VocabularySize,
            MaxTokens = 64,
            BeginToken = begin,
            EndTokens = end is { } id ? [id] : [],
        };
        ModelOptions options = kind switch
        {
            "gpt2" => new Gpt2Options { Layers = 1, Hidden = 8, Heads = 2 },
            "llama" => new LlamaOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 },
            "mistral" => new MistralOptions { Layers = 1, Hidden = 8, Heads = 2 },
            "qwen2" => new Qwen2Options { Layers = 1, Hidden = 8, Heads = 2 },
            "qwen3" => new Qwen3Options { Layers = 1, Hidden = 8, Heads = 2 },
            _ => new LstmLanguageOptions { Hidden = 8, Layers = 1 },
        };
        return ModelFamilies.All.Single(family => family.Kind == kind).Create(options, context, generator);
    }
}
