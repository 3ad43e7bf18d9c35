using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Continues the prompts of a batch, side by side.</summary>
/// <param name="options">How.</param>
/// <param name="maxTokens">The most tokens that a model is given: of prompt and text, all but the last.</param>
/// <param name="stops">The tokens that end a text, and are part of what is learned.</param>
/// <param name="vocabulary">V of the tokenizer; what a model has beyond it is never written.</param>
/// <param name="device">Where the models are.</param>
internal sealed class TextWriting(RolloutOptions options, int maxTokens, IReadOnlyList<int> stops, int vocabulary, Device device)
{
    private readonly GenerationOptions _generation = options.Generation(stops);

    /// <summary>Continues prompts.</summary>
    /// <param name="model">Who writes.</param>
    /// <param name="by">Who that is.</param>
    /// <param name="samples">The samples that the prompts are of.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="key">What the draws of each text begin from, beside its place.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    public WrittenTexts Write(ICausalModel model, TextAuthor by, IReadOnlyList<SampleId> samples, int[][] prompts, ulong key, CancellationToken cancellationToken)
    {
        for (var i = 0; i < prompts.Length; i++)
        {
            if (prompts[i].Length > maxTokens)
                throw new DecantException($"Sample {samples[i]}: its prompt has {prompts[i].Length} tokens, and a text has at most {maxTokens} (input.max-tokens), of which one at least is written. Raise it, or leave the sample out.");
        }

        using var generation = new TokenGeneration(CutModel.Of(model, vocabulary), prompts, _generation, device, row => Uniforms(key, row));
        while (!generation.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = generation.Next();
            for (var i = 0; i < prompts.Length; i++)
            {
                if (generation.Ends[i] is null && prompts[i].Length + generation.Written(i).Tokens.Count > maxTokens)
                    generation.Finish(i, GenerationEnd.MaxTokens);
            }
        }

        var written = Enumerable.Range(0, prompts.Length).Select(generation.Written).ToArray();
        return new(by, samples, prompts, Array.ConvertAll(written, w => w.Tokens.ToArray()), Array.ConvertAll(written, w => w.LogProbabilities.ToArray()));
    }

    private static Func<double> Uniforms(ulong key, int row)
    {
        var rng = Rng.For(key, (ulong)row);
        return () => rng.NextDouble();
    }
}
