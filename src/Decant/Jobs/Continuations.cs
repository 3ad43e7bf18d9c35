using Decant.Models;
using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Text;

namespace Decant.Jobs;

/// <summary>Lets the language models of a run go on with the recipe's prompts, so that people can read what they learned.</summary>
internal static class Continuations
{
    // Drawn and not the likeliest: small models repeat themselves when they always say what is likeliest.
    private const double SamplingTemperature = 0.8;
    private const double TopP = 0.95;
    private const int StandardTokens = 60;

    public static void Write(SeedOutcome outcome, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        if (recipe.Evaluate.Prompts is not { Count: > 0 } prompts || data.Tokenizer is not { } tokenizer)
            return;
        string[] arms = [.. outcome.Arms.Where(arm => outcome[arm] is ICausalModel)];
        var watch = new AnswersWatch(log.Show, new() { Purpose = AnswersAsked.Continuations, Arm = "", Seed = outcome.Seed });
        watch.Announce(arms.Length);
        var texts = new Dictionary<string, string[]>();
        foreach (var arm in arms)
        {
            texts[arm] = Of(outcome[arm], outcome.Seed, prompts, recipe.Evaluate.ContinuationTokens ?? StandardTokens, tokenizer, cancellationToken);
            watch.Report(texts.Count, arms.Length, (double)texts.Count / arms.Length);
        }

        for (var i = 0; i < prompts.Count; i++)
        {
            log.Write(new Continued
            {
                Prompt = prompts[i],
                Continuations = texts.ToDictionary(t => t.Key, t => t.Value[i]),
            });
        }
    }

    private static string[] Of(Model model, long seed, IReadOnlyList<string> prompts, int tokens, ITokenizer tokenizer, CancellationToken cancellationToken)
    {
        model.Eval();
        var options = new GenerationOptions
        {
            MaxNewTokens = tokens,
            SamplingTemperature = SamplingTemperature,
            TopP = TopP,
            Seed = (ulong)seed,
            StopTokens = StopTokens(tokenizer),
        };
        var generator = new TextGenerator((ICausalModel)model, tokenizer) { Begin = TokenSplits.BeginOfText(tokenizer) ?? TokenSplits.EndOfText(tokenizer) };
        return [.. generator.Generate(prompts, options, cancellationToken: cancellationToken).Select(text => text.Text)];
    }

    /// <summary>The end of a text, and the beginning of another, which ends one too.</summary>
    internal static IReadOnlyList<int> StopTokens(ITokenizer tokenizer) =>
        [.. new int?[] { TokenSplits.EndOfText(tokenizer), tokenizer.Special.Eos, tokenizer.Special.Bos }.OfType<int>().Distinct()];
}
