using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Jobs;
using Spectre.Console;

namespace Decant.Cli;

/// <summary>Texts with their tokens.</summary>
internal static class TokenizeView
{
    public static void Write(IAnsiConsole console, IEnumerable<TokenizedLine> lines)
    {
        var isFirst = true;
        foreach (var line in lines)
        {
            if (!isFirst) console.Write(new StyledText("\n"));
            isFirst = false;
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(3));
            for (var column = 0; column < 3; column++) grid.AddColumn(new GridColumn().NoWrap().PadRight(3));
            for (var i = 0; i < line.Tokens.Ids.Length; i++) grid.AddRow([.. Cells(line, i).Select(c => new StyledText(c))]);
            if (line.Tokens.Ids.Length > 0) console.Write(grid);
            console.Write(new StyledText(string.Create(CultureInfo.InvariantCulture, $"{line.Tokens.Ids.Length:N0} {(line.Tokens.Ids.Length == 1 ? "token" : "tokens")}\n")));
        }
    }

    /// <summary>An object on every line.</summary>
    public static void WriteJson(TextWriter output, IEnumerable<TokenizedLine> lines)
    {
        foreach (var line in lines)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = ComparisonJson.Options.Encoder }))
                Write(json, line);
            output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
        }
    }

    private static void Write(Utf8JsonWriter json, TokenizedLine line)
    {
        json.WriteStartObject();
        json.WriteString("text", line.Text);
        if (line.Pair is { } pair) json.WriteString("pair", pair);
        Array("ids", line.Tokens.Ids, json.WriteNumberValue);
        Array("tokens", line.Tokens.Tokens, json.WriteStringValue);
        Array("offsets", line.Tokens.Offsets, place =>
        {
            json.WriteStartArray();
            json.WriteNumberValue(place.Start);
            json.WriteNumberValue(place.End);
            json.WriteEndArray();
        });
        Array("type_ids", line.Tokens.TypeIds, type => json.WriteNumberValue(type));
        json.WriteEndObject();

        void Array<T>(string name, T[] values, Action<T> write)
        {
            json.WriteStartArray(name);
            foreach (var value in values) write(value);
            json.WriteEndArray();
        }
    }

    private static string[] Cells(TokenizedLine line, int i)
    {
        var (start, end) = line.Tokens.Offsets[i];
        var place = line.Tokens.IsSpecial[i] ? "" : string.Create(CultureInfo.InvariantCulture, $"{start}–{end}");
        return [line.Tokens.Ids[i].ToString(CultureInfo.InvariantCulture), Visible(line.Tokens.Tokens[i]), place, line.Tokens.IsSpecial[i] ? "" : Visible(line.Source(i))];
    }

    /// <summary>Control characters, which a terminal would obey, as JSON writes them.</summary>
    private static string Visible(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text)
            shown.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ when char.IsControl(c) => $"\\u{(int)c:x4}", _ => c.ToString() });
        return shown.ToString();
    }
}
