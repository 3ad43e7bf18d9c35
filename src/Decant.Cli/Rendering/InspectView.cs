using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Runs.Jobs;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>What a checkpoint holds.</summary>
internal static class InspectView
{
    public static void Write(IAnsiConsole console, Inspection found)
    {
        if (found.Settings.Count > 0)
            Settings(console, found.Settings);
        var severalFiles = found.Tensors.Select(t => t.File).Distinct().Count() > 1;
        var grid = new Grid();
        for (var column = 0; column < (severalFiles ? 4 : 3); column++) grid.AddColumn(new GridColumn().NoWrap().PadRight(3));
        foreach (var tensor in found.Tensors)
        {
            string[] cells = [tensor.Name, tensor.DType, Shape(tensor), .. severalFiles ? new[] { tensor.File } : []];
            grid.AddRow([.. cells.Select(c => new StyledText(c))]);
        }

        console.Write(grid);
        console.Write(new StyledText(string.Create(CultureInfo.InvariantCulture,
            $"\n{found.Format}: {found.Tensors.Count:N0} tensors, {found.Elements:N0} numbers, {found.Bytes:N0} bytes\n")));
        foreach (var remark in found.Remarks) console.Write(new StyledText(remark + "\n"));
    }

    private static void Settings(IAnsiConsole console, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(3));
        grid.AddColumn(new GridColumn());
        foreach (var (key, value) in settings) grid.AddRow(new StyledText(key), new StyledText(value));
        console.Write(grid);
        console.Write(new StyledText("\n"));
    }

    public static void WriteJson(TextWriter output, Inspection found)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ComparisonJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", found.Format);
            json.WriteNumber("elements", found.Elements);
            json.WriteNumber("bytes", found.Bytes);
            if (found.Settings.Count > 0)
            {
                json.WriteStartObject("settings");
                foreach (var (key, value) in found.Settings) json.WriteString(key, value);
                json.WriteEndObject();
            }

            json.WriteStartArray("remarks");
            foreach (var remark in found.Remarks) json.WriteStringValue(remark);
            json.WriteEndArray();
            json.WriteStartArray("tensors");
            foreach (var tensor in found.Tensors) Tensor(json, tensor);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Tensor(Utf8JsonWriter json, InspectedTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("dtype", tensor.DType);
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteNumber("bytes", tensor.Bytes);
        json.WriteString("file", tensor.File);
        json.WriteEndObject();
    }

    private static string Shape(InspectedTensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}
