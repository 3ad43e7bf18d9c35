using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Runs.Jobs.Inspecting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Decant.Cli.Rendering;

/// <summary>What a model is made of: a line for each path, what is above it dimmed, so that it can be read as a tree and copied as a path.</summary>
internal static class ModelView
{
    private static readonly Style s_dim = new(decoration: Decoration.Dim);
    private static readonly Style s_bold = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, ModelInspection found)
    {
        console.Write(new StyledText($"{found.Name}: {found.Summary}\n", s_bold));
        console.Write(new StyledText($"{Shape(found.Input)} → {Shape(found.Output)}, {Number(found.Parameters)} parameters, {Number(found.Flops)}FLOP a sample"
            + (found.Layers switch { 0 => "", 1 => ", 1 layer", var many => $", {many} layers" }) + "\n\n"));
        console.Write(Table(console, found));
        console.Write(new StyledText("layer: as layer maps count, 0 the embeddings. Paths are what 'student:' and 'teacher:' of an objective take.\n", s_dim));
    }

    public static void WriteJson(TextWriter output, ModelInspection found)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ComparisonJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("name", found.Name);
            json.WriteString("summary", found.Summary);
            WriteShape(json, "input", found.Input);
            WriteShape(json, "output", found.Output);
            json.WriteNumber("parameters", found.Parameters);
            json.WriteNumber("flops", found.Flops);
            json.WriteNumber("layers", found.Layers);
            json.WriteStartArray("modules");
            foreach (var module in found.Modules) WriteModule(json, module);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static Table Table(IAnsiConsole console, ModelInspection found)
    {
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        foreach (var title in new[] { "path", "kind", "answer", "params", "FLOP", "layer" })
        {
            var column = new TableColumn(new StyledText(title, s_bold)).NoWrap();
            table.AddColumn(title is "path" or "kind" or "answer" ? column : column.RightAligned());
        }

        foreach (var module in found.Modules)
        {
            var style = module.IsPart ? s_dim : Style.Plain;
            table.AddRow(
                Path(module),
                new StyledText(module.IsPart ? "" : module.WeightsOf is { } owner ? $"{module.Kind}, weights of {owner[(owner.LastIndexOf('.') + 1)..]}" : module.Kind, style),
                new StyledText(module.Shape is { } shape ? Shape(shape) : "", style),
                new StyledText(module.Parameters > 0 ? Number(module.Parameters) : "", style),
                new StyledText(module.Flops > 0 ? Number(module.Flops) : "", style),
                new StyledText(module.Layer?.ToString(CultureInfo.InvariantCulture) ?? "", new Style(Color.Green)));
        }

        return table;
    }

    private static IRenderable Path(InspectedModule module)
    {
        var cut = module.Path.LastIndexOf('.') + 1;
        return new Paragraph(module.Path[..cut], s_dim).Append(module.Path[cut..], module.IsPart ? new Style(Color.Aqua) : Style.Plain);
    }

    private static void WriteModule(Utf8JsonWriter json, InspectedModule module)
    {
        json.WriteStartObject();
        json.WriteString("path", module.Path);
        json.WriteString("kind", module.Kind);
        if (module.Shape is { } shape) WriteShape(json, "shape", shape);
        if (!module.IsPart) json.WriteNumber("parameters", module.Parameters);
        if (!module.IsPart) json.WriteNumber("flops", module.Flops);
        if (module.WeightsOf is { } owner) json.WriteString("weights_of", owner);
        if (module.Layer is { } layer) json.WriteNumber("layer", layer);
        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, string name, IReadOnlyList<long> shape)
    {
        json.WriteStartArray(name);
        foreach (var size in shape) json.WriteNumberValue(size);
        json.WriteEndArray();
    }

    private static string Shape(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";

    // 1,234 or 12.3 k, M, G, T.
    private static string Number(long value)
    {
        if (value < 10_000) return value.ToString("N0", CultureInfo.InvariantCulture) + " ";
        var (scaled, unit) = (value / 1000.0, 0);
        for (; scaled >= 999.95 && unit < 3; unit++) scaled /= 1000;
        return scaled.ToString("0.0", CultureInfo.InvariantCulture) + " " + "kMGT"[unit];
    }
}
