using Decant.Data;
using Decant.Evaluation.Texts;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Writing;

namespace Decant.Runs.Preparing;

/// <summary>Lets language models continue prompts of the test split.</summary>
/// <param name="data">The data, which the prompts are of.</param>
/// <param name="options">How they are continued.</param>
/// <param name="drawn">The prompts; null: they are drawn from the data.</param>
internal sealed class TextWriting(PreparedData data, GenerationSection options, TestPrompts? drawn = null)
{
    // Fixed, for a text that is sampled depends on its place in its batch.
    private const int Batch = 32;

    /// <summary>The prompts.</summary>
    public TestPrompts Prompts { get; } = drawn ?? TestPrompts.Of(data, options);

    /// <summary>Refuses prompts that a model cannot read.</summary>
    /// <param name="name">What the model is called.</param>
    /// <param name="model">One that does not write texts is not looked at.</param>
    /// <exception cref="DecantException">The longest prompt leaves no room for a token.</exception>
    public void Check(string name, Model model)
    {
        if (model is not ICausalModel causal)
            return;
        var longest = Prompts.Prompts.Max(p => Generator(causal, model).Tokens(p.Given).Length);
        if (longest >= causal.MaxTokens)
            throw new DecantException(FormattableString.Invariant($"evaluate.generation: a test prompt has {longest:N0} tokens, and the {name} reads at most {causal.MaxTokens:N0}, one of them new. Give shorter prompts (evaluate.generation.prompt-tokens, or input.max-tokens, which longer prompts are left out by)."));
    }

    /// <summary>Continues all prompts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="watch">Gets the progress; null: nobody does.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <returns>Null where the model is none that writes texts.</returns>
    public WrittenTexts? Write(Model model, AnswerProgress? watch, CancellationToken cancellationToken)
    {
        if (model is not ICausalModel causal)
            return null;
        model.Eval();
        var (generator, prompts, texts) = (Generator(causal, model), Prompts.Prompts, new List<WrittenText>(Prompts.Prompts.Count));
        var asked = new GenerationOptions { MaxNewTokens = options.MaxNewTokens, SamplingTemperature = options.SamplingTemperature, StopTokens = StopTokens.Of(model, data.Tokenizer!, data.Context.EndTokens) };
        foreach (var batch in prompts.Chunk(Batch))
        {
            var seeded = asked with { Seed = Rng.Mix((ulong)options.Seed ^ Rng.Mix((ulong)texts.Count)) };
            var written = generator.Generate([.. batch.Select(p => p.Given)], seeded, cancellationToken: cancellationToken);
            texts.AddRange(batch.Zip(written, (p, w) => new WrittenText(p.Prompt, p.Reference, w.Text, w.Tokens.Count, w.End)));
            watch?.Report(texts.Count, prompts.Count, (double)texts.Count / prompts.Count);
        }

        return new WrittenTexts(texts);
    }

    private TextGenerator Generator(ICausalModel causal, Model model) => new(causal, data.Tokenizer!, model.Device) { Begin = data.Context.BeginToken };
}
