using System.Text.Json.Nodes;
using Decant.Text.Chat;

namespace Decant.Tests.Text.Chat;

/// <summary>Published chat templates, which are not ours to hand on: those that somebody has had rendered by Jinja2.</summary>
public sealed class PublishedTemplateTests
{
    [Fact]
    public void Every_text_is_that_of_Jinja2_or_both_refuse()
    {
        var file = Environment.GetEnvironmentVariable("DECANT_TEMPLATES");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "DECANT_TEMPLATES is not set: name the file that test/consumers/chat/published.py makes of a folder of templates.");
        var (equal, refused, faults) = (0, 0, new List<string>());
        foreach (var entry in JsonNode.Parse(File.ReadAllText(file))!.AsArray().Select(e => e!.AsObject()))
        {
            string[] made = [.. Texts(entry["template"]!.GetValue<string>()).Select(t => t ?? "\0")];
            string[] expected = [.. entry["texts"]!.AsArray().Select(t => t?.GetValue<string>() ?? "\0")];
            Assert.Equal(expected.Length, made.Length);
            for (var i = 0; i < made.Length; i++)
            {
                if (made[i] != expected[i])
                    faults.Add($"{entry["name"]}, {i}: expected {expected[i]}, came {made[i]}");
                else
                    (equal, refused) = made[i] == "\0" ? (equal, refused + 1) : (equal + 1, refused);
            }
        }

        Assert.True(faults.Count == 0, $"{equal} equal, {refused} refused by both, {faults.Count} different:\n{string.Join('\n', faults.Take(5))}");
        Assert.True(equal > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal} equal, {refused} refused by both");
    }

    private static IEnumerable<string?> Texts(string source)
    {
        foreach (var conversation in ChatGolden.Conversations)
            foreach (var prompt in new[] { false, true })
                foreach (var tools in new[] { null, ChatGolden.Tools })
                    yield return Text(source, conversation, tools, prompt);
    }

    private static string? Text(string source, ChatTurn[] conversation, JsonArray? tools, bool prompt)
    {
        try
        {
            return ChatTemplate.Parse(source, ChatGolden.Tokens, new Start()).Render(conversation, tools, prompt);
        }
        catch (DecantException)
        {
            return null;
        }
    }

    private sealed class Start : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
