using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Runs.Jobs.Tokenizing;
using Spectre.Console;

namespace Decant.Cli.Rendering;

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
            foreach (var token in line.Tokens) grid.AddRow([.. Cells(token).Select(c => new StyledText(c))]);
            if (line.Tokens.Count > 0) console.Write(grid);
            console.Write(new StyledText(string.Create(CultureInfo.InvariantCulture, $"{line.Tokens.Count:N0} {(line.Tokens.Count == 1 ? "token" : "tokens")}\n")));
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
        Array("ids", token => json.WriteNumberValue(token.Id));
        Array("tokens", token => json.WriteStringValue(token.Token));
        Array("offsets", token =>
        {
            json.WriteStartArray();
            json.WriteNumberValue(token.Start);
            json.WriteNumberValue(token.End);
            json.WriteEndArray();
        });
        Array("type_ids", token => json.WriteNumberValue(token.Type));
        json.WriteEndObject();

        void Array(string name, Action<TokenOfText> write)
        {
            json.WriteStartArray(name);
            foreach (var token in line.Tokens) write(token);
            json.WriteEndArray();
        }
    }

    private static string[] Cells(TokenOfText token)
    {
        var place = token.IsSpecial ? "" : string.Create(CultureInfo.InvariantCulture, $"{token.Start}–{token.End}");
        return [token.Id.ToString(CultureInfo.InvariantCulture), Visible(token.Token), place, Visible(token.Source)];
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
