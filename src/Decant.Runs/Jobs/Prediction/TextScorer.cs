using System.Text;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Evaluation.Language;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Text;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>The log-likelihood of a text under a language model. The first token is predicted as well: from the token that begins texts, or else from the one that ends them.</summary>
internal sealed class TextScorer : TaskPredictor
{
    private readonly int[] _begin;

    public TextScorer(Model model, ITokenizer tokenizer, int maxTokens)
        : base(model, tokenizer, maxTokens)
    {
        var special = SpecialIds.Of(tokenizer);
        var said = ((model as IConfigured)?.Config as ICausalConfig)?.BosTokenId;
        // What is put on both sides of a text, as BERT's, is no language model's.
        _begin = special.After.Length == 0 && special.Before.Length > 0
            ? special.Before[^1..]
            : [TextBoundaries.BeginOfText(tokenizer) ?? (said >= 0 && said < tokenizer.VocabularySize ? said.Value : TextBoundaries.EndOfText(tokenizer))];
    }

    public override void Begin()
    {
    }

    public override (Sample Sample, bool IsCut) Prepare(SampleContent content, int number)
    {
        var text = ((TextContent)content).Text;
        var tokens = Tokenizer.Encode(text);
        if (tokens.Length == 0)
            throw new DecantException("the text has no tokens, so there is nothing to predict");
        // The last token is predicted and not read.
        var kept = Math.Min(tokens.Length, MaxTokens + 1 - _begin.Length);
        var packed = new TokenContent((int[])[.. _begin, .. tokens.AsSpan(0, kept)], kept == tokens.Length ? Encoding.UTF8.GetByteCount(text) : 0);
        return (new Sample(new SampleId((ulong)number), packed, null, ContentAnnotation.Instance), kept < tokens.Length);
    }

    public override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples)
    {
        var collator = new CausalCollator(Tokenizer, MaxTokens, TextBoundaries.EndOfText(Tokenizer));
        var answers = (LanguageAnswers)Predictor.Ask(Model, new OneBatch(() => collator.Collate(samples, 0, 0)), new EvaluationTask { Task = ModelTask.CausalLanguageModel });
        return [.. answers.Samples.Select(Answer)]; // in the order of the ids, which are the places
    }

    private LineAnswer Answer(LanguageSample sample)
    {
        var perplexity = Math.Exp(sample.NllSum / sample.Rows);
        return new(
            json =>
            {
                json.WriteNumber("tokens", sample.Rows);
                json.WriteNumber("log_likelihood", -sample.NllSum);
                json.WriteNumber("perplexity", perplexity);
                if (sample.Bytes > 0)
                    json.WriteNumber("bits_per_byte", sample.NllSum / Math.Log(2) / sample.Bytes.Value);
            },
            double.IsFinite(perplexity));
    }

    private sealed class OneBatch(Func<Batch> make) : IBatchSource
    {
        public int BatchesPerEpoch => 1;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) => [make()];
    }
}
