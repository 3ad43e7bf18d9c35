using System.Text.Json.Nodes;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Tokens;
using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Runs.Jobs.Prediction;
using Decant.Signals;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Tags;
using Decant.Torch;

namespace Decant.Tests.Runs.Prediction;

/// <summary>Answers of small random models, each against what evaluation or the model itself says of the same texts.</summary>
public sealed class PredictJobTests : IDisposable
{
    private const int MaxTokens = 32;
    private static readonly string[] s_texts = ["a cat sat", "the dogs of war", "red", "the old man and the sea went home again", "雨天 rain", "the cat"];
    private static readonly string[] s_tags = ["O", "B-per", "I-per", "B-loc"];
    private readonly TemporaryFolder _folder = new();
    private readonly ITokenizer _tokenizer = TokenizerFile.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", "wordpiece"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Labels_and_probabilities_are_those_that_evaluation_measures()
    {
        using var model = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, ModelTask.Classification, ["good", "bad", "气"], wide: 4);
        using var samples = Dataset.From("x", [.. s_texts.Select((t, i) => ((SampleContent)new TextContent(t, i % 2 == 0 ? null : "and " + t), (string?)"bad"))], ["good", "bad", "气"]);
        var measured = Predictor.Predict(model, new BatchSource(samples, new TextCollator(_tokenizer, MaxTokens), new BatchOptions { Size = 4, Shuffle = false }));
        var answers = Run([.. s_texts.Select((t, i) => i % 2 == 0 ? t : $"{t}\tand {t}")], new PredictRequest { BatchSize = 5 });
        Assert.Equal(s_texts.Length, answers.Count);
        var labels = new HashSet<string>();
        for (var i = 0; i < answers.Count; i++)
        {
            var row = Array.IndexOf(measured.SampleIds, samples.IdOf(i).Value);
            var prediction = answers[i]["prediction"]!;
            Assert.Equal(samples.Classes[measured.Answers[row]], (string)prediction["label"]!);
            labels.Add((string)prediction["label"]!);
            var exp = measured.Row(row).ToArray().Select(l => Math.Exp(l)).ToArray();
            for (var c = 0; c < 3; c++)
                Assert.Equal(exp[c] / exp.Sum(), (double)prediction["probabilities"]![samples.Classes[c]]!, 1e-5);
        }

