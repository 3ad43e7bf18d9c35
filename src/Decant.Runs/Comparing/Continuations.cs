using Decant.Models.Generation;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Writing;

namespace Decant.Runs.Comparing;

/// <summary>Lets the language models of a run continue the recipe's prompts, so that people can read what they learned.</summary>
internal static class Continuations
{
    // Sampled, not the most probable token: small models repeat themselves under greedy decoding.
    private const double SamplingTemperature = 0.8;
    private const double TopP = 0.95;
    private const int StandardTokens = 60;

    public static void Write(ContinueStep step, IStepInputs models, RunLog log, CancellationToken cancellationToken)
    {
        var (own, evaluate, seed) = (log.For(step.Task), step.Of.Recipe.Evaluate, step.Seed!.Value);
        var prompts = evaluate.Prompts!;
        var watch = new AnswerProgress(own.Show, new() { Purpose = AnswersAsked.Continuations, Arm = "", Seed = seed });
        var causal = step.Models.Where(key => models[key] is ICausalModel).ToArray();
        watch.Announce(causal.Length);
        var texts = new Dictionary<string, string[]>();
        foreach (var key in causal)
        {
            texts[key.Arm] = Of(models[key], seed, prompts, evaluate.ContinuationTokens ?? StandardTokens, key.Arm == Arms.Teacher ? step.Of.Data.OfTeacher : step.Of.Data, cancellationToken);
            watch.Report(texts.Count, causal.Length, (double)texts.Count / causal.Length);
        }

        for (var i = 0; i < prompts.Count; i++)
        {
            own.Write(new Continued
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
