using Decant.Evaluation;
using Decant.Evaluation.Texts;
using Decant.Evaluation.Verdicts;
using Decant.Models.Generation;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>Puts what is known of generated texts into the record's plain values.</summary>
internal static class TextEvents
{
    /// <summary>One model's figures.</summary>
    public static TextsMeasured Of(string arm, long seed, WrittenTexts texts, GenerationSection options) => new()
    {
        Arm = arm,
        Seed = seed,
        Samples = texts.Texts.Count,
        Empty = texts.Empty,
        AtModelLimit = AtModelLimit(texts),
        MaxNewTokens = options.MaxNewTokens,
        SamplingTemperature = options.SamplingTemperature,
        Metrics = texts.Metrics(),
    };

    /// <summary>What a reader of the figures must know: empty texts, texts that the model's own limit ended.</summary>
    public static IEnumerable<string> Remarks(string name, WrittenTexts texts, GenerationSection options)
    {
        var (all, limited) = (texts.Texts.Count, AtModelLimit(texts));
        if (texts.Empty > 0)
            yield return FormattableString.Invariant($"{name}: {(texts.Empty == all ? $"all {all:N0}" : $"{texts.Empty:N0} of {all:N0}")} generated texts are empty: the model ended them at once, or wrote white space alone.");
        if (limited > 0)
            yield return FormattableString.Invariant($"{name}: {limited:N0} of {all:N0} generated texts end before evaluate.generation.max-new-tokens ({options.MaxNewTokens:N0}), for the model reads no more with their prompts.");
    }

    /// <summary>The texts of two arms over seeds, in one metric.</summary>
    public static TextsCompared Compare(string a, IReadOnlyList<WrittenTexts> first, string b, IReadOnlyList<WrittenTexts> second, Metric metric, PairedOptions options)
    {
        var difference = Difference(first, second, metric, options);
        return new()
        {
            A = a,
            B = b,
            Metric = metric.Name,
            Difference = difference.Difference,
            Low = difference.Low,
            High = difference.High,
            Confidence = difference.Confidence,
            Seeds = difference.Seeds,
            Samples = difference.Samples,
            Verdict = difference.Verdict.Name(),
            Sentence = Sentence(a, b, difference),
        };
    }

    /// <summary>The texts of two trained models in every metric.</summary>
    public static IEnumerable<Comparison> Compare(string a, WrittenTexts first, string b, WrittenTexts second, PairedOptions options) =>
        WrittenTexts.Compared.Select(metric => Difference([first], [second], metric, options)).Select(difference => difference.ToEvent(a, b, Sentence(a, b, difference)));

    /// <summary>Whose texts a judge preferred.</summary>
    public static TextsJudged Of(string judge, string a, string b, JudgedTexts said, double confidence)
    {
        var (low, high) = said.Rate.Interval(confidence);
        return new()
        {
            Judge = judge,
            A = a,
            B = b,
            Wins = said.Rate.Wins,
            Ties = said.Rate.Ties,
            Losses = said.Rate.Losses,
            Identical = said.Identical,
            Disagreed = said.Disagreed,
            Unusable = said.Unusable,
            Unasked = said.Unasked,
            Rate = said.Rate.Count == 0 ? null : said.Rate.Rate,
            Low = low,
            High = high,
            Confidence = confidence,
            Sentence = WinSentence.Of(a, b, said.Rate, confidence),
        };
    }

    private static PairedDifference Difference(IReadOnlyList<WrittenTexts> first, IReadOnlyList<WrittenTexts> second, Metric metric, PairedOptions options) =>
        PairedDifference.Of([.. first.Select(texts => texts.Scores(metric))], [.. second.Select(texts => texts.Scores(metric))], options) with { Metric = metric };

    private static string Sentence(string a, string b, PairedDifference difference) => $"Generated texts: {VerdictSentence.Models(difference, a, b)}";

    private static int AtModelLimit(WrittenTexts texts) => texts.Texts.Count(t => t.End == GenerationEnd.MaxTokens);
}
