using Decant.Models.Generation;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Writing;

namespace Decant.Runs.Comparing;

/// <summary>Lets the language models of a run continue the recipe's prompts, so that people can read what they learned.</summary>
internal static class Continuations
{
    // Sampled, not the most probable token: small models repeat themselves under greedy decoding.
    private const double SamplingTemperature = 0.8;
    private const double TopP = 0.95;
    private const int StandardTokens = 60;

    public static void Write(SeedOutcome outcome, Recipe recipe, PreparedData data, RunLog log, CancellationToken cancellationToken)
    {
        if (recipe.Evaluate.Prompts is not { Count: > 0 } prompts || data.Tokenizer is null)
            return;
        string[] arms = [.. outcome.Arms.Where(arm => outcome[arm] is ICausalModel)];
        var watch = new AnswerProgress(log.Show, new() { Purpose = AnswersAsked.Continuations, Arm = "", Seed = outcome.Seed });
        watch.Announce(arms.Length);
        var texts = new Dictionary<string, string[]>();
        foreach (var arm in arms)
        {
            texts[arm] = Of(outcome[arm], outcome.Seed, prompts, recipe.Evaluate.ContinuationTokens ?? StandardTokens, data, cancellationToken);
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

    private static string[] Of(Model model, long seed, IReadOnlyList<string> prompts, int tokens, PreparedData data, CancellationToken cancellationToken)
    {
        model.Eval();
        var tokenizer = data.Tokenizer!;
        var options = new GenerationOptions
        {
            MaxNewTokens = tokens,
            SamplingTemperature = SamplingTemperature,
            TopP = TopP,
            Seed = (ulong)seed,
            StopTokens = StopTokens.Of(model, tokenizer, data.Context.EndTokens),
        };
        var generator = new TextGenerator((ICausalModel)model, tokenizer) { Begin = data.Context.BeginToken };
        return [.. generator.Generate(prompts, options, cancellationToken: cancellationToken).Select(text => text.Text)];
    }
}
