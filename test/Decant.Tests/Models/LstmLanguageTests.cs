using Decant.Models.Configuration;
using Decant.Models.LstmLanguage;
using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

public class LstmLanguageTests
{
    private static readonly LstmLanguageConfig s_small = new()
    {
        Task = ModelTask.CausalLanguageModel,
        VocabSize = 11,
        EmbeddingSize = 6,
        HiddenSize = 6,
    };

    private static readonly ModelContext s_text = new() { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 10_000 };

    [Theory]
    [InlineData("lstm-lm-tied", 6)]
    [InlineData("lstm-lm-projected", 4)]
    public void State_goes_from_chunk_to_chunk_and_gradients_do_not(string name, int embedding)
    {
        using var model = (s_small with { EmbeddingSize = embedding }).Build();
        using var state = new RecurrentState();
        GoldenCase.Check(name, model, golden =>
        {
            var logits = golden["values"].Chunk(2, 1).Select(chunk => model.Forward(new ModelInput(chunk, State: state)).Flatten());
            return Tensor.Cat([.. logits, state.Hidden!.Flatten(), state.Cell!.Flatten()]);
        }, tolerance: 1e-5);
    }

    [Fact]
    public void An_untied_head_answers_at_the_positions_that_are_asked_about()
    {
        using var model = Untied();
        GoldenCase.Check(
            "lstm-lm-untied", model, g => model.Forward(new ModelInput(g["values"], g["mask"], Positions: g["positions"])), tolerance: 1e-5);
    }

    [Fact]
    public void Rows_of_any_length_are_carried_on_each_from_its_own_end()
    {
        using var model = Untied();
        using var golden = GoldenCase.Open("lstm-lm-by-row");
        model.LoadStateDict(golden.Under("state"));
        model.Eval();
        using var state = new RecurrentState();
        // The texts of 5, 8 and 2 tokens, cut behind 2, 4 and 1.
        var tokens = golden["values"].ToArray<long>();
        (int Start, int Length)[][] parts = [[(0, 2), (8, 4), (16, 1)], [(2, 3), (12, 4), (17, 1)]];
        var rows = parts.Select(part => Rows(model, state, [.. part.Select(p => tokens[p.Start..(p.Start + p.Length)])])).ToArray();
        var whole = Enumerable.Range(0, 3).SelectMany(row => rows.SelectMany(part => part[row])).ToArray();
        GoldenCase.Close(Tensor.From(golden.Output.ToArray<float>()), Tensor.From(whole), "by row", 1e-5);
    }

    [Fact]
    public void A_state_that_was_saved_goes_on_as_the_one_it_was_saved_from()
    {
        using var scope = TensorScope.Open();
        using var model = s_small.Build();
        model.Eval();
        using var state = new RecurrentState();
        using var again = new RecurrentState();
        Assert.Empty(state.Named);
        model.Forward(new ModelInput(Tokens(2, 5), State: state));
        again.Restore(state.Named.ToDictionary(t => t.Key, t => t.Value.Clone()));
        Assert.False(state.Hidden!.RequiresGrad);
        var next = Tokens(2, 3);
        Assert.Equal(model.Forward(new ModelInput(next, State: state)).ToArray<float>(), model.Forward(new ModelInput(next, State: again)).ToArray<float>());
        again.Reset();
        Assert.Equal(model.Forward(new ModelInput(next)).ToArray<float>(), model.Forward(new ModelInput(next, State: again)).ToArray<float>());
    }

    [Fact]
    public void A_state_of_other_rows_and_one_that_is_none_are_refused()
    {
        using var scope = TensorScope.Open();
        using var model = s_small.Build();
        using var state = new RecurrentState();
        model.Forward(new ModelInput(Tokens(3, 4), State: state));
        var error = Assert.Throws<DecantException>(() => model.Forward(new ModelInput(Tokens(2, 4), State: state)));
        Assert.Contains("[2, 3, 6]", error.Message);
        Assert.Contains("[2, 2, 6]", error.Message);
        Assert.Contains("Reset", error.Message);
        Assert.Throws<DecantException>(() => state.Restore(new Dictionary<string, Tensor> { ["momentum"] = Tensor.Zeros([1]) }));
        Assert.Equal(3, state.Hidden!.Size(1));
    }

