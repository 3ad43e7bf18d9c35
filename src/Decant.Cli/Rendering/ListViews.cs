using System.Text;
using System.Text.Json;
using Decant.Cli.Hosting;
using Decant.Cli.Seam;
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
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var finding in findings)
        {
            grid.AddRow(Sign(finding.State), new StyledText(finding.Title), new StyledText(finding.Text));
            if (finding.Remedy is { } remedy) grid.AddRow(new StyledText(""), new StyledText(""), new StyledText($"→ {remedy}", new Style(Color.Yellow)));
        }

        console.Write(grid);
    }

    public static void WriteJson(TextWriter output, IReadOnlyList<Finding> findings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ComparisonJson.Options))
        {
            json.WriteStartArray();
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("title", finding.Title);
                json.WriteString("text", finding.Text);
                json.WriteString("state", StateName(finding.State));
                if (finding.Remedy is { } remedy) json.WriteString("mend", remedy);
                if (finding.Gflops is { } rates) WriteRates(json, rates);
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

    private static StyledText Sign(FindingState state) => state switch
    {
        FindingState.Good => new StyledText("ok", new Style(Color.Green)),
        FindingState.Slow => new StyledText("slow", new Style(Color.Yellow)),
        _ => new StyledText("broken", new Style(Color.Red, decoration: Decoration.Bold)),
    };

    private static string StateName(FindingState state) => state switch { FindingState.Good => "good", FindingState.Slow => "slow", _ => "broken" };
}
