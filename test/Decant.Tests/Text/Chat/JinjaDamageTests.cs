using System.Diagnostics;
using Decant.Tests.Fuzz;
using Decant.Text.Chat;

namespace Decant.Tests.Text.Chat;

/// <summary>Damaged templates: each makes a text, or ends with an error of ours, soon. <c>DECANT_FUZZ=100000</c> for more of them.</summary>
public sealed class JinjaDamageTests
{
    private static readonly string[] s_pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "'", "\"", "\\", "(", ")", "[", "]", "{", "}", "|", ".", ":", ",", "~", "*", "**", "/", "//", "%", "-", "+", "==", " in ", " is ", " not ", " and ", " if ", " else ",
        "{% for i in range(99999) %}", "{% endfor %}", "{% if x %}", "{% else %}", "{% endif %}", "{% set messages = messages * 99 %}", "{% macro m(a) %}", "{% endmacro %}", "{{ m(m) }}", "{% set x %}", "{% endset %}",
        "|tojson", "|length", "|list", "|join", "|sort", "|map('upper')", "|selectattr('role')", "|replace('', 'x')", "|indent(9999)", "|batch(2)", ".split('')", ".items()", "[::-1]", "[0]", "[-9]", "*99999", "loop.previtem", "namespace()",
        "none", "true", "9223372036854775807", "1e308", "0", "messages", "tools", "missing", "raise_exception", "strftime_now", "\u0000", "😀", "\ud83d", "{% raw %}", "{% generation %}", "{% break %}",
    ];

    [Fact]
    public void Damage_ends_with_an_error_of_ours_within_seconds()
    {
        var (count, random) = (int.TryParse(Environment.GetEnvironmentVariable("DECANT_FUZZ"), out var wanted) ? wanted : 500, new Random(20261201));
        var sources = ChatGolden.Names.Select(ChatGolden.Source).ToArray();
        var (rendered, refused, watch) = (0, 0, new Stopwatch());
        for (var i = 0; i < count; i++)
        {
            var source = Damaged(sources[random.Next(sources.Length)], sources[random.Next(sources.Length)], random);
            var conversation = ChatGolden.Conversations[random.Next(ChatGolden.Conversations.Count)];
            watch.Restart();
            try
            {
                ChatTemplate.Parse(source, ChatGolden.Tokens).Render(conversation, ChatGolden.Tools, addGenerationPrompt: true);
                rendered++;
            }
            catch (DecantException)
            {
                refused++;
            }
            catch (Exception other)
            {
                throw new InvalidOperationException($"Case {i}: {other.GetType().Name} {other.Message}\n{source}", other);
            }

            // A second on a machine of its own; what else runs on this one takes its share.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Case {i} took {watch.Elapsed}:\n{source}");
        }

        Assert.True(rendered > count / 20 && refused > count / 20, $"{rendered} rendered, {refused} refused: the damage is too weak or too strong");
    }

    private static string Damaged(string source, string other, Random random)
    {
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(source.Length + 1);
            var length = Math.Min(random.Next(1, 20), source.Length - at);
            source = random.Next(5) switch
            {
                0 => source.Remove(at, length),
                1 => source.Insert(at, source.Substring(at, length)),
                2 => source.Insert(at, other.Substring(random.Next(other.Length - 40), 40)),
                3 => source.Remove(at, length).Insert(at, s_pieces[random.Next(s_pieces.Length)]),
                _ => source.Insert(at, s_pieces[random.Next(s_pieces.Length)]),
            };
        }

        return source;
    }
}
