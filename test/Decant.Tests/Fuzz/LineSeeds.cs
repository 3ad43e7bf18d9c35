using System.Text;
using Decant.Models.Configuration;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Tests.Fuzz;

/// <summary>Lines that a model is asked about, texts that it continues, and the documentation of .NET.</summary>
internal static class LineSeeds
{
    private const string Objects = "{\"text\":\"good\",\"id\":7}\n{\"text\":\"a\",\"pair\":\"b\"}\n{\"words\":[\"a\",\"b\"],\"text\":\"a b\"}\n";
    private const string Docs = """
        <?xml version="1.0"?><doc><assembly><name>A</name></assembly><members><member name="M:A.B"><summary>Converts the <paramref name="value"/> of <see cref="T:System.String"/> to
        <c>x &lt; y</c> and more than that.</summary></member></members></doc>
        """;

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var (task, text) in new[] { (ModelTask.Classification, Objects), (ModelTask.TokenClassification, Objects), (ModelTask.CausalLanguageModel, Objects) })
        {
            yield return new("lines: JSON", "lines", Encoding.UTF8.GetBytes(text), JsonDamage.OfLines, folder => Read(folder, new PredictReader(task, areJson: true))) { BytesPerByte = 1024 };
            yield return new("lines: text", "lines", "good\tbad\né 世\n\nx"u8.ToArray(), TextDamage.Of, folder => Read(folder, new PredictReader(task, areJson: false))) { BytesPerByte = 1024 };
        }

        yield return new("lines: a text to continue", "prompt", "Once upon\na time\n"u8.ToArray(), TextDamage.Of, folder => PromptText.OfFile(Path.Combine(folder, "prompt")));
        yield return new("data: dotnet-docs", "packs/A.Ref/1.0.0/ref/net/A.xml", Encoding.UTF8.GetBytes(Docs), TextDamage.Of, folder => DataSeeds.ReadAll(new Decant.Data.Sources.DotnetDocsOptions { Root = folder, MinLength = 1, Classes = 1 })) { BytesPerByte = 1024 };
    }

    private static void Read(string folder, PredictReader reader)
    {
        foreach (var line in PredictLine.OfFile(Path.Combine(folder, "lines")))
            _ = reader.Read(line);
    }
}