    [Fact]
    public void Carrying_state_through_many_batches_leaves_no_tensor_behind()
    {
        var before = Tensor.LiveCount;
        using (var model = Dropping().Build())
        using (var state = new RecurrentState())
        {
            Step(model, state);
            var after = Tensor.LiveCount;
            for (var i = 0; i < 5; i++)
                Step(model, state);
            Assert.Equal(after, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void What_comes_next_is_the_same_read_at_once_in_pieces_or_beside_longer_texts()
    {
        using var scope = TensorScope.Open();
        using var model = LstmLanguageModel.Create(new LstmLanguageOptions { Hidden = 6 }, s_text with { VocabularySize = 11 });
        model.Eval();
        var text = Tensor.From([3L, 1, 4, 1, 5], 1, 5);
        var expected = model.Forward(new ModelInput(text, Positions: Tensor.From([4L])));
        using var pieces = model.NewState();
        model.Next(text.Narrow(1, 0, 3), pieces);
        model.Next(text.Narrow(1, 3, 1), pieces);
        GoldenCase.Close(expected, model.Next(text.Narrow(1, 4, 1), pieces), "in pieces", 1e-6);
        Assert.Equal(5, pieces.Length);

        // Left padding; then both go on by a token.
        using var padded = model.NewState();
        var tokens = Tensor.From([9L, 9, 9, 3, 1, 2, 7, 1, 8, 2], 2, 5);
        var mask = Tensor.From([false, false, false, true, true, true, true, true, true, true], 2, 5);
        var beside = model.Next(tokens, padded, mask);
        GoldenCase.Close(model.Forward(new ModelInput(text.Narrow(1, 0, 2), Positions: Tensor.From([1L]))), beside.Narrow(0, 0, 1), "padded", 1e-6);
        GoldenCase.Close(model.Forward(new ModelInput(tokens.Narrow(0, 1, 1), Positions: Tensor.From([4L]))), beside.Narrow(0, 1, 1), "whole", 1e-6);
        var further = model.Next(Tensor.From([4L, 4], 2, 1), padded);
        GoldenCase.Close(model.Forward(new ModelInput(text.Narrow(1, 0, 3), Positions: Tensor.From([2L]))), further.Narrow(0, 0, 1), "further", 1e-6);
        Assert.Throws<ArgumentException>(() => model.Next(tokens, padded, mask.Not()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_evaluation_nothing_is_dropped(bool locked)
    {
        using var scope = TensorScope.Open();
        using var dropping = (Dropping() with { LockedDropout = locked }).Build();
        using var plain = s_small.Build();
        plain.LoadStateDict(dropping.StateDict());
        var input = new ModelInput(Tokens(2, 7));
        Assert.NotEqual(dropping.Forward(input).ToArray<float>(), dropping.Forward(input).ToArray<float>());
        Assert.NotEqual(plain.Forward(input).ToArray<float>(), dropping.Forward(input).ToArray<float>());
        dropping.Eval();
        Assert.Equal(plain.Forward(input).ToArray<float>(), dropping.Forward(input).ToArray<float>());
    }

    [Fact]
    public void Dropout_of_probability_0_layer_by_layer_is_the_whole_stack_at_once()
    {
        using var scope = TensorScope.Open();
        using var stack = new Lstm(3, 4, 2, bidirectional: true);
        using var layers = new Lstm(3, 4, 2, bidirectional: true) { WeightDrop = 1e-12 };
        layers.LoadStateDict(stack.StateDict());
        var (input, mask) = (Tensor.Randn([2, 5, 3]), Tensor.From(new[] { true, true, true, false, false, true, true, true, true, true }, 2, 5));
        var (one, other) = (stack.Forward(input, mask), layers.Forward(input, mask));
        GoldenCase.Close(one.Output, other.Output, "output", 1e-6);
        GoldenCase.Close(one.Hidden, other.Hidden, "hidden", 1e-6);
        GoldenCase.Close(one.Cell, other.Cell, "cell", 1e-6);
    }

    [Fact]
    public void Locked_dropout_drops_its_share_the_same_at_every_step_and_others_in_every_row()
    {
        using var scope = TensorScope.Open();
        using var dropout = new LockedDropout(0.3);
        var output = dropout.Forward(Tensor.Ones([40, 3, 500])); // [B, T, H]
        var values = output.ToArray<float>();
        Assert.InRange(values.Count(v => v == 0) / (double)values.Length, 0.28, 0.32);
        Assert.All(values, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.7)) < 1e-5));
        Assert.Equal(output.Select(1, 0).ToArray<float>(), output.Select(1, 2).ToArray<float>());
        Assert.NotEqual(output.Select(0, 0).ToArray<float>(), output.Select(0, 1).ToArray<float>());
    }

    [Fact]
    public void A_word_that_is_dropped_is_dropped_wherever_it_stands()
    {
        using var scope = TensorScope.Open();
        using var embedding = new WordDropout(2000, 3, 0.25, 0.1, null);
        var tokens = Tensor.Cat([Tensor.Arange(0, 2000), Tensor.Arange(0, 2000)]).View(2, 2000);
        var output = embedding.Forward(tokens); // [2, 2000, 3]
        Assert.Equal(output.Select(0, 0).ToArray<float>(), output.Select(0, 1).ToArray<float>());
        var sums = output.Select(0, 0).Abs().Sum(1).ToArray<float>();
        Assert.InRange(sums.Count(s => s == 0) / 2000.0, 0.22, 0.28);
        var kept = Array.FindIndex(sums, s => s > 0);
        GoldenCase.Close(embedding.Weight.Select(0, kept).Mul(1 / 0.75), output.Select(0, 0).Select(0, kept), "a kept row", 1e-6);
    }

    [Fact]
    public void Dropped_weights_are_those_between_states_once_for_all_steps()
    {
        using var scope = TensorScope.Open();
        using var lstm = new Lstm(4, 40) { WeightDrop = 0.4 };
        lstm.Forward(Tensor.Randn([3, 5, 4])).Output.Square().Sum().Backward();
        var gradients = lstm.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Grad!.ToArray<float>());
        var between = gradients["weight_hh_l0"];
        Assert.InRange(between.Count(g => g == 0) / (double)between.Length, 0.37, 0.43);
        Assert.DoesNotContain(0f, gradients["weight_ih_l0"]);
    }

    [Fact]
    public void Dropout_that_is_not_locked_is_new_at_every_step()
    {
        using var scope = TensorScope.Open();
        var config = s_small with { InputDropout = 0.5, LockedDropout = false };
        using var model = config.Build();
        Assert.Contains(model.NamedModules(), m => m is { Key: "input_dropout", Value: Dropout { Probability: 0.5 } });
        using var locked = (config with { LockedDropout = true }).Build();
        Assert.Contains(locked.NamedModules(), m => m is { Key: "input_dropout", Value: LockedDropout { Probability: 0.5 } });
    }

    [Fact]
    public void The_classic_pair_has_its_sizes()
    {
        using var large = LstmLanguageModel.Create(new LstmLanguageOptions(), s_text);
        Assert.Equal((10_000L * 650) + (2 * ((8 * 650 * 650) + (8 * 650))) + 10_000, large.ParameterCount);
        Assert.Equal(2L * 35 * ((2 * 8 * 650 * 650) + (650 * 10_000)), large.FlopsPerSample([35]));
        using var small = LstmLanguageModel.Create(new LstmLanguageOptions { Hidden = 200, Tied = false }, s_text);
        Assert.Equal((2 * 10_000L * 200) + (2 * ((8 * 200 * 200) + (8 * 200))) + 10_000, small.ParameterCount);
        using var projected = LstmLanguageModel.Create(new LstmLanguageOptions { Hidden = 200, Embedding = 100 }, s_text);
        Assert.Equal(2L * 35 * ((4 * 200 * (300 + 400)) + (200 * 100) + (100 * 10_000)), projected.FlopsPerSample([35]));
    }

    [Fact]
    public void It_is_made_for_language_modelling_only()
    {
        var error = Assert.Throws<DecantException>(() => LstmLanguageModel.Create(new LstmLanguageOptions(), s_text with { Task = ModelTask.Classification, Classes = 2 }));
        Assert.Contains("serves causal language modelling", error.Message);
        error = Assert.Throws<DecantException>(() => LstmLanguageModel.Create(new LstmLanguageOptions { Layers = 1, HiddenDropout = 0.2 }, s_text));
        Assert.Contains("one layer has nothing between", error.Message);
    }

    private static LstmLanguageConfig Dropping() => s_small with
    {
        EmbeddingDropout = 0.2,
        InputDropout = 0.3,
        HiddenDropout = 0.3,
        OutputDropout = 0.4,
        WeightDropout = 0.5,
    };

    private static LstmLanguageModel Untied() =>
        (LstmLanguageModel)(s_small with { EmbeddingSize = 4, NumHiddenLayers = 1, TieWordEmbeddings = false }).Build();

    private static Tensor Tokens(int rows, int length) =>
        Tensor.From(Enumerable.Range(0, rows * length).Select(i => (long)((i * 7) + (i / 3)) % 11).ToArray(), rows, length);

    private static void Step(Model model, RecurrentState state)
    {
        using var scope = TensorScope.Open();
        model.Forward(new ModelInput(Tokens(2, 4), State: state)).Sum().Backward();
    }

    // The logits of every row's tokens, one after the other.
    private static float[][] Rows(Model model, RecurrentState state, long[][] texts)
    {
        var width = texts.Max(t => t.Length);
        var tokens = Tensor.From(texts.SelectMany(t => t.Concat(new long[width - t.Length])).ToArray(), texts.Length, width);
        var mask = Tensor.From(texts.SelectMany(t => Enumerable.Range(0, width).Select(i => i < t.Length)).ToArray(), texts.Length, width);
        var logits = model.Forward(new ModelInput(tokens, mask, State: state)).View(texts.Length, width, model.Classes);
        return [.. texts.Select((t, row) => logits.Select(0, row).Narrow(0, 0, t.Length).Flatten().ToArray<float>())];
    }
}
