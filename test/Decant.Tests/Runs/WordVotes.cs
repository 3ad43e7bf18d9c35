using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs;

/// <summary>A chat model that classifies the texts of <see cref="Workplace.Text"/> by counting the words of its two languages.</summary>
internal static class WordVotes
{
    private static readonly string[] s_weather = ["kala", "mita", "soro", "nepa"];
    private static readonly string[] s_kitchen = ["bundo", "grak", "wolt", "fimp"];

    /// <summary>The recipe of <see cref="Workplace.Text"/> with the chat model at an address as its teacher.</summary>
    public static string Recipe(Uri address) => Workplace.Text[..Workplace.Text.IndexOf("teacher:", StringComparison.Ordinal)] + string.Create(CultureInfo.InvariantCulture, $$"""
        teacher:
          chat:
            endpoint: {{address}}
            model: {{FakeTeacher.Model}}
            key: DECANT_TEST_NO_KEY
            terms: those of the test
            answers: answers
            budget: { input-price: 2, output-price: 8 }

        """) + Workplace.Text[Workplace.Text.IndexOf("student:", StringComparison.Ordinal)..].Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal).Replace("epochs: 2", "epochs: 8", StringComparison.Ordinal);

    /// <summary>Which of the two languages has more words in the text; the probability by how many more.</summary>
    public static FakeReply Said(JsonNode request)
    {
        var (name, p) = Named(FakeTeacherWire.Last(request));
        return new FakeReply(name, [(name, [("天气", p), ("cooking", 1 - p)])]);
    }

    /// <summary>The class of a text, and the probability of the first.</summary>
    public static (string Name, double P) Named(string text)
    {
        var (weather, kitchen) = (s_weather.Count(w => text.Contains(w, StringComparison.Ordinal)), s_kitchen.Count(w => text.Contains(w, StringComparison.Ordinal)));
        var p = 1 / (1 + Math.Exp(kitchen - weather));
        return (p >= 0.5 ? "天气" : "cooking", p);
    }
}
