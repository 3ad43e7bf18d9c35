using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Generation;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Runs.Jobs.Generation;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Runs.Generation;

public sealed class TextGeneratorTests : IDisposable
{
    private const string Hard = "Ein Jäger 🐈‍⬛ sah 漢字, naïve café — and 👩‍👩‍👧 zurück.";
    private readonly ITokenizer _tokenizer = TokenizerFile.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "byte-bpe"));
    private readonly Model _model;

    public TextGeneratorTests()
    {
        using var generator = new Generator(7);
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = _tokenizer.VocabularySize, MaxTokens = 64 };
        _model = ModelFamilies.All.Single(f => f.Kind == "llama").Create(new LlamaOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, context, generator);
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Streamed_pieces_are_the_whole_text()
    {
        var generator = new TextGenerator((ICausalModel)_model, _tokenizer);
        var options = new GenerationOptions { MaxNewTokens = 30, SamplingTemperature = 1, Seed = 5 };
        string[] prompts = ["The cat", "漢"];
        var whole = generator.Generate(prompts, options);
        Assert.All(whole, text => Assert.Equal((30, GenerationEnd.MaxNewTokens), (text.Tokens.Count, text.End)));
        string[] streamed = ["", ""];
        var ends = new GenerationEnd?[2];
        await foreach (var piece in generator.Stream(prompts, options))
        {
            Assert.Null(ends[piece.Index]);
            streamed[piece.Index] += piece.Text;
            ends[piece.Index] = piece.End;
        }

        Assert.Equal(whole.Select(t => t.Text), streamed);
        Assert.All(ends, end => Assert.Equal(GenerationEnd.MaxNewTokens, end));
        Assert.Equal(whole, generator.Generate(prompts, options), (a, b) => a.Text == b.Text && a.Tokens.SequenceEqual(b.Tokens));
    }

    [Fact]
    public void A_text_is_cut_before_words_that_end_it_wherever_tokens_begin()
    {
        var generator = new TextGenerator((ICausalModel)_model, _tokenizer);
        var options = new GenerationOptions { MaxNewTokens = 30, SamplingTemperature = 1, Seed = 5 };
        var whole = generator.Generate(["The cat"], options)[0].Text;
        for (var at = 1; at + 5 < whole.Length; at += 3)
        {
            var stop = whole.Substring(at, 5);
            var cut = generator.Generate(["The cat"], options, [stop])[0];
            Assert.Equal((whole[..whole.IndexOf(stop, StringComparison.Ordinal)], GenerationEnd.StopText), (cut.Text, cut.End));
        }

        Assert.Contains("A stop is empty", Assert.Throws<DecantException>(() => generator.Generate(["a"], options, [""])).Message);
    }

    [Fact]
    public void A_character_of_several_tokens_comes_when_it_is_whole()
    {
        var ids = _tokenizer.Encode(Hard);
        Assert.True(ids.Length > Hard.EnumerateRunes().Count(), "no character takes several tokens");
        var stream = new StreamedText(_tokenizer, []);
        var pieces = ids.Select(stream.Add).Append(stream.End()).ToList();
        Assert.Equal(Hard, string.Concat(pieces));
        Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD'));
        var half = new StreamedText(_tokenizer, []);
        var cut = ids[..Array.FindIndex(ids, id => _tokenizer.Decode([id]) == "\uFFFD")];
        Assert.Equal(_tokenizer.Decode([.. cut, ids[cut.Length]]), string.Concat(cut.Append(ids[cut.Length]).Select(half.Add)) + half.End());
    }

    [Fact]
    public void What_may_begin_a_stop_is_held_back_until_it_is_known()
    {
        var stop = new StopText(["\n\nUser:", "END"]);
        Assert.Equal(("a\nb", false), stop.Add("a\nb\n"));
        Assert.Equal(("", false), stop.Add("\nUs"));
        Assert.Equal(("\n\nUs.", false), stop.Add(".E"));
        Assert.Equal(("E", false), stop.Add("EN"));
        Assert.Equal(("", true), stop.Add("D of it"));
        var other = new StopText(["END"]);
        Assert.Equal(("x", false), other.Add("xEN"));
        Assert.Equal("EN", other.End());
    }

    [Fact]
    public void A_folder_continues_a_prompt_and_says_why_it_ended()
    {
        using var folder = new TemporaryFolder();
        ModelFolder.Save(folder.Path, _model);
        TokenizerFile.Save(_tokenizer, folder.Path, 64);
        var request = new GenerateRequest { Prompts = ["The cat", "A dog"], Count = 2, MaxNewTokens = 6, SamplingTemperature = 0.9, Seed = 3 };
        var shown = "";
        var texts = GenerateJob.Run(folder.Path, request, piece => shown += piece);
        Assert.Equal(["The cat", "The cat", "A dog", "A dog"], texts.Select(t => t.Prompt));
        Assert.All(texts, t => Assert.Equal((6, "max-tokens"), (t.Tokens.Count, t.End)));
        Assert.Equal(texts[0].Text, shown);
        Assert.NotEqual(texts[0].Tokens, texts[1].Tokens);
        Assert.Equal(texts.Select(t => t.Text), GenerateJob.Run(folder.Path, request).Select(t => t.Text));
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_model_and_a_model_that_says_nothing_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var small = ModelFamilies.All.Single(f => f.Kind == "gpt2").Create(
            new Gpt2Options { Layers = 1, Hidden = 8, Heads = 2 }, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 20, MaxTokens = 8 });
        ModelFolder.Save(folder.Path, small);
        TokenizerFile.Save(_tokenizer, folder.Path, 64);
        var request = new GenerateRequest { Prompts = ["a"] };
        Assert.Contains($"the tokenizer has {_tokenizer.VocabularySize} tokens, the model knows 20: '", Assert.Throws<DecantException>(() => GenerateJob.Run(folder.Path, request)).Message);
        using var other = new TemporaryFolder();
        using var classifier = BertClassifier.Create(new BertOptions { Hidden = 8, Heads = 2 }, new ModelContext { Classes = 2, VocabularySize = 20, MaxTokens = 8 });
        ModelFolder.Save(other.Path, classifier);
        Assert.Contains("which continues no texts", Assert.Throws<DecantException>(() => GenerateJob.Run(other.Path, request)).Message);
    }
}
