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

    /// <summary>The texts of two arms over seeds, in every metric that one of them is above 0 in.</summary>
    /// <param name="a">The one.</param>
    /// <param name="first">Its texts, seed by seed.</param>
    /// <param name="b">The other.</param>
    /// <param name="second">Its texts.</param>
    /// <param name="options">How the intervals are made.</param>
    /// <param name="ofTest">What must be said of the test split in every sentence; empty where there is nothing.</param>
    public static IEnumerable<TextsCompared> Compare(string a, IReadOnlyList<WrittenTexts> first, string b, IReadOnlyList<WrittenTexts> second, PairedOptions options, string ofTest) =>
        Differences(first, second, options).Select(difference => new TextsCompared
        {
            A = a,
            B = b,
            Metric = difference.Metric.Name,
            Difference = difference.Difference,
            Low = difference.Low,
            High = difference.High,
            Confidence = difference.Confidence,
            Seeds = difference.Seeds,
            Samples = difference.Samples,
            Verdict = difference.Verdict.Name(),
            Sentence = VerdictSentence.Texts(difference, a, b) + ofTest,
        });

    /// <summary>The texts of two trained models, in the same metrics.</summary>
    public static IEnumerable<Comparison> Compare(string a, WrittenTexts first, string b, WrittenTexts second, PairedOptions options) =>
        Differences([first], [second], options).Select(difference => difference.ToEvent(a, b, $"Generated texts: {VerdictSentence.Models(difference, a, b)}"));

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

    // Open texts are never their reference word for word: that says nothing of either model.
    private static IEnumerable<PairedDifference> Differences(IReadOnlyList<WrittenTexts> first, IReadOnlyList<WrittenTexts> second, PairedOptions options) => WrittenTexts.Compared
        .Select(metric => PairedDifference.Of([.. first.Select(texts => texts.Scores(metric))], [.. second.Select(texts => texts.Scores(metric))], options) with { Metric = metric })
        .Where(difference => difference.Metric == WrittenTexts.RougeLMetric || difference.MeanA + difference.MeanB > 0);

    private static int AtModelLimit(WrittenTexts texts) => texts.Texts.Count(t => t.End == GenerationEnd.MaxTokens);
}
