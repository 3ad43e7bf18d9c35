using Decant.Models.Generation;
using Decant.Modules;
using Decant.Tests.Models.Decoder;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Generation;

public class TokenGenerationTests
{
    private static readonly int[][] s_prompts = [[3, 1, 4], [1, 5, 9, 2, 6], [7]];

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void The_likeliest_token_is_that_of_the_full_forward_pass(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var text = s_prompts[0].Select(id => (long)id).ToList();
        foreach (var id in Run(model, [s_prompts[0]], new() { MaxNewTokens = 5 })[0])
        {
            var logits = model.Forward(new ModelInput(Tensor.From(text.ToArray(), 1, text.Count)));
            Assert.Equal(logits.ArgMax(1).ToArray<long>()[^1], id);
            text.Add(id);
        }

        Assert.Equal(8, text.Count);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-padded")]
    [InlineData("mistral")]
    [InlineData("qwen3")]
    public void Texts_of_unlike_lengths_in_a_batch_continue_as_they_do_alone(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var together = Run(model, s_prompts, new() { MaxNewTokens = 5 });
        for (var row = 0; row < s_prompts.Length; row++)
            Assert.Equal(Run(model, [s_prompts[row]], new() { MaxNewTokens = 5 })[0], together[row]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_whatever_else_is_in_the_batch_and_another_seed_another()
    {
        using var golden = GoldenCase.Open("llama");
        using var model = DecoderCases.Load("llama", golden);
        var options = new GenerationOptions { MaxNewTokens = 10, SamplingTemperature = 1.5, Seed = 11 };
        var once = Run(model, [s_prompts[0], s_prompts[0]], options);
        Assert.Equal(once, Run(model, [s_prompts[0], s_prompts[0]], options));
        Assert.Equal(once[0], Run(model, [s_prompts[0]], options)[0]);
        Assert.NotEqual(once[0], once[1]);
        Assert.NotEqual(once[0], Run(model, [s_prompts[0]], options with { Seed = 12 })[0]);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-padded")]
    [InlineData("mistral")]
    [InlineData("qwen3")]
    public void A_short_prompt_beside_a_long_one_goes_on_to_the_models_limit_as_it_does_alone(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var most = (int)((ICausalModel)model).MaxTokens!;
        int[][] prompts = [[7], [.. Enumerable.Range(0, most - 2).Select(i => 1 + (i % 5))], [3, 1, 4]];
        using var together = new TokenGeneration((ICausalModel)model, prompts, new() { MaxNewTokens = 10_000 });
        var said = prompts.Select(_ => new List<int>()).ToArray();
        while (!together.IsFinished)
            foreach (var (row, token) in together.Next().Index())
                if (token is { } id) said[row].Add(id);
        Assert.All(together.Ends, end => Assert.Equal(GenerationEnd.MaxTokens, end));
        Assert.Equal([most, 3, most - 2], said.Select(row => row.Count)); // the last token is said and not read
        for (var row = 0; row < prompts.Length; row++)
            Assert.Equal(Run(model, [prompts[row]], new() { MaxNewTokens = 10_000 })[0], said[row]);
    }

    [Fact]
    public void A_text_ends_by_its_stop_token_its_length_or_the_models_positions()
    {
        using var golden = GoldenCase.Open("gpt2");
        using var model = DecoderCases.Load("gpt2", golden);
        var free = Run(model, [s_prompts[0]], new() { MaxNewTokens = 100 });
        Assert.Equal(9, free[0].Count); // 3 + 8 = 11 positions are read, and one more token is said
        using (var all = new TokenGeneration(model, [s_prompts[0]], new() { MaxNewTokens = 100 }))
        {
            while (!all.IsFinished) all.Next();
            Assert.Equal(GenerationEnd.MaxTokens, all.Ends[0]);
        }

        var stop = free[0][^1];
        var first = free[0].IndexOf(stop);
        using var stopped = new TokenGeneration(model, [s_prompts[0]], new() { MaxNewTokens = 100, StopTokens = [stop] });
        var said = new List<int?>();
        while (!stopped.IsFinished) said.Add(stopped.Next()[0]);
        Assert.Equal(GenerationEnd.StopToken, stopped.Ends[0]);
        Assert.Equal([.. free[0].Take(first).Select(id => (int?)id), null], said);
        using var one = new TokenGeneration(model, [s_prompts[0]], new() { MaxNewTokens = 1 });
        Assert.Equal(free[0][0], one.Next()[0]);
        Assert.Equal((true, GenerationEnd.MaxNewTokens), (one.IsFinished, one.Ends[0]));
        Assert.Null(one.Next()[0]);
    }

    [Fact]
    public void A_model_in_training_mode_is_read_without_dropout_and_trains_on_afterwards()
    {
        using var golden = GoldenCase.Open("gpt2");
        using var model = DecoderCases.Load("gpt2", golden); // its settings have dropout of 0.1
        var expected = Run(model, [s_prompts[0]], new() { MaxNewTokens = 5 });
        model.Train();
        Assert.Equal(expected, Run(model, [s_prompts[0]], new() { MaxNewTokens = 5 }));
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void Prompts_that_cannot_be_continued_are_refused()
    {
        using var golden = GoldenCase.Open("gpt2");
        using var model = DecoderCases.Load("gpt2", golden);
        Refused("Prompt 2 has the id 13 at position 1; the model knows the ids 0 to 12", [1], [2, 13]);
        Refused("The prompt has the id -1 at position 0", [-1]);
        Refused("The prompt has no token", new int[][] { [] });
        Refused("The prompt has 11 tokens; the model reads at most 11", [.. Enumerable.Repeat(1, 11)]);
        Assert.Contains("no prompt", Assert.Throws<DecantException>(() => new TokenGeneration(model, [], new())).Message);
        Assert.Contains("TopP", Assert.Throws<DecantException>(() => new TokenGeneration(model, s_prompts, new() { TopP = 1.5 })).Message);

        void Refused(string said, params int[][] prompts) =>
            Assert.Contains(said, Assert.Throws<DecantException>(() => new TokenGeneration(model, prompts, new())).Message);
    }

    [Fact]
    public void Generating_leaves_no_tensor_behind()
    {
        using var golden = GoldenCase.Open("llama-padded");
        using var model = DecoderCases.Load("llama-padded", golden);
        Run(model, s_prompts, new() { MaxNewTokens = 3, SamplingTemperature = 1 });
        var before = Tensor.LiveCount;
        Run(model, s_prompts, new() { MaxNewTokens = 8, SamplingTemperature = 1 });
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static List<List<int>> Run(ICausalModel model, int[][] prompts, GenerationOptions options)
    {
        using var generation = new TokenGeneration(model, prompts, options);
        var texts = prompts.Select(_ => new List<int>()).ToList();
        while (!generation.IsFinished)
        {
            var said = generation.Next();
            for (var row = 0; row < texts.Count; row++)
            {
                if (said[row] is { } id)
                    texts[row].Add(id);
            }
        }

        return texts;
    }
}
