using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Text;
using Type = Decant.Export.Onnx.Format.TensorProto.Types.DataType;

namespace Decant.Tests.Inference;

/// <summary>The model says as the next token the sum of all ids before, modulo the size of the vocabulary: what it continues with is known, and depends on every token that it kept.</summary>
public sealed class TextGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public enum Kind
    {
        KeysAndValues,
        WithPositions,
        Recurrent,
        NothingKept,
    }

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    private static ITokenizer Tokenizer => ModelFolders.Bytes;

    private static int Vocabulary => Tokenizer.VocabularySize;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_greedy_continuation_is_the_one_that_every_token_decides(Kind kind)
    {
        using var generator = TextGenerator.Load(Write(kind));
        foreach (var prompt in new[] { "a good film", "dogs", "the plot is" })
        {
            var (ids, end) = Expected(kind, Tokenizer.Encode(prompt), 24);
            var text = generator.Generate(prompt, new() { MaxNewTokens = 24 });
            Assert.Equal(Tokenizer.Decode(ids), text.Text);
            Assert.Equal((ids.Length, end), (text.Tokens, text.End));
        }
    }

    [Fact]
    public void The_model_stops_at_a_stop_token_of_the_generation_config()
    {
        var (ids, _) = Expected(Kind.KeysAndValues, Tokenizer.Encode("dogs"), 24);
        Assert.True(ids.Length > 3);
        _folder.Write("generation_config.json", $$"""{"eos_token_id": [{{ids[3]}}]}""");
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        var text = generator.Generate("dogs", new() { MaxNewTokens = 24 });
        var first = Array.IndexOf(ids, ids[3]);
        Assert.Equal((Tokenizer.Decode(ids.AsSpan(0, first)), first, GeneratedEnd.StopToken), (text.Text, text.Tokens, text.End));
    }

    [Fact]
    public async Task A_text_ends_before_the_first_stop_text_wherever_tokens_end_in_it()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        var whole = generator.Generate("dogs", new() { MaxNewTokens = 24 }, TestContext.Current.CancellationToken).Text;
        for (var length = 1; length <= 6; length++)
        {
            var stop = whole.Substring(whole.Length / 2, length);
            var options = new TextGenerationOptions { MaxNewTokens = 24, StopTexts = ["never said", stop] };
            var text = generator.Generate("dogs", options, TestContext.Current.CancellationToken);
            Assert.Equal((whole[..whole.IndexOf(stop, StringComparison.Ordinal)], GeneratedEnd.StopText), (text.Text, text.End));
            var pieces = new List<string>();
            await foreach (var piece in generator.StreamAsync("dogs", options, TestContext.Current.CancellationToken))
                pieces.Add(piece);
            Assert.Equal(text.Text, string.Concat(pieces));
        }

        Assert.Equal(whole, generator.Generate("dogs", new() { MaxNewTokens = 24, StopTexts = [whole + "!"] }, TestContext.Current.CancellationToken).Text);
        Assert.Contains("StopTexts", Assert.Throws<DecantException>(() => generator.Generate("dogs", new() { StopTexts = [""] }, TestContext.Current.CancellationToken)).Message);
    }

    [Theory]
    [InlineData("abc", "ab|ac|abc", "|abac|", true)]
    [InlineData("aab", "a|a|b", "||", true)]
    [InlineData("aab", "a|a|a|b|c", "||a||", true)]
    [InlineData("abc", "x|ab|y", "x||aby", false)]
    public void What_may_begin_a_stop_text_is_held_back(string stop, string given, string shown, bool isFound)
    {
        var search = new StopSearch([stop]);
        Assert.Equal(shown, string.Join('|', given.Split('|').Select(search.Add)));
        Assert.Equal(isFound, search.IsFound);
    }

    [Fact]
    public async Task The_pieces_of_a_stream_are_the_text()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        var pieces = new List<string>();
        await foreach (var piece in generator.StreamAsync("a film", new() { MaxNewTokens = 16 }, TestContext.Current.CancellationToken))
            pieces.Add(piece);
        Assert.Equal(generator.Generate("a film", new() { MaxNewTokens = 16 }, TestContext.Current.CancellationToken).Text, string.Concat(pieces));
        Assert.True(pieces.Count > 1);
    }

    [Fact]
    public async Task A_stream_is_cancelled_between_tokens()
    {
        using var generator = TextGenerator.Load(Write(Kind.Recurrent));
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in generator.StreamAsync("a film", new() { MaxNewTokens = 1_000_000, Temperature = 1000 }, cancel.Token))
                await cancel.CancelAsync();
        });
    }

    [Fact]
    public void Seeds_decide_what_is_drawn_and_top_k_of_one_is_greedy()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        var drawn = Enumerable.Range(0, 8).Select(seed => generator.Generate("dogs", new() { Temperature = 1000, MaxNewTokens = 20, Seed = (ulong)seed }).Text).ToArray();
        Assert.Equal(drawn, Enumerable.Range(0, 8).Select(seed => generator.Generate("dogs", new() { Temperature = 1000, MaxNewTokens = 20, Seed = (ulong)seed }).Text));
        Assert.True(drawn.Distinct().Count() > 4);
        Assert.Equal(generator.Generate("dogs").Text, generator.Generate("dogs", new() { Temperature = 1, TopK = 1, Seed = 5 }).Text);
        Assert.Equal(generator.Generate("dogs").Text, generator.Generate("dogs", new() { Temperature = 1, TopP = 1e-9, Seed = 5 }).Text);
    }

    [Fact]
    public void Texts_that_are_generated_at_once_do_not_disturb_each_other()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        string[] prompts = ["dogs", "a film", "cats and", "Anna lives"];
        var alone = prompts.Select(prompt => generator.Generate(prompt, new() { MaxNewTokens = 12 }).Text).ToArray();
        Parallel.For(0, 64, i => Assert.Equal(alone[i % 4], generator.Generate(prompts[i % 4], new() { MaxNewTokens = 12 }).Text));
    }

    [Fact]
    public void A_text_ends_where_the_model_can_read_no_further()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues, positions: 8));
        var prompt = "dogs and";
        var length = Tokenizer.Encode(prompt).Length;
        Assert.InRange(length, 1, 6);
        Assert.Equal(8, generator.MaxTokens);
        Assert.Equal((9 - length, GeneratedEnd.MaxTokens), (generator.Generate(prompt).Tokens, generator.Generate(prompt).End));
        Assert.Contains("reads at most 8", Assert.Throws<DecantException>(() => generator.Generate("a masterpiece from the first minute to the last, dull and far too long")).Message);
    }

    [Fact]
    public void Long_prompts_are_read_in_parts()
    {
        using var generator = TextGenerator.Load(Write(Kind.KeysAndValues));
        var prompt = string.Concat(Enumerable.Repeat("the dog ran home and ", 200));
        var ids = Tokenizer.Encode(prompt);
        Assert.True(ids.Length > 1024);
        Assert.Equal(Tokenizer.Decode(Expected(Kind.KeysAndValues, ids, 5).Ids), generator.Generate(prompt, new() { MaxNewTokens = 5 }).Text);
    }

    [Fact]
    public void Options_out_of_their_range_and_files_of_others_are_refused()
    {
        using (var generator = TextGenerator.Load(Write(Kind.KeysAndValues)))
        {
            Assert.Throws<DecantException>(() => generator.Generate("dogs", new() { TopP = 0 }));
            Assert.Throws<DecantException>(() => generator.Generate("dogs", new() { Temperature = -1 }));
            Assert.Throws<DecantException>(() => generator.Generate("dogs", new() { MaxNewTokens = 0 }));
            Assert.Throws<DecantException>(() => generator.Generate("dogs", new() { TopK = 0 }));
        }

        _folder.Write("generation_config.json", """{"stop_strings": ["x"]}""");
        Assert.Contains("stop_strings", Assert.Throws<DecantException>(() => TextGenerator.Load(_folder.Path)).Message);
        _folder.Write("generation_config.json", """{"eos_token_id": 100000}""");
        Assert.Contains("100000", Assert.Throws<DecantException>(() => TextGenerator.Load(_folder.Path)).Message);
    }

    private static (int[] Ids, GeneratedEnd End) Expected(Kind kind, int[] prompt, int most)
    {
        var ids = prompt.ToList();
        int?[] stops = [Tokenizer.Special.Eos ?? Tokenizer.Special.Separator, Tokenizer.Special.Bos];
        while (ids.Count - prompt.Length < most)
        {
            var next = (int)((ids.Sum(id => (long)id) + (kind == Kind.WithPositions ? ids.Count - 1 : 0)) % Vocabulary);
            if (stops.Contains(next))
                return ([.. ids.Skip(prompt.Length)], GeneratedEnd.StopToken);
            ids.Add(next);
        }

        return ([.. ids.Skip(prompt.Length)], GeneratedEnd.MaxNewTokens);
    }

    private string Write(Kind kind, int? positions = null) => Write(_folder, kind, positions);

    /// <summary>Writes a language model's folder.</summary>
    internal static string Write(TemporaryFolder folder, Kind kind, int? positions = null)
    {
        var config = new JsonObject { ["model_type"] = "llama", ["architectures"] = new JsonArray("LlamaForCausalLM"), ["vocab_size"] = Vocabulary };
        if (kind != Kind.Recurrent)
            config["max_position_embeddings"] = positions ?? 4096;
        return ModelFolders.Write(folder, config, Graph(kind), Tokenizer);
    }

    private static OnnxGraph Graph(Kind kind)
    {
        var graph = new OnnxGraph("causal-lm").Input("input_ids", Type.Int64, "batch", "tokens").Input("attention_mask", Type.Int64, "batch", "all")
            .Node("Cast", "input_ids -> ids", ("to", 1)).Node("Cast", "attention_mask -> mask", ("to", 1)).Numbers("axis", 1).Weights("one", [1f]);
        // sums [1, tokens]: of all ids up to each token.
        graph = kind switch
        {
            Kind.Recurrent => graph.Input("past_state.hidden", Type.Float, 1, "batch", 1).Node("Mul", "ids mask -> seen").Numbers("zero", 0)
                .Node("CumSum", "seen axis0 -> own").Node("Squeeze", "past_state.hidden zero -> before").Node("Add", "own before -> sums")
                .Node("ReduceSum", "seen axis -> added", ("keepdims", 1)).Node("Add", "added before -> state").Node("Unsqueeze", "state zero -> present_state.hidden")
                .Output("present_state.hidden", 1, "batch", 1),
            Kind.NothingKept => graph.Node("Mul", "ids mask -> seen").Node("CumSum", "seen axis0 -> sums"),
            _ => Keys(graph),
        };
        if (kind == Kind.WithPositions)
            graph = graph.Input("position_ids", Type.Int64, "batch", "tokens").Node("Cast", "position_ids -> place", ("to", 1)).Node("Add", "sums place -> total");
        else
            graph = graph.Node("Identity", "sums -> total");
        return graph.Weights("axis0f", [1f]).Numbers("axis0", 1).Numbers("last", 2).Weights("size", [Vocabulary])
            .Weights("range", [.. Enumerable.Range(0, Vocabulary).Select(v => (float)v)], 1, 1, Vocabulary)
            .Node("Mod", "total size -> next", ("fmod", 1)).Node("Unsqueeze", "next last -> column").Node("Sub", "range column -> distance")
            .Node("Mul", "distance distance -> square").Node("Neg", "square -> logits").Output("logits", "batch", "tokens", Vocabulary);
    }

    private static OnnxGraph Keys(OnnxGraph graph) => graph
        .Input("past_key_values.0.key", Type.Float, "batch", 1, "past", 1).Input("past_key_values.0.value", Type.Float, "batch", 1, "past", 1)
        .Numbers("shape", 1, 1, -1, 1).Node("Reshape", "ids shape -> new").Node("Concat", "past_key_values.0.key new -> present.0.key", ("axis", 2))
        .Node("Concat", "past_key_values.0.value new -> present.0.value", ("axis", 2))
        // The mask is of all tokens, past ones too: with another length this would fail.
        .Numbers("row", 1, -1).Node("Reshape", "present.0.key row -> everything").Node("Mul", "everything mask -> seen").Node("CumSum", "seen axis0 -> allsums")
        .Node("Shape", "past_key_values.0.key -> pastshape").Numbers("two", 2).Node("Gather", "pastshape two -> start").Numbers("end", long.MaxValue)
        .Node("Slice", "allsums start end axis -> sums").Output("present.0.key", "batch", 1, "all", 1).Output("present.0.value", "batch", 1, "all", 1);
}
