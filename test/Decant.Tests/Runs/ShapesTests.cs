using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Decant.Tests.Runs;

/// <summary>Files of many shapes through <c>decant new</c>: each is taken, with a word on what was taken for what, or refused as what it is.</summary>
public sealed class ShapesTests : IDisposable
{
    private const int Rows = 40;

    private static readonly string[] s_small =
    [
        "--set", "threads=1", "--set", "input.max-tokens=16", "--set", "input.tokenizer={ kind: wordpiece, vocabulary: 300 }",
        "--set", "teacher.model={ kind: encoder, layers: 1, hidden: 8, heads: 2 }", "--set", "student.model={ kind: textcnn, embedding: 4, filters: 4 }",
        "--set", "evaluate={ latency-runs: 0, bootstrap: 100 }",
    ];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    /// <summary>The file's name, what was taken, and what stands in the recipe.</summary>
    public static TheoryData<string, string, string> Taken => new()
    {
        { "plain.csv", "it is CSV, the first row names the columns", "{ kind: csv, file: plain.csv, text: text, label: label }" },
        { "bom.csv", "it is CSV, the first row names the columns", "{ kind: csv, file: bom.csv, text: text, label: label }" },
        { "crlf.csv", "it is CSV, the first row names the columns", "{ kind: csv, file: crlf.csv, text: text, label: label }" },
        { "utf16.csv", "label is 'label': 2 classes in the first 40 rows", "{ kind: csv, file: utf16.csv, text: text, label: label }" },
        { "utf16-no-mark.csv", "by its bytes in utf-16le", "{ kind: csv, file: utf16-no-mark.csv, encoding: utf-16le, text: text, label: label }" },
        { "utf16-big.csv", "by its bytes in utf-16be", "{ kind: csv, file: utf16-big.csv, encoding: utf-16be, text: text, label: label }" },
        { "gb18030.csv", "by its bytes in gb18030", "{ kind: csv, file: gb18030.csv, encoding: gb18030, text: 评论, label: 分类 }" },
        { "latin1.csv", "by its bytes in windows-1252", "{ kind: csv, file: latin1.csv, encoding: windows-1252, text: text, label: label }" },
        { "中文.csv", "text is '评论', label is '分类'", "{ kind: csv, file: 中文.csv, text: 评论, label: 分类 }" },
        { "array.json", "it is one JSON array of objects", "{ kind: jsonl, file: array.json, text: text, label: label }" },
        { "lines.jsonl", "it is JSON, an object on every line", "{ kind: jsonl, file: lines.jsonl, text: text, label: label }" },
        { "quotes.csv", "it is CSV, the first row names the columns", "{ kind: csv, file: quotes.csv, text: text, label: label }" },
        { "several.csv", "not read: id, title", "{ kind: csv, file: several.csv, text: body, label: label }" },
        { "numbers.csv", "the label's numbers are taken for names of classes, not for amounts", "{ kind: csv, file: numbers.csv, text: text, label: stars }" },
        { "header.tsv", "it is TSV, the first row names the columns", "{ kind: tsv, file: header.tsv, text: text, label: label }" },
        { "no-header.tsv", "no row names the columns, so they are numbers from 1", "{ kind: tsv, file: no-header.tsv, header: false, text: \"2\", label: \"1\" }" },
        { "semicolons.csv", "it is CSV with ';' between the fields", "{ kind: csv, file: semicolons.csv, delimiter: \";\", text: text, label: label }" },
        { "pairs.csv", "text is 'sentence1' with its pair 'sentence2'", "{ kind: csv, file: pairs.csv, text: sentence1, pair: sentence2, label: label }" },
        { "answers.csv", "text is 'question' with its pair 'answer'", "{ kind: csv, file: answers.csv, text: question, pair: answer, label: label }" },
        { "empty-labels.csv", "10 of the first 40 rows have no label: they become samples that the student learns from its teacher alone", "{ kind: csv, file: empty-labels.csv, text: text, label: label }" },
        { "empty-texts.csv", "some rows have no text: 'empty: drop' leaves them out", "{ kind: csv, file: empty-texts.csv, text: text, label: label, empty: drop }" },
        { "sorted.csv", "the first 1,999 rows have one class alone; others may come after them, as in a file that is sorted by class", "{ kind: csv, file: sorted.csv, text: text, label: label }" },
        { "labelled.txt", "it is lines of a label and a text", "{ kind: labelled-lines, file: labelled.txt }" },
        { "tabs.txt", "it is TSV, no row names the columns", "{ kind: tsv, file: tabs.txt, header: false, text: \"2\", label: \"1\" }" },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_was_taken_is_said_and_the_recipe_is_right(string file, string said, string source)
    {
        Write(file);
        var answer = _work.Decant("new", "text-classification", "--data", _work.At(file), "--out", _work.At("r.yaml"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains(said, answer.Out);
        Assert.Contains($"  train: {source}\n", File.ReadAllText(_work.At("r.yaml")));
        var check = _work.Decant(["check", _work.At("r.yaml"), .. s_small]);
        Assert.True(check.Exit == 0, check.Error);
        Assert.EndsWith("nothing is wrong with this recipe.\n", check.Out);
        var splits = Regex.Match(Regex.Replace(check.Out, @"\s+", " "), @"([\d,]+) to train on, ([\d,]+) to validate, ([\d,]+) to test");
        Assert.Equal(file switch { "empty-texts.csv" => Rows - 2, "sorted.csv" => 3000, _ => Rows }, splits.Groups.Cast<Group>().Skip(1).Sum(g => int.Parse(g.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("utf16.csv")]
    [InlineData("array.json")]
    [InlineData("no-header.tsv")]
    [InlineData("pairs.csv")]
    [InlineData("empty-labels.csv")]
    public void Its_recipe_runs_for_two_epochs(string file)
    {
        Write(file);
        Assert.Equal(0, _work.Decant("new", "text-classification", "--data", _work.At(file), "--out", _work.At("r.yaml")).Exit);
        var run = _work.Decant(["distill", _work.At("r.yaml"), "--quiet", "--out", _work.At("run"), "--set", "teacher.train.epochs=2", "--set", "distill.epochs=2", .. s_small]);
        Assert.True(run.Exit == 0, run.Error);
    }

    [Theory]
    [InlineData("tagged.txt", "it holds words with a tag each, in columns (CoNLL), for which 'decant new' has no template; begin with the recipe text/wnut17-ner")]
    [InlineData("scores.csv", "'score' holds numbers (0.05 to 4.9), not classes: that is a regression, for which 'decant new text-regression' writes a recipe.")]
    [InlineData("one-class.csv", "all 40 rows have the one class 'a' in 'label'")]
    [InlineData("free.csv", "'label' holds free text and no classes: 60 different values in 60 rows, such as 'the answer is 0 because two lines say so…'")]
    [InlineData("prompts.jsonl", "it holds prompts ('prompt') with what is to be written after them ('completion')")]
    [InlineData("plain.txt", "it holds plain text, without labels, for which 'decant new' has no template; begin with the recipe language/wikitext-lstm")]
    [InlineData("images", "expected text (CSV, TSV, JSONL or lines) for text-classification, came images")]
    [InlineData("sound.csv", "expected text, came a WAV file (sound); sound is not read.")]
    [InlineData("sheet.csv", "expected text, came a ZIP archive, as .xlsx and .docx files are too; unpack it, or export the sheet as CSV.")]
    [InlineData("table.parquet", "the Parquet file is damaged (it does not end as a Parquet file does: it is cut off)")]
    [InlineData("parquet.csv", "expected text, came a Parquet file; such files are read by the source 'parquet'.")]
    [InlineData("nothing.csv", "came an empty file")]
    [InlineData("two-texts.csv", "which column is the text? It has: left, right, label. Texts seem to be in left, right. Say it with --text.")]
    [InlineData("document.json", "expected an object of JSON on every line, or one array of objects")]
    public void What_is_no_classification_of_text_is_refused_by_name(string file, string said)
    {
        Write(file);
        var answer = _work.Decant("new", "text-classification", "--data", _work.At(file), "--out", _work.At("r.yaml"));
        Assert.Equal((2, ""), (answer.Exit, answer.Out));
        Assert.Contains(said, answer.Error);
        Assert.False(File.Exists(_work.At("r.yaml")));
    }

    [Theory]
    [InlineData("scores.csv", "text is 'sentence1' with its pair 'sentence2', the number is 'score': 0.05 to 4.9 in the first 40 rows", "{ kind: csv, file: scores.csv, text: sentence1, pair: sentence2, target: [score] }")]
    [InlineData("numbers.csv", "text is 'text', the number is 'stars': 1 to 3 in the first 40 rows", "{ kind: csv, file: numbers.csv, text: text, target: [stars] }")]
    [InlineData("ratings.jsonl", "the number is 'rating': 0 to 9.75 in the first 40 rows", "{ kind: jsonl, file: ratings.jsonl, text: text, target: [rating] }")]
    [InlineData("no-header-numbers.tsv", "so they are numbers from 1", "{ kind: tsv, file: no-header-numbers.tsv, header: false, text: \"2\", target: [\"1\"] }")]
    [InlineData("empty-numbers.csv", "10 of the first 40 rows have no number: they become samples that the student learns from its teacher alone", "{ kind: csv, file: empty-numbers.csv, text: text, target: [score] }")]
    public void A_recipe_for_numbers_is_right_and_runs(string file, string said, string source)
    {
        Write(file);
        string[] columns = file.StartsWith("no-header", StringComparison.Ordinal) ? ["--text", "2", "--label", "1"] : [];
        var answer = _work.Decant(["new", "text-regression", "--data", _work.At(file), "--out", _work.At("r.yaml"), .. columns]);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains(said, answer.Out);
        Assert.Contains($"  train: {source} ", File.ReadAllText(_work.At("r.yaml")));
        var check = _work.Decant(["check", _work.At("r.yaml"), .. s_small]);
        Assert.True(check.Exit == 0, check.Error);
        Assert.EndsWith("nothing is wrong with this recipe.\n", check.Out);
        var run = _work.Decant(["distill", _work.At("r.yaml"), "--quiet", "--out", _work.At("run"), "--set", "teacher.train.epochs=2", "--set", "distill.epochs=2", "--set", "data.student-labels=20", .. s_small]);
        Assert.True(run.Exit == 0, run.Error);
    }

    [Theory]
    [InlineData("plain.csv", "expected numbers in 'label', came 'food'. Name the column of the numbers with --label, or write a recipe for classes with 'decant new text-classification'.")]
    [InlineData("one-number.csv", "expected different numbers in 'score', came 3 in every row")]
    [InlineData("labelled.txt", "expected a table with a column of numbers (CSV, TSV or JSONL) for text-regression, came lines of a label and a text")]
    [InlineData("images", "for text-regression, came images")]
    public void What_is_no_regression_on_text_is_refused_by_name(string file, string said)
    {
        Write(file);
        var answer = _work.Decant("new", "text-regression", "--data", _work.At(file), "--out", _work.At("r.yaml"));
        Assert.Equal((2, ""), (answer.Exit, answer.Out));
        Assert.Contains(said, answer.Error);
        Assert.False(File.Exists(_work.At("r.yaml")));
    }

    [Fact]
    public void Columns_of_a_file_without_a_header_are_named_by_position()
    {
        _work.Write("x.tsv", string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i}\t{Text(i)}\t{Text(i + 1)}\t{Label(i)}\n")));
        string[] command = ["new", "text-classification", "--data", _work.At("x.tsv"), "--out", _work.At("r.yaml")];
        var first = _work.Decant(command);
        Assert.Contains("which column is the text? It has: 1, 2, 3, 4. Texts seem to be in 2, 3. They are numbers, for no row seems to name them; the first is: 0 | ", first.Error);
        var byValue = _work.Decant([.. command, "--text", Text(0)]);
        Assert.Contains("there is no column", byValue.Error);
        Assert.Contains("They are numbers", byValue.Error);
        Assert.Equal(0, _work.Decant([.. command, "--text", "3"]).Exit);
        Assert.Contains("header: false, text: \"3\", label: \"4\"", File.ReadAllText(_work.At("r.yaml")));
    }

    private static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "the soup was hot" : "rain fell all day")} and number {i}");

    private static string Label(int i) => i % 2 == 0 ? "food" : "weather";

    private static string Table(string header, Func<int, string> row, int rows = Rows) => header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i => row(i) + "\n"));

    private static string Csv(char between = ',') => Table($"text{between}label", i => Text(i) + between + Label(i));

    private static string Chinese => Table("评论,分类", i => $"{(i % 2 == 0 ? "这家店的汤很好喝" : "今天下了一整天的雨")}第{i}次,{(i % 2 == 0 ? "食物" : "天气")}");

    private void Write(string file) => _work.Write(file, Content(file));

    private static byte[] Content(string file) => file switch
    {
        "plain.csv" => Utf8(Csv()),
        "bom.csv" => Utf8("\uFEFF" + Csv()),
        "crlf.csv" => Utf8(Csv().ReplaceLineEndings("\r\n")),
        "utf16.csv" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Csv())],
        "utf16-no-mark.csv" => Encoding.Unicode.GetBytes(Csv()),
        "utf16-big.csv" => Encoding.BigEndianUnicode.GetBytes(Csv()),
        "gb18030.csv" => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(Chinese),
        "latin1.csv" => Encoding.Latin1.GetBytes(Csv().Replace("soup", "café crème", StringComparison.Ordinal)),
        "中文.csv" => Utf8(Chinese),
        "array.json" => Utf8("[\n" + string.Join(",\n", Enumerable.Range(0, Rows).Select(i => $"  {{ \"text\": \"{Text(i)}, \\\"[quoted]\\\" \\\\\",\n    \"label\": \"{Label(i)}\" }}")) + "\n]\n"),
        "lines.jsonl" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => $"{{\"text\": \"{Text(i)}\", \"label\": \"{Label(i)}\"}}\n"))),
        "quotes.csv" => Utf8(Table("text,label", i => $"\"{Text(i)},\nsaid \"\"he\"\"\",{Label(i)}")),
        "several.csv" => Utf8(Table("id,title,body,label", i => $"{i},{Text(i)},{Text(i)} once more,{Label(i)}")),
        "numbers.csv" => Utf8(Table("text,stars", i => $"{Text(i)},{1 + (i % 3)}")),
        "header.tsv" => Utf8(Csv('\t')),
        "no-header.tsv" or "tabs.txt" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => $"{Label(i)}\t{Text(i)}\n"))),
        "semicolons.csv" => Utf8(Csv(';')),
        "pairs.csv" => Utf8(Table("sentence1,sentence2,label", i => $"{Text(i)},{Text(i + 1)},{Label(i)}")),
        "answers.csv" => Utf8(Table("question,answer,label", i => $"{Text(i)},{Text(i + 1)},{Label(i)}")),
        "empty-labels.csv" => Utf8(Table("text,label", i => $"{Text(i)},{(i % 4 == 0 ? "" : Label(i))}")),
        "empty-texts.csv" => Utf8(Table("text,label", i => $"{(i % 20 == 0 ? " " : Text(i))},{Label(i)}")),
        "sorted.csv" => Utf8(Table("text,label", i => $"{Text(i)},{(i < 2500 ? "a" : "b")}", 3000)),
        "labelled.txt" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => $"{Label(i)} {Text(i)}\n"))),
        "tagged.txt" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => $"Mr O\nSmith{i} B-PER\nJunior I-PER\nsleeps O\n\n"))),
        "scores.csv" => Utf8(Table("sentence1,sentence2,score", i => string.Create(CultureInfo.InvariantCulture, $"{Text(i)},{Text(i + 1)},{(i == 0 ? 0.05 : (i / 10.0) + 1):0.##}"))),
        "ratings.jsonl" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"text\": \"{Text(i)}\", \"rating\": {i / 4.0}}}\n")))),
        "no-header-numbers.tsv" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 4.0}\t{Text(i)}\n")))),
        "empty-numbers.csv" => Utf8(Table("text,score", i => $"{Text(i)},{(i % 4 == 0 ? "" : $"{i}")}")),
        "one-number.csv" => Utf8(Table("text,score", i => $"{Text(i)},3")),
        "one-class.csv" => Utf8(Table("text,label", i => $"{Text(i)},a")),
        "free.csv" => Utf8(Table("text,label", i => $"{Text(i)},\"the answer is {i} because\ntwo lines say so, at length\"", 60)),
        "prompts.jsonl" => Utf8(string.Concat(Enumerable.Range(0, Rows).Select(i => $"{{\"prompt\": \"{Text(i)}\", \"completion\": \"and so on {i}\"}}\n"))),
        "plain.txt" => Utf8("\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(char)('a' + (i % 26))}word{i} begins a line of plain text that goes on.\n"))),
        "images" => Workplace.Idx(new byte[3 * 64], 3, 8, 8),
        "sound.csv" => Wav(),
        "sheet.csv" => [0x50, 0x4B, 0x03, 0x04, 0x14, 0, 6, 0, 8, 0],
        "table.parquet" or "parquet.csv" => [.. "PAR1"u8, 0x15, 0x04, 0, 0, 1],
        "nothing.csv" => [],
        "two-texts.csv" => Utf8(Table("left,right,label", i => $"{Text(i)},{Text(i + 1)},{Label(i)}")),
        "document.json" => Utf8("{\n  \"data\": [ { \"text\": \"a\" } ]\n}\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, null),
    };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Wav()
    {
        byte[] sound = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, .. new byte[100]];
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(4), sound.Length - 8);
        return sound;
    }
}
