using System.Text.Json;
using Decant.Evaluation;
using Decant.Evaluation.Texts;
using Decant.Evaluation.Verdicts;
using Decant.Models.Generation;

namespace Decant.Tests.Evaluation.Texts;

/// <summary>Figures of written texts; the numbers of many texts are those of Golden/written_texts.py.</summary>
public sealed class TextMetricTests
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "written_texts.json"))).RootElement;

    [Theory]
    [InlineData("Don't stop: 3,5 km!", "don t stop 3 5 km")]
    [InlineData("我们去iPhone店。", "我 们 去 iphone 店")]
    [InlineData("カタ・カナ ひと々", "カ タ カ ナ ひ と 々")]
    [InlineData("\U00020000\U00020001 x", "\U00020000 \U00020001 x")] // ideographs beyond the first plane
    [InlineData("U\u0308ber 😀", "über")]
    [InlineData("नमस्ते दुनिया", "नमस्ते दुनिया")] // marks belong to their letters
    [InlineData("한국어 문장", "한국어 문장")] // Korean puts spaces between words
    [InlineData(" \t…—", "")]
    [InlineData("half \ud800 pair", "half pair")]
    public void A_word_is_a_run_of_letters_and_digits_or_an_ideograph(string text, string words) => Assert.Equal(words, string.Join(' ', TextWords.Of(text)));

    [Theory]
    [InlineData("police kill the gunman", "police killed the gunman", 3, 0.75)] // Lin 2004, section 3.1: S2 and S1, with β = 1
    [InlineData("the gunman kill police", "police killed the gunman", 2, 0.5)] // S3
    [InlineData("the gunman police killed", "police killed the gunman", 2, 0.5)] // S4
    [InlineData("a b c d e f", "a x c", 2, 2 * (2.0 / 6) * (2.0 / 3) / ((2.0 / 6) + (2.0 / 3)))]
    [InlineData("我去公园", "我们去公园玩", 4, 0.8)]
    [InlineData("", "a", 0, 0)]
    [InlineData("a", "", 0, 0)]
    [InlineData("...", "...", 0, 0)] // no words in common, for there are none
    public void Rouge_L_is_the_longest_common_subsequence_over_both_lengths(string text, string reference, int common, double expected)
    {
        Assert.Equal(common, RougeL.LongestCommonSubsequence(TextWords.Of(text), TextWords.Of(reference)));
        Assert.Equal(expected, RougeL.Of(text, reference), 12);
        Assert.Equal(expected, RougeL.Of(reference, text), 12);
    }

    [Theory]
    [InlineData(" 42\n", "42", 1)]
    [InlineData("a  b\r\nc", "a b c", 1)]
    [InlineData("e\u0301", "\u00e9", 1)]
    [InlineData("Yes", "yes", 0)]
    [InlineData("yes.", "yes", 0)]
    [InlineData("", "  ", 1)]
    public void Exact_match_looks_past_white_space_alone(string text, string reference, double expected) => Assert.Equal(expected, ExactText.Of(text, reference));

    [Fact]
    public void Distinct_counts_over_all_texts_and_never_across_two()
    {
        string[][] texts = [["a", "b", "a", "b"], ["b", "a"], []];
        Assert.Equal(2.0 / 6, NGrams.Distinct(texts, 1));
        Assert.Equal(2.0 / 6, NGrams.Distinct(texts, 2)); // "a b" and "b a"; words, not bigrams, are counted below
        Assert.Null(NGrams.Distinct([[], []], 1));
    }

    [Fact]
    public void Repeated_grams_are_those_that_stood_in_the_text_before()
    {
        Assert.Equal(3.0 / 5, NGrams.Repeated(["x", "y", "x", "y", "x", "y"], 2)!.Value, 12); // xy yx xy yx xy
        Assert.Equal(0, NGrams.Repeated(["a", "b", "c", "d"], 4));
        Assert.Null(NGrams.Repeated(["a", "b", "c"], 4));
    }

    [Fact]
    public void Many_texts_have_the_figures_of_another_program()
    {
        var cases = s_golden.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal(240, cases.Length);
        Assert.All(cases, c =>
        {
            var (text, reference) = (c.GetProperty("text").GetString()!, c.GetProperty("reference").GetString()!);
            Assert.Equal(c.GetProperty("words").EnumerateArray().Select(w => w.GetString()!), TextWords.Of(text));
            Assert.Equal(c.GetProperty("rouge-l").GetDouble(), RougeL.Of(text, reference), 12);
            Assert.Equal(c.GetProperty("exact").GetInt32(), ExactText.Of(text, reference));
            Assert.Equal(NumberOf(c, "repeated"), Rounded(NGrams.Repeated(TextWords.Of(text), 4)));
        });
        var groups = s_golden.GetProperty("groups").EnumerateArray().ToArray();
        Assert.Equal(12, groups.Length);
        Assert.All(groups, g =>
        {
            var texts = g.GetProperty("texts").EnumerateArray().Select(t => TextWords.Of(t.GetString()!)).ToArray();
            Assert.Equal(NumberOf(g, "distinct-1"), Rounded(NGrams.Distinct(texts, 1)));
            Assert.Equal(NumberOf(g, "distinct-2"), Rounded(NGrams.Distinct(texts, 2)));
        });
    }

    [Fact]
    public void The_figures_of_a_model_are_means_over_its_texts()
    {
        var texts = new WrittenTexts(
        [
            new("p", "a b", " a b", 2, GenerationEnd.StopToken),
            new("q", "c d", "a b a b a b", 6, GenerationEnd.MaxNewTokens),
            new("r", "e", "", 0, GenerationEnd.StopToken),
            new("s", "f", "g", 1, GenerationEnd.MaxTokens), // the model's own limit is no end by itself
        ]);
        Assert.Equal(1, texts.Empty);
        Assert.Equal([1, 0, 0, 0], texts.Scores(WrittenTexts.RougeLMetric));
        var metrics = texts.Metrics();
        (string Name, double Value)[] expected = [("rouge-l", 0.25), ("text-exact-match", 0.25), ("distinct-1", 3.0 / 9), ("distinct-2", 2.0 / 9), ("repeated-4-grams", 1.0 / 3), ("ended", 0.5), ("generated-tokens", 9.0 / 4)];
        Assert.Equal(expected.Select(e => e.Name), metrics.Keys);
        Assert.All(expected, e => Assert.Equal(e.Value, metrics[e.Name], 12));
    }

    [Fact]
    public void A_model_that_wrote_nothing_has_no_share_of_words()
    {
        var texts = new WrittenTexts([new("p", "a", " ", 1, GenerationEnd.StopToken)]);
        Assert.Equal(["ended", "generated-tokens", "rouge-l", "text-exact-match"], texts.Metrics().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, texts.Empty);
    }

    [Theory]
    [InlineData(0, 0, 10, 0, 0, 0.2775)]
    [InlineData(10, 0, 0, 1, 0.7225, 1)]
    [InlineData(5, 0, 5, 0.5, 0.2366, 0.7634)] // Wilson of 5 in 10, as tables have it
    [InlineData(0, 10, 0, 0.5, 0.2366, 0.7634)] // all ties
    [InlineData(60, 20, 20, 0.7, 0.6042, 0.7811)]
    public void A_win_rate_has_the_interval_of_Wilson(int wins, int ties, int losses, double rate, double low, double high)
    {
        var (given, interval) = (new WinRate(wins, ties, losses), new WinRate(wins, ties, losses).Interval(0.95));
        Assert.Equal(rate, given.Rate, 12);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Theory]
    [InlineData(60, 20, 20, "the judge prefers x to y: x with 60 wins, 20 ties, 20 losses, win rate 70.0 % (95 % interval 60.4 to 78.1)")]
    [InlineData(0, 0, 10, "the judge prefers y to x: x with 0 wins, 0 ties, 10 losses, win rate 0.0 % (95 % interval 0.0 to 27.8)")]
    [InlineData(1, 8, 1, "the judge does not measurably prefer x or y: x with 1 win, 8 ties, 1 loss, win rate 50.0 % (95 % interval 23.7 to 76.3)")]
    [InlineData(0, 0, 0, "the judge said of no prompt whether x or y is better")]
    public void A_win_rate_is_said_in_a_sentence(int wins, int ties, int losses, string sentence) =>
        Assert.Equal("Generated texts: " + sentence, WinSentence.Of("x", "y", new WinRate(wins, ties, losses), 0.95));

    [Fact]
    public void A_difference_of_texts_is_said_in_a_sentence()
    {
        PairedDifference Of(params double[][] a) => PairedDifference.Of(a, [.. a.Select(_ => new[] { 0, 0.5, 0.25, 0.25 })]) with { Metric = WrittenTexts.RougeLMetric };
        var one = VerdictSentence.Texts(Of([1, 1, 1, 1]), "student", "control");
        Assert.StartsWith("Generated texts: student is better than control: student 100.0 % ROUGE-L, control 25.0 %, difference +75.0 points (95 % interval ", one, StringComparison.Ordinal);
        Assert.EndsWith("test samples alone); one seed only: training again may change this by more than the interval", one, StringComparison.Ordinal);
        Assert.EndsWith(", 2 seeds)", VerdictSentence.Texts(Of([1, 1, 1, 1], [1, 1, 1, 1]), "student", "control"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_prompt_a_win_rate_says_nothing() => Assert.Equal((0, 1), new WinRate(0, 0, 0).Interval(0.95));

    private static double? NumberOf(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? Rounded(number.GetDouble()) : null;

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 12) : null;
}
