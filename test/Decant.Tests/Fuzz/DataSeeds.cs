using System.Text;
using Decant.Data.Documents;
using Decant.Data.Sources;
using Decant.Runs.Recipes.Templates;

namespace Decant.Tests.Fuzz;

/// <summary>Texts in rows, columns and documents, in several encodings: all samples are read; and what 'decant new' makes of such a file.</summary>
internal static class DataSeeds
{
    private const string Table = "label,text,other\npos,\"good, \"\"very\"\" good\",1\nneg,bad — schlecht,2\npos,好的电影,3\nneg,\"two\nlines\",4\n";
    private const string Objects = "{\"text\":\"good\",\"label\":\"pos\",\"n\":1.5}\n{\"text\":\"b\\u00e4d \\ud83d\\ude00\",\"label\":0,\"n\":-2}\n{\"text\":\"x\",\"label\":null,\"n\":3,\"pair\":\"y\"}\n";
    private const string Prompts = "{\"prompt\":\"2+2=\",\"completion\":\"4\"}\n{\"prompt\":\"a\",\"completion\":\"b\"}\n";
    private const string Lines = "DESC:manner How did serfdom develop ?\nENTY:cremat What films featured it ?\nHUM Who ?\n";
    private const string Columns = "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\nBlackburn NNP I-NP I-PER\n";
    private const string Documents = " = One = \n\nfirst text\nof two lines\n\n = Two = \n\nsecond <sep> text é 世\n";

    private static string[] Encodings => ["utf-8", "utf-16", "utf-32", "latin1", "gb18030", "windows-1252", "shift_jis"];

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var encoding in Encodings)
        {
            var table = encoding is "latin1" or "windows-1252" or "shift_jis" ? Table.Replace("—", "-", StringComparison.Ordinal).Replace("好的电影", "film", StringComparison.Ordinal) : Table;
            yield return Of("data: csv", table, encoding, TextDamage.Of, file => new CsvOptions { File = file, Encoding = encoding });
            yield return Of("data: tsv", table.Replace(',', '\t'), encoding, TextDamage.Of, file => new TsvOptions { File = file, Encoding = encoding, Quotes = true });
        }

        yield return Of("data: csv", Table, "utf-8", TextDamage.Of, file => new CsvOptions { File = file, MaxInMemoryBytes = 0 });
        yield return Of("data: csv", Table, "utf-8", TextDamage.Of, file => new CsvOptions { File = file, Target = ["other"] });
        yield return Of("data: jsonl", Objects, "utf-8", JsonDamage.OfLines, file => new JsonlOptions { File = file });
        yield return Of("data: jsonl", Objects, "utf-8", JsonDamage.OfLines, file => new JsonlOptions { File = file, Target = ["n"], MaxInMemoryBytes = 0 });
        yield return Of("data: jsonl", Objects, "utf-16", TextDamage.Of, file => new JsonlOptions { File = file, Encoding = "utf-16" });
        yield return Of("data: jsonl", Prompts, "utf-8", JsonDamage.OfLines, file => new JsonlOptions { File = file, Completion = "completion" });
        yield return Of("data: json array", $"[{Objects.TrimEnd('\n').Replace("\n", ",\n", StringComparison.Ordinal)}]", "utf-8", JsonDamage.Of, file => new JsonlOptions { File = file });
        yield return Of("data: labelled lines", Lines, "utf-8", TextDamage.Of, file => new LabelledLinesOptions { File = file });
        foreach (var encoding in new[] { "utf-8", "utf-16", "latin1" })
            yield return Of("data: conll", Columns, encoding, TextDamage.Of, file => new ConllOptions { File = file, Encoding = encoding });
        foreach (var cut in Enum.GetValues<DocumentCut>())
        {
            yield return Of("data: text", Documents, "utf-8", TextDamage.Of, file => new TextSourceOptions
            {
                Files = [file],
                Documents = cut,
                Separator = cut == DocumentCut.Separator ? "<sep>" : null,
                Heading = cut == DocumentCut.Heading ? "^ = [^=]" : null,
            });
        }

        foreach (var (name, text, damage) in new (string, string, Damage)[] { ("a.csv", Table, TextDamage.Of), ("a.tsv", Table.Replace(',', '\t'), TextDamage.Of), ("a.jsonl", Objects, JsonDamage.OfLines), ("a.json", $"[{Objects.TrimEnd('\n').Replace("\n", ",\n", StringComparison.Ordinal)}]", JsonDamage.Of), ("a.txt", Lines, TextDamage.Of) })
        {
            yield return new("data: a new recipe's", name, Encoding.UTF8.GetBytes(text), damage, folder => RecipeTemplates.Write(new TemplateRequest { Task = "text-classification", Data = Path.Combine(folder, name) }))
            {
                BytesPerByte = 4096,
                BytesPerFile = 16 << 20,
            };
        }
    }

    private static FuzzSeed Of(string format, string text, string encoding, Damage damage, Func<string, SourceOptions> options)
    {
        var chosen = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        return new(format, "data", [.. encoding is "utf-16" or "utf-32" ? chosen.GetPreamble() : [], .. chosen.GetBytes(text)], damage, folder => ReadAll(options(Path.Combine(folder, "data"))))
        {
            BytesPerByte = 1024,
        };
    }

    /// <summary>All samples with their labels.</summary>
    public static void ReadAll(SourceOptions options)
    {
        using var data = options.Open();
        for (var i = 0; i < data.Count; i++)
        {
            _ = data[i].Content;
            _ = data.LabelOf(i);
        }
    }
}
