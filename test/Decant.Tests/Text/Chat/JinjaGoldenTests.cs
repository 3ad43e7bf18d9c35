using Decant.Text.Chat;
using Decant.Text.Chat.Jinja;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Tests.Text.Chat;

/// <summary>Texts that @huggingface/jinja and Python's Jinja2 made of the same templates (Golden/chat/rendered.mjs, rendered.py, expressions.py).</summary>
public sealed class JinjaGoldenTests
{
    public static TheoryData<string> Templates => [.. ChatGolden.Names];

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_makes_the_texts_that_the_reference_makes(string name)
    {
        var (template, expected) = (ChatGolden.Template(name), ChatGolden.Json("rendered.json")[name]!.AsArray());
        Assert.Equal(80, expected.Count);
        var index = 0;
        foreach (var messages in ChatGolden.Conversations)
            foreach (var prompt in new[] { false, true })
                foreach (var withTools in new[] { false, true })
                    Assert.Equal(expected[index++]?.GetValue<string>(), Rendered(() => template.Render(messages, withTools ? ChatGolden.Tools : null, prompt)));
    }

    [Fact]
    public void Every_expression_gives_what_Jinja_gives()
    {
        var golden = ChatGolden.Json("expressions.json");
        var values = golden["values"]!.AsObject().Select(v => KeyValuePair.Create(v.Key, JsonValues.Of(v.Value))).ToArray();
        var cases = golden["cases"]!.AsArray();
        Assert.True(cases.Count > 400);
        Assert.Multiple([.. cases.Select(one => (Action)(() =>
        {
            var source = one![0]!.GetValue<string>();
            var came = Rendered(() => new JinjaTemplate(source).Render(values, () => default).Text);
            Assert.True(one[1]?.GetValue<string>() == came, $"{source}\nexpected {one[1]?.ToJsonString() ?? "a refusal"}, came {came ?? "a refusal"}");
        }))]);
    }

    private static string? Rendered(Func<string> render)
    {
        try
        {
            return render();
        }
        catch (DecantException)
        {
            return null;
        }
    }
}