        Assert.True(labels.Count > 1, "the model says one class alone");
    }

    [Fact]
    public void Lines_that_are_read_ahead_are_answered_by_length_and_written_in_their_order()
    {
        using var model = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, ModelTask.Classification, ["good", "bad", "气"], wide: 4);
        string[] lines = [.. s_texts, "", .. s_texts.Select(t => t + " again")];
        var (one, ahead) = (Run(lines, new PredictRequest { BatchSize = 1 }), Run(lines, new PredictRequest { BatchSize = 3, ReadAhead = 3 }));
        Assert.Equal(lines.Length, ahead.Count);
        Assert.NotNull(ahead[s_texts.Length]["error"]);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == s_texts.Length) continue;
            var (alone, together) = (one[i]["prediction"]!, ahead[i]["prediction"]!);
            Assert.Equal((string)alone["label"]!, (string)together["label"]!);
            foreach (var name in new[] { "good", "bad", "气" })
                Assert.Equal((double)alone["probabilities"]![name]!, (double)together["probabilities"]![name]!, 1e-5);
        }
    }

    [Fact]
    public void The_likeliest_classes_come_first_and_alone_where_that_is_asked()
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 8, Filters = 4 }, ModelTask.Classification, ["a", "b", "c", "d"]);
        var all = Run(s_texts, new());
        var two = Run(s_texts, new() { Top = 2 });
        foreach (var (whole, cut) in all.Zip(two))
        {
            var probabilities = whole["prediction"]!["probabilities"]!.AsObject().Select(p => (p.Key, Value: (double)p.Value!)).ToArray();
            Assert.Equal(4, probabilities.Length);
            Assert.Equal(probabilities.OrderByDescending(p => p.Value), probabilities);
            Assert.Equal(1, probabilities.Sum(p => p.Value), 1e-5);
            Assert.Equal(probabilities[0].Key, (string)whole["prediction"]!["label"]!);
            Assert.Equal(probabilities.Take(2), cut["prediction"]!["probabilities"]!.AsObject().Select(p => (p.Key, (double)p.Value!)));
        }
    }

    [Fact]
    public void Every_word_has_the_tag_that_evaluation_measures_and_tags_make_entities()
    {
        using var model = Save("lstm", new LstmOptions { Embedding = 8, Hidden = 8 }, ModelTask.TokenClassification, s_tags, wide: 3);
        var words = s_texts.Select(t => t.Split(' ')).ToArray();
        using var samples = Dataset.FromTags("x", [.. words.Select(w => (new WordsContent(w), (IReadOnlyList<string>?)[.. w.Select(_ => "O")]))], s_tags);
        var measured = (TokenAnswers)Predictor.Ask(
            model, new BatchSource(samples, new TagCollator(_tokenizer, MaxTokens), new BatchOptions { Size = 4, Shuffle = false }), new EvaluationTask { Task = ModelTask.TokenClassification, Classes = s_tags });
        var answers = Run([.. s_texts.Select((t, i) => i % 2 == 0 ? $"{{\"text\":\"  {t}\"}}" : new JsonObject { ["words"] = new JsonArray([.. words[i].Select(w => (JsonNode)w)]) }.ToJsonString())], new() { AreJson = true });
        var ids = Enumerable.Range(0, samples.Count).OrderBy(i => samples.IdOf(i).Value).ToArray();
        var expected = measured.Words.Answers.Select(t => s_tags[t]).ToArray();
        Assert.Equal(expected, ids.SelectMany(i => answers[i]["prediction"]!["tags"]!.AsArray().Select(t => (string)t!)));
        Assert.True(expected.Distinct().Count() > 1, "the model says one tag alone");
        var found = 0;
        for (var i = 0; i < answers.Count; i++)
        {
            var prediction = answers[i]["prediction"]!;
            Assert.Equal(words[i], prediction["words"]!.AsArray().Select(w => (string)w!));
            var entities = Entities.Of([.. prediction["tags"]!.AsArray().Select(t => (string)t!)]);
            Assert.Equal(
                entities.Select(e => (e.Type, e.Start, e.End, string.Join(' ', words[i][e.Start..e.End]))),
                prediction["entities"]!.AsArray().Select(e => ((string)e!["type"]!, (int)e["start"]!, (int)e["end"]!, (string)e["text"]!)));
            found += entities.Count;
        }

        Assert.True(found > 0, "there is no entity");
    }

    [Fact]
    public void Numbers_have_their_names_and_a_vector_its_width()
    {
        using (var model = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2 }, ModelTask.Regression, ["score", "age"]))
        {
            var answer = Run(["a cat\tthe dog"], new())[0]["prediction"]!.AsObject();
            Assert.Equal(["score", "age"], answer.Select(p => p.Key));
            Assert.Equal(Forward(model, "a cat", "the dog"), answer.Select(p => (float)p.Value!), (a, b) => Math.Abs(a - b) < 1e-5);
        }

        using var embedder = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2 }, ModelTask.Embedding, []);
        var vector = Run(["a cat sat"], new())[0]["prediction"]!["embedding"]!.AsArray();
        Assert.Equal(16, vector.Count);
        Assert.Equal(Forward(embedder, "a cat sat", null), vector.Select(n => (float)n!), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(null, 6, false)]
    [InlineData("""{"max_seq_length":6}""", 6, false)] // counts before the tokenizer's length
    [InlineData("""{"max_seq_length":5}""", 5, true)]
    [InlineData("""{"max_seq_length":900}""", 6, false)] // the model has 32 positions
    public void A_text_is_cut_to_the_length_that_a_folder_of_sentence_transformers_says(string? settings, int read, bool isCut)
    {
        using var embedder = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, ModelTask.Embedding, []);
        _folder.Write("modules.json", """[{"type":"sentence_transformers.models.Transformer","path":""},{"type":"sentence_transformers.models.Pooling","path":"1_Pooling"}]""");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "1_Pooling"));
        _folder.Write(Path.Combine("1_Pooling", "config.json"), """{"pooling_mode_mean_tokens":true}""");
        if (settings is not null)
            _folder.Write("sentence_bert_config.json", settings);
        const string Text = "the the the the"; // [CLS] and [SEP] around four tokens
        Assert.Equal(6, _tokenizer.EncodeForModel(Text, null, MaxTokens).Ids.Length);
        var answer = Run([Text], new())[0];
        Assert.Equal(isCut, answer["truncated"] is not null);
        var expected = Forward(embedder, read == 6 ? Text : "the the the", null);
        Assert.Equal(expected, answer["prediction"]!["embedding"]!.AsArray().Select(n => (float)n!), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void A_pair_has_the_vector_of_each_text_and_their_cosine_beside_texts_that_have_one()
    {
        using var embedder = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, ModelTask.Embedding, []);
        var answers = Run(["the dog", "a cat\tthe old man went home", "red"], new());
        var pair = answers[1]["prediction"]!;
        float[] first = [.. pair["embedding"]!.AsArray().Select(n => (float)n!)], second = [.. pair["pair_embedding"]!.AsArray().Select(n => (float)n!)];
        Assert.Equal(Forward(embedder, "a cat", null), first, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(Forward(embedder, "the old man went home", null), second, (a, b) => Math.Abs(a - b) < 1e-5);
        var cosine = first.Zip(second, (a, b) => (double)a * b).Sum() / Math.Sqrt(first.Sum(a => (double)a * a) * second.Sum(b => (double)b * b));
        Assert.InRange(cosine, -0.999, 0.999);
        Assert.Equal(cosine, (double)pair["cosine"]!, 1e-6);
        Assert.Equal(Forward(embedder, "red", null), answers[2]["prediction"]!["embedding"]!.AsArray().Select(n => (float)n!), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal((double)pair["cosine"]!, (double)Run(["{\"text\":\"a cat\",\"pair\":\"the old man went home\"}"], new() { AreJson = true })[0]["prediction"]!["cosine"]!, 1e-6);
    }

    [Fact]
    public void A_hidden_token_is_told_where_it_stands()
    {
        using var model = Save("encoder", new BertOptions { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 }, ModelTask.MaskedLanguageModel, []);
        var answers = Run(["the [MASK] sat on [MASK]", "[MASK] cat", "a cat"], new() { Top = 3 });
        Assert.Equal([2, 1], answers.Take(2).Select(a => a["prediction"]!["masks"]!.AsArray().Count));
        Assert.Equal("line 3: the text has no [MASK], so there is nothing to predict; write it where a token is to be predicted", (string)answers[2]["error"]!);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var ids = _tokenizer.EncodeForModel("the [MASK] sat on [MASK]", null, MaxTokens).Ids;
        var all = model.Forward(new ModelInput(Tensor.From([.. ids.Select(i => (long)i)], 1, ids.Length))).Softmax(1);
        foreach (var (place, told) in ids.Index().Where(p => p.Item == _tokenizer.Special.Mask).Zip(answers[0]["prediction"]!["masks"]!.AsArray(), (p, t) => (p.Index, t!.AsArray())))
        {
            var row = all.Select(0, place).ToArray<float>();
            var best = Enumerable.Range(0, row.Length).OrderByDescending(i => row[i]).Take(3).ToArray();
            Assert.Equal(best, told.Select(t => (int)t!["id"]!));
            Assert.Equal(best.Select(_tokenizer.TokenOf), told.Select(t => (string)t!["token"]!));
            Assert.Equal(best.Select(i => row[i]), told.Select(t => (float)t!["probability"]!), (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("lstm-lm")]
    public void A_text_has_the_perplexity_of_its_tokens_and_bits_per_byte(string kind)
    {
        ModelOptions options = kind == "gpt2" ? new Gpt2Options { Layers = 1, Hidden = 16, Heads = 2, InitializerRange = 0.5 } : new LstmLanguageOptions { Hidden = 8, Layers = 1 };
        using var model = Save(kind, options, ModelTask.CausalLanguageModel, []);
        var answers = Run(s_texts, new());
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (text, answer) in s_texts.Zip(answers))
        {
            int[] ids = [TextBoundaries.EndOfText(_tokenizer), .. _tokenizer.Encode(text)];
            var log = model.Forward(new ModelInput(Tensor.From([.. ids[..^1].Select(i => (long)i)], 1, ids.Length - 1))).LogSoftmax(1).ToArray<float>().Chunk(model.Classes).ToArray();
            var nll = -log.Select((row, i) => (double)row[ids[i + 1]]).Sum();
            var prediction = answer["prediction"]!;
            Assert.Equal(ids.Length - 1, (int)prediction["tokens"]!);
            Assert.Equal(-nll, (double)prediction["log_likelihood"]!, 1e-3);
            Assert.Equal(Math.Exp(nll / (ids.Length - 1)), (double)prediction["perplexity"]!, 1e-3 * Math.Exp(nll / (ids.Length - 1)));
            Assert.Equal(nll / Math.Log(2) / System.Text.Encoding.UTF8.GetByteCount(text), (double)prediction["bits_per_byte"]!, 1e-3);
        }
    }

    [Fact]
    public void Texts_that_are_cut_say_so()
    {
        var longest = string.Join(' ', Enumerable.Repeat("cat", 40));
        using (Save("lstm", new LstmOptions { Embedding = 4, Hidden = 4 }, ModelTask.Classification, ["a", "b"]))
            Assert.Equal([null, true], Run(["a cat", longest], new()).Select(a => (bool?)a["truncated"]));
        using (Save("lstm", new LstmOptions { Embedding = 4, Hidden = 4 }, ModelTask.TokenClassification, s_tags))
        {
            var tags = Run([longest], new())[0]["prediction"]!["tags"]!.AsArray();
            Assert.Equal((40, (MaxTokens - 2) / _tokenizer.Encode("cat").Length), (tags.Count, tags.Count(t => t is not null)));
        }

        using (Save("gpt2", new Gpt2Options { Layers = 1, Hidden = 8, Heads = 2 }, ModelTask.CausalLanguageModel, []))
        {
            var answer = Run([longest], new())[0];
            Assert.Equal((true, MaxTokens, false), ((bool?)answer["truncated"], (int)answer["prediction"]!["tokens"]!, answer["prediction"]!.AsObject().ContainsKey("bits_per_byte")));
        }

        using (Save("encoder", new BertOptions { Layers = 1, Hidden = 8, Heads = 2 }, ModelTask.MaskedLanguageModel, []))
            Assert.Equal("line 1: there is no [MASK] among the first 32 tokens, which are all that the model reads", (string)Run([longest + " [MASK]"], new())[0]["error"]!);
    }

    [Fact]
    public void Other_fields_go_along_as_they_stand_in_the_line()
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"]);
        var lines = Lines(["""{"id": 1.00, "text": "a cat", "label": "gold", "more": {"x": [1, "é"]}, "pair": null}"""], new() { AreJson = true });
        Assert.StartsWith("""{"id":1.00,"label":"gold","more":{"x": [1, "é"]},"prediction":{"label":""", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "", "the line is empty")]
    [InlineData(false, "  ", "the line is empty")]
    [InlineData(false, "a\tb\tc", "expected a text, or two with a tab between, came 3; take the other tabs out, or give JSON lines (--jsonl)")]
    [InlineData(false, "a\t", "one of the two texts is empty")]
    [InlineData(true, "{\"text\": \"a\"", "character 13: this is not JSON, one object per line")]
    [InlineData(true, "[1]", "expected a JSON object with a 'text', came [1]")]
    [InlineData(true, "{\"txt\": \"a\"}", "the object has no field 'text'")]
    [InlineData(true, "{\"text\": 3}", "'text' must be a string, came 3")]
    [InlineData(true, "{\"text\": \" \"}", "the text is empty")]
    [InlineData(true, "{\"text\": \"a\", \"pair\": [1]}", "'pair' must be a string, came [1]")]
    [InlineData(true, "{\"text\": \"a\", \"pair\": \"\"}", "one of the two texts is empty")]
    [InlineData(true, "{\"text\": \"\\ud800\"}", "a text has half of a surrogate pair, which is no character")]
    [InlineData(true, "{\"text\": \"a\", \"prediction\": 1}", "the field 'prediction' is what a part of the answer is called; rename it")]
    public void A_line_at_fault_has_its_error_in_its_place_and_the_others_their_answers(bool areJson, string line, string said)
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"]);
        var good = areJson ? "{\"id\":7,\"text\":\"a cat\"}" : "a cat";
        var written = new List<string>();
        var summary = PredictJob.Run(_folder.Path, new() { AreJson = areJson, BatchSize = 2 }, PredictLine.Of([good, line, good]), written.Add);
        Assert.Equal(new PredictSummary(3, 1, 0, $"line 2: {said}"), summary);
        Assert.Equal(written[0], written[2]);
        Assert.Contains("\"prediction\":{", written[0]);
        Assert.Equal($"line 2: {said}", (string)JsonNode.Parse(written[1])!["error"]!);
        Assert.DoesNotContain("prediction\":", written[1]);
    }

    [Theory]
    [InlineData("{\"words\": []}", "'words' must be a list of words, came []")]
    [InlineData("{\"words\": [\"a\", 3]}", "'words' must be a list of words, came [\"a\", 3]")]
    [InlineData("{\"id\": 3}", "the object has no field 'text' and no 'words'")]
    [InlineData("{\"text\": \"a\", \"pair\": \"b\"}", "'pair' is for classification, regression and embedding; this model reads one text")]
    public void Words_that_are_none_are_told(string line, string said)
    {
        using var model = Save("lstm", new LstmOptions { Embedding = 4, Hidden = 4 }, ModelTask.TokenClassification, s_tags);
        Assert.Equal($"line 1: {said}", (string)Run([line], new() { AreJson = true })[0]["error"]!);
    }

    [Fact]
    public void A_word_that_the_tokenizer_has_nothing_for_has_the_tag_of_the_unknown_one()
    {
        using var model = Save("lstm", new LstmOptions { Embedding = 4, Hidden = 4 }, ModelTask.TokenClassification, s_tags, wide: 3);
        Assert.Empty(_tokenizer.Encode("\u0001"));
        var answers = Run(["""{"words": ["a", "\u0001", "cat"]}""", """{"words": ["a", "[UNK]", "cat"]}"""], new() { AreJson = true });
        Assert.Equal(3, answers[0]["prediction"]!["tags"]!.AsArray().Count);
        Assert.Equal(answers[1]["prediction"]!["tags"]!.ToJsonString(), answers[0]["prediction"]!["tags"]!.ToJsonString());
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_told_with_their_line()
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"]);
        var file = _folder.Write("lines.txt", [.. "one\n"u8, 0x61, 0xFF, .. "\nthree"u8]);
        var written = new List<string>();
        var summary = PredictJob.Run(_folder.Path, new(), PredictLine.OfFile(file), written.Add);
        Assert.Equal(new PredictSummary(3, 1, 0, "line 2: byte 2 of the line (0xFF) is not UTF-8"), summary);
        Assert.Equal(3, written.Count);
    }

    [Fact]
    public void Lines_are_read_as_they_are_answered_and_no_tensor_stays()
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"]);
        var (read, written, most, live, afterFirst) = (0, 0, 0, 0L, 0L);
        PredictJob.Run(_folder.Path, new() { BatchSize = 4 }, Endless(), _ =>
        {
            written++;
            most = Math.Max(most, read - written);
            live = Tensor.LiveCount;
            if (written == 1) afterFirst = live;
        });
        Assert.Equal((400, 400), (read, written));
        Assert.InRange(most, 0, 4);
        Assert.Equal(afterFirst, live);

        IEnumerable<PredictLine> Endless()
        {
            for (; read < 400;)
                yield return new PredictLine(++read, s_texts[read % s_texts.Length]);
        }
    }

    [Fact]
    public void A_run_is_stopped_between_batches()
    {
        using var model = Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"]);
        using var stop = new CancellationTokenSource();
        var written = 0;
        Assert.Throws<OperationCanceledException>(() => PredictJob.Run(_folder.Path, new() { BatchSize = 2 }, PredictLine.Of(Enumerable.Repeat("a", 100)), _ =>
        {
            written++;
            stop.Cancel();
        }, stop.Token));
        Assert.Equal(2, written);
    }

    [Fact]
    public void Folders_without_a_text_model_or_with_another_tokenizer_are_refused()
    {
        using (var images = ModelFamilies.All.Single(f => f.Kind == "mlp").Create(new MlpOptions { Hidden = [4] }, new ModelContext { Classes = 2, SampleShape = [1, 4, 4] }))
            ModelFolder.Save(_folder.Path, images);
        Assert.Contains("reads images or vectors, and lines of text are answered here; 'decant predict … --images FOLDER' answers pictures, and 'decant evaluate' measures it", Refusal());
        using (Save("textcnn", new TextCnnOptions { Embedding = 4, Filters = 2 }, ModelTask.Classification, ["a", "b"], vocabulary: 20))
            Assert.Contains("the model knows 20: '", Refusal());
        File.Delete(Path.Combine(_folder.Path, "tokenizer.json"));
        Assert.Contains("the tokenizer cannot be read", Refusal());
        Assert.Contains("is neither a model's folder", Assert.Throws<DecantException>(() => PredictJob.Run("/none", new(), [], _ => { })).Message);

        string Refusal() => Assert.Throws<DecantException>(() => PredictJob.Run(_folder.Path, new(), PredictLine.Of(["a"]), _ => { })).Message;
    }

    private IReadOnlyList<JsonNode> Run(IReadOnlyList<string> lines, PredictRequest options) => [.. Lines(lines, options).Select(line => JsonNode.Parse(line)!)];

    private List<string> Lines(IReadOnlyList<string> lines, PredictRequest options)
    {
        var written = new List<string>();
        PredictJob.Run(_folder.Path, options, PredictLine.Of(lines), written.Add);
        return written;
    }

    private float[] Forward(Model model, string text, string? pair)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var batch = new TextCollator(_tokenizer, MaxTokens).Collate([new Sample(new SampleId(1), new TextContent(text, pair), null)], 0, 0);
        return model.Forward(batch.ToInput()).ToArray<float>();
    }

    /// <summary>Writes a random model with its tokenizer into the folder.</summary>
    private Model Save(string kind, ModelOptions options, ModelTask task, IReadOnlyList<string> classes, double wide = 1, int? vocabulary = null)
    {
        using var generator = new Generator(3);
        var context = new ModelContext
        {
            Task = task,
            Classes = classes.Count,
            ClassNames = classes,
            VocabularySize = vocabulary ?? _tokenizer.VocabularySize,
            PadToken = vocabulary is null ? _tokenizer.Special.Filler : 0,
            MaxTokens = MaxTokens,
        };
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, context, generator);
        using (TensorScope.Open())
        using (Autograd.NoGrad())
            foreach (var (_, weight) in model.NamedParameters().Where(_ => wide != 1))
                weight.CopyInPlace(weight.Mul(wide));
        model.Eval();
        ModelFolder.Save(_folder.Path, model);
        TokenizerFile.Save(_tokenizer, _folder.Path, MaxTokens);
        return model;
    }
}
