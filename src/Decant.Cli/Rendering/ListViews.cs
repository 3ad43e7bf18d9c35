using System.Text;
using System.Text.Json;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Two columns without lines: a name, and a text that wraps beside it.</summary>
internal static class TwoColumns
{
    public static void Write(IAnsiConsole console, IEnumerable<(string Name, string Text)> rows)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var (name, text) in rows) grid.AddRow(new StyledText(name, new Style(decoration: Decoration.Bold)), new StyledText(text));
        console.Write(grid);
    }
}

/// <summary>The recipes that come along.</summary>
internal static class RecipesView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<RecipeListing> recipes)
    {
        TwoColumns.Write(console, recipes.Select(r => (r.Name, r.About)));
        console.Write(new StyledText($"\nRun one with: decant distill {recipes[0].Name}\n"));
    }
}

/// <summary>What a recipe would do.</summary>
internal static class PlanView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<PlanLine> plan) => TwoColumns.Write(console, plan.Select(l => (l.Title, l.Text)));
}

/// <summary>What the doctor found.</summary>
internal static class DoctorView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<DoctorFact> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var fact in facts)
        {
            grid.AddRow(Sign(fact), new StyledText(fact.Title), new StyledText(Found(fact)));
            if (fact.Remedy is { } remedy) grid.AddRow(new StyledText(""), new StyledText(""), new StyledText($"→ {remedy}", new Style(Color.Yellow)));
        }

        console.Write(grid);
    }

    public static void WriteJson(TextWriter output, IReadOnlyList<DoctorFact> facts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ComparisonJson.Options))
        {
            json.WriteStartArray();
            foreach (var fact in facts)
            {
                json.WriteStartObject();
                json.WriteString("title", fact.Title);
                json.WriteString("text", Found(fact));
                json.WriteString("state", State(fact));
                if (fact.Remedy is { } remedy) json.WriteString("mend", remedy);
                if (fact.Figures is { } rates) WriteRates(json, rates);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void WriteRates(Utf8JsonWriter json, IReadOnlyDictionary<string, double> rates)
    {
        json.WriteStartObject("gflops");
        foreach (var (name, rate) in rates) json.WriteNumber(name, Math.Round(rate, 1));
        json.WriteEndObject();
    }

    private static string Found(DoctorFact fact) => fact.Problem is null ? fact.Value : $"{fact.Value}: {fact.Problem}";

    private static string State(DoctorFact fact) => fact.Problem is null ? "good" : fact.Fatal ? "broken" : "slow";

    private static StyledText Sign(DoctorFact fact) => State(fact) switch
    {
        "good" => new StyledText("ok", new Style(Color.Green)),
        "slow" => new StyledText("slow", new Style(Color.Yellow)),
        var broken => new StyledText(broken, new Style(Color.Red, decoration: Decoration.Bold)),
    };
}
