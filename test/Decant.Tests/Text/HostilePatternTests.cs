using System.Diagnostics;
using System.Text.Json;
using Decant.Text.Files;
using Decant.Text.Normalization;
using Decant.Text.Patterns;

namespace Decant.Tests.Text;

/// <summary>A tokenizer.json that would take all of the stack, the memory or the time.</summary>
public class HostilePatternTests
{
    private const int Many = 50_000;

    [Theory]
    [InlineData("[", "more than 100 character classes lie in one another")]
    [InlineData("[^", "more than 100 character classes lie in one another")]
    [InlineData("[a&&[^b", "more than 100 character classes lie in one another")]
    [InlineData("(", "more than 100 groups lie in one another")]
    [InlineData("(?i:", "more than 100 groups lie in one another")]
    [InlineData("(?=", "more than 100 groups lie in one another")]
    public void Expressions_that_lie_in_one_another_without_end_are_refused(string opening, string expected)
    {
        var deep = string.Concat(Enumerable.Repeat(opening, Math.Min(Many, 200_000 / opening.Length)));
        Assert.Contains(expected, Refusal(deep));
        Assert.True(Refusal(deep).Length < 1000, "the message has the whole expression");
    }

    [Fact]
    public void Expressions_that_are_longer_than_any_in_use_are_refused()
    {
        Assert.Contains("at most 262144 are read", Refusal(new string('a', 1 << 20)));
        Assert.Contains("in .NET's syntax it has more than 262144 characters", Refusal(string.Concat(Enumerable.Repeat(@"\w", 100_000))));
        Assert.Equal([(0, 1)], TextPattern.Regex(new string('[', 90) + "a" + new string(']', 90), "test").Matches("a"));
    }

    [Theory]
    [InlineData("(a+)+b", 0)]
    [InlineData("(a|aa)+$", 0)]
    [InlineData("(a|a)*c", 1)]
    public void An_expression_that_backtracks_without_end_is_matched_by_the_engine_that_does_not_backtrack(string expression, int matches)
    {
        var watch = Stopwatch.StartNew();
        var pattern = TextPattern.Regex(expression, "test");
        var text = new string('a', 60) + (matches == 0 ? "c!" : "b!" + "aac");
        for (var i = 0; i < 20; i++) Assert.Equal(matches, pattern.Matches(text).Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Where_it_must_backtrack_it_is_given_up_after_a_second()
    {
        var watch = Stopwatch.StartNew();
        var pattern = TextPattern.Regex("(?:a|aa)+(?!a)$", "test");
        Assert.Contains("backtracks without end", Assert.Throws<DecantException>(() => pattern.Matches(new string('a', 60) + "c")).Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("normalizer", "normalizers")]
    [InlineData("decoder", "decoders")]
    public void Replacements_of_replacements_are_bounded(string kind, string list)
    {
        var steps = Enumerable.Range(0, 4).Select(_ => new { type = "Replace", pattern = new { String = "a" }, content = new string('a', 1000) });
        var made = JsonSerializer.Serialize(new Dictionary<string, object> { ["type"] = "Sequence", [list] = steps });
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerFile.Load(folder.Write("tokenizer.json", $$$"""{"added_tokens":[],"{{{kind}}}":{{{made}}},"model":{"type":"WordLevel","vocab":{"u":0,"a":1},"unk_token":"u"} }"""));
        var message = Assert.Throws<DecantException>(() =>
        {
            if (kind == "decoder") tokenizer.Decode(Enumerable.Repeat(1, 50).ToArray());
            else tokenizer.Encode(new string('a', 50));
        }).Message;
        Assert.Contains("grow without end", message);
    }

    [Fact]
    public void A_replacement_that_makes_a_text_a_hundred_times_as_long_is_served() =>
        Assert.Equal(new string('b', 5000), new ReplaceNormalizer(TextPattern.Literal("a"), new string('b', 100)).Normalize(new string('a', 50)));

    private static string Refusal(string expression) => Assert.Throws<DecantException>(() => TextPattern.Regex(expression, "test")).Message;
}
