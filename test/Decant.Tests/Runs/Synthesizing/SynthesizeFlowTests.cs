using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Data.Sources;
using Decant.Runs.Jobs.Synthesizing;
using Decant.Runs.Recipes.JsonSchema;
using Decant.Runs.Recipes.Reading;
using Decant.Teachers.Remote.Synthesizing;
using Decant.Tests.Cli;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs.Synthesizing;

/// <summary><c>decant synthesize</c> over the wire of a chat model.</summary>
public sealed class SynthesizeFlowTests : IDisposable
{
    private const string Key = "sk-secret-of-the-test";
    private const string Test = "what is the name of the river that flows through the middle of the old town near the castle";
    private readonly CliRunner _cli = new() { Environment = name => name == "TEST_KEY" ? Key : null };
    private readonly FakeTeacher _teacher = new() { Key = Key };

    public SynthesizeFlowTests()
    {
        _teacher.Answer = request => IsJudge(request) ? new FakeReply("""{"keep": true, "reason": "fine"}""") : new FakeReply(JsonSerializer.Serialize(Texts(request)));
        _cli.Write("rows.csv", "text,label\nhow do I boil an egg,cooking\nwill it rain tomorrow,weather\n\"is it, by any chance, windy\",weather\n");
        _cli.Write("test.jsonl", JsonSerializer.Serialize(new { text = Test }) + "\n");
        Recipe();
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void Rows_are_written_with_their_manifest_and_a_second_run_asks_for_nothing_and_writes_the_same()
    {
        Assert.True(Synthesize() == 0, _cli.Error);
        var (file, asked) = (File.ReadAllText(At("new.csv")), _teacher.Requests.Count);
        using (var data = new CsvOptions { File = At("new.csv") }.Open())
        {
            Assert.Equal(60, data.Count);
            Assert.Equal([30, 30], data.CountByClass());
            Assert.Equal(["cooking", "weather"], data.Classes);
        }

        Assert.Contains("60 of 60 in", Workplace.Words(_cli.Out), StringComparison.Ordinal);
        Assert.Contains("set aside", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("1 held out", Workplace.Words(_cli.Out), StringComparison.Ordinal);
        Assert.Contains("by the recipe's prices", Workplace.Words(_cli.Out), StringComparison.Ordinal);
        var manifest = Manifest("new.manifest.json");
        Assert.Equal("decant-synthesis", (string?)manifest["format"]);
        Assert.Equal(60, (int?)manifest["rows"]);
        Assert.Equal("those of the test", (string?)manifest["model"]!["terms"]);
        Assert.Equal(1, (int?)manifest["counts"]!["set-aside"]!["held-out"]);
        Assert.Equal(7, (int?)manifest["write"]!["seed"]);
        Assert.Equal(0.8, (double?)manifest["held-out"]!["overlap"]!["near"]);
        Assert.Equal(1, (int?)manifest["held-out"]!["files"]![0]!["rows"]);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(At("new.csv")))), (string?)manifest["sha256"]);
        Assert.DoesNotContain(_cli.Folder, File.ReadAllText(At("new.manifest.json")), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(_cli.Folder, "*", SearchOption.AllDirectories), path => Assert.DoesNotContain(Key, File.ReadAllText(path), StringComparison.Ordinal));

        Assert.Equal(0, _cli.Run("synthesize", At("new.yaml"), "--out", At("new.csv"))); // nothing to agree to
        Assert.Equal(asked, _teacher.Requests.Count);
        Assert.Equal(file, File.ReadAllText(At("new.csv")));
        Assert.Contains("0 requests were sent now", Workplace.Words(string.Join(' ', Manifest("new.manifest.json")["sent-now"]!.AsArray().Select(s => (string?)s))), StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_lines_and_CSV_hold_the_same_texts_whatever_is_in_them()
    {
        _teacher.Answer = request => new FakeReply(JsonSerializer.Serialize(Texts(request).Select((text, i) => i == 0 ? $"\"{text}\", said he\nand \\ left: 房间很干净" : text)));
        Recipe(classes: "");
        Assert.True(Synthesize("--out", At("a.csv")) == 0, _cli.Error);
        Assert.True(Synthesize("--out", At("a.jsonl")) == 0, _cli.Error);
        using var csv = new CsvOptions { File = At("a.csv"), Label = null }.Open();
        using var json = new JsonlOptions { File = At("a.jsonl"), Label = null }.Open();
        Assert.Equal(Enumerable.Range(0, csv.Count).Select(i => csv[i].Content), Enumerable.Range(0, json.Count).Select(i => json[i].Content));
        Assert.Contains("said he\nand \\ left: 房间", ((Decant.Data.TextContent)csv[0].Content).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("label", File.ReadLines(At("a.csv")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_agreement_five_requests_are_sent_and_none_of_them_again()
    {
        Assert.NotEqual(0, _cli.Run("synthesize", At("new.yaml"), "--out", At("new.csv")));
        Assert.Equal(5, _teacher.Requests.Count);
        Assert.Matches(@"tiny-1 at 127\.0\.0\.1: \d+ requests for 5 texts each to ask about; with the 5 that were answered, from which this is estimated: [\d,]+ tokens .* in the currency of the prices .*So far 5 requests, 25 texts.*Add --yes", Workplace.Words(_cli.Error));
        Assert.False(File.Exists(At("new.csv")));
        Assert.True(Synthesize() == 0, _cli.Error);
        Assert.Equal(_teacher.Requests.Count, _teacher.Requests.Select(r => r.ToJsonString()).Distinct().Count());
        Assert.Equal(5, (int?)Manifest("new.manifest.json")["counts"]!["from-store"]);
    }

    [Fact]
    public void A_budget_that_ends_leaves_the_answers_and_the_next_run_asks_for_the_rest()
    {
        Recipe(budget: "{ requests: 9, input-price: 1, output-price: 1 }");
        Assert.NotEqual(0, Synthesize());
        Assert.Equal(9, _teacher.Requests.Count);
        Assert.Contains("budget", _cli.Error, StringComparison.OrdinalIgnoreCase);
        Recipe();
        Assert.True(Synthesize() == 0, _cli.Error);
        Assert.Equal(_teacher.Requests.Count, _teacher.Requests.Select(r => r.ToJsonString()).Distinct().Count());
    }

    [Fact]
    public void A_judge_may_be_another_model_with_a_store_and_terms_of_its_own()
    {
        Recipe(more: string.Create(CultureInfo.InvariantCulture, $$"""

            judge:
              ask: { instruction: Keep questions. }
              chat: { endpoint: "{{_teacher.Endpoint.Address}}", model: tiny-1, key: TEST_KEY, version: judge, terms: the judge's, answers: judged }
            """));
        Assert.True(Synthesize() == 0, _cli.Error);
        Assert.InRange(_teacher.Requests.Count(IsJudge), 60, 75);
        Assert.True(Directory.Exists(At("judged")));
        var manifest = Manifest("new.manifest.json");
        Assert.Equal("the judge's", (string?)manifest["judge"]!["model"]!["terms"]);
        Assert.Equal(_teacher.Requests.Count(IsJudge), (int?)manifest["counts"]!["judged"]);
        Assert.Equal(2, manifest["sent-now"]!.AsArray().Count);
    }

    [Fact]
    public void A_wrong_key_is_known_after_one_request()
    {
        _teacher.Fault = (_, _) => TeacherFault.WrongKey;
        Assert.NotEqual(0, Synthesize());
        Assert.Single(_teacher.Requests);
        Assert.DoesNotContain(Key, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_wire_are_tried_again_and_answers_that_stay_broken_set_aside()
    {
        _teacher.Fault = (number, body) => number % 4 == 1 ? TeacherFault.HalfJson : TeacherFault.None;
        Recipe(more: "\n", attempts: 3);
        Assert.True(Synthesize() == 0, _cli.Error);
        Assert.Equal(60, (int?)Manifest("new.manifest.json")["rows"]);
    }

    [Fact]
    public void All_faults_of_the_file_are_reported_at_once_with_suggestions()
    {
        _cli.Write("new.yaml", """
            name: x
            chat: { endpoint: "http://localhost:1/v1", model: m, terms: " ", answers: a, budget: { money: 1 } }
            write: { instruction: texts, rows: 1, classes: [{ name: a }, { name: A }], per-reqest: 3 }
            filters: { refuse: ["("], max-words: 0, scripts: [latn] }
            held-out: { sources: [] }
            """);
        Assert.Equal(2, Synthesize());
        Assert.Contains("new.yaml:3: unknown key 'per-reqest' under write; did you mean 'per-request'?", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("new.yaml:4: filters.max-words", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("latn", _cli.Error, StringComparison.Ordinal);
        _cli.Write("new.yaml", """
            name: x
            chat: { endpoint: "http://localhost:1/v1", model: m, terms: " ", answers: a, budget: { money: 1 } }
            write: { instruction: texts, rows: 1, classes: [{ name: a }, { name: A }] }
            filters: { refuse: ["("], min-words: 3, max-words: 2 }
            held-out: { sources: [] }
            """);
        Assert.Equal(2, Synthesize());
        foreach (var said in new[] { "new.yaml:2: expected the terms", "money is limited", "the class 'a' is there twice", "one row of each class", "no regular expression of .NET", "min-words (3) or more", "expected a file at least" })
            Assert.Contains(said, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void A_file_of_somebody_elses_is_not_overwritten()
    {
        Assert.Equal(2, _cli.Run("synthesize", At("new.yaml"), "--yes", "--out", At("rows.csv")));
        Assert.Contains("is there already, without a manifest", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
        Assert.Contains("boil an egg", File.ReadAllText(At("rows.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_written_by_the_template_and_wants_the_terms()
    {
        Assert.True(_cli.Run("new", "synthesize", "--data", At("rows.csv"), "--classes", "weather,cooking", "--out", At("made.yaml")) == 0, _cli.Error);
        Assert.Equal(2, _cli.Run("synthesize", At("made.yaml")));
        Assert.Contains("expected the terms", _cli.Error, StringComparison.Ordinal);
        File.WriteAllText(At("made.yaml"), File.ReadAllText(At("made.yaml")).Replace("terms: \"\"", "terms: none", StringComparison.Ordinal).Replace("http://localhost:8000/v1", $"{_teacher.Endpoint.Address}", StringComparison.Ordinal)
            .Replace("model: NAME", "model: tiny-1", StringComparison.Ordinal).Replace("OPENAI_API_KEY", "TEST_KEY", StringComparison.Ordinal).Replace("rows: 200", "rows: 20", StringComparison.Ordinal));
        Assert.True(_cli.Run("synthesize", At("made.yaml"), "--out", At("made.csv"), "--yes") == 0, _cli.Error);
        Assert.Equal(21, File.ReadLines(At("made.csv")).Count());
    }

    [Fact]
    public void The_example_of_the_guide_and_the_template_are_what_the_reader_takes()
    {
        var guide = File.ReadAllText(Repository.Find("docs/synthetic-data.md"));
        var example = guide.Split("```yaml\n")[1].Split("```")[0].Replace("terms: \"…\"", "terms: mine", StringComparison.Ordinal);
        var recipe = new SynthesisReader(Decant.Runs.Catalog.Standard.Kinds).Read(_cli.Write("guide.yaml", example));
        Assert.Equal((2000, 60, 13), (recipe.Write.Rows, recipe.Filters.MaxWords, recipe.HeldOut!.Overlap.Ngram));
        Assert.EndsWith("toxic.txt", recipe.Filters.ForbiddenFiles[0], StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("new", "synthesize", "--data", At("rows.csv"), "--out", At("made.yaml")));
        Assert.Equal(RecipeSchema.Comment + RecipeSchema.SynthesisFileName, File.ReadLines(At("made.yaml")).First());
        var made = new SynthesisReader(Decant.Runs.Catalog.Standard.Kinds).Read(_cli.Write("made.yaml", File.ReadAllText(At("made.yaml")).Replace("terms: \"\"", "terms: mine", StringComparison.Ordinal)));
        Assert.Null(((CsvOptions)made.Examples!).Label);
        Assert.Empty(made.Write.Classes);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void CSV_is_quoted_where_it_must_be(string text, string field) =>
        Assert.Equal($"text,label\n{field},c\n", System.Text.Encoding.UTF8.GetString(RowWriter.Bytes("x.csv", [new SyntheticRow(text, "c")], hasClasses: true)));

    private int Synthesize(params string[] more) => _cli.Run(["synthesize", At("new.yaml"), "--yes", .. more.Length > 0 ? more : ["--out", At("new.csv")]]);

    private void Recipe(string classes = "classes: [{ name: weather, description: about the weather }, { name: cooking }]", string budget = "{ input-price: 2, output-price: 8 }", string more = "", int attempts = 6) =>
        _cli.Write("new.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: questions
            chat:
              endpoint: {{_teacher.Endpoint.Address}}
              model: tiny-1
              key: TEST_KEY
              terms: those of the test
              answers: answers
              budget: {{budget}}
              attempts: {{attempts}}
            write:
              instruction: Questions that people ask an assistant.
              {{classes}}
              rows: 60
              per-request: 5
              seed: 7
            examples: { kind: csv, file: rows.csv }
            filters: { min-words: 2, refuse: ["\\bas an AI\\b"] }
            held-out:
              sources: [{ kind: jsonl, file: test.jsonl, label: null }]
            """) + more);

    /// <summary>Five texts that follow from the request; the first request of all brings one of the test file.</summary>
    private static string[] Texts(JsonNode request)
    {
        var seed = (long)request["seed"]!;
        var text = FakeTeacherWire.Last(request);
        var hash = BitConverter.ToUInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{seed}{text}")));
        var random = new Decant.Data.Rng(hash);
        var texts = Enumerable.Range(0, 5).Select(_ => string.Join(' ', Enumerable.Range(0, 7).Select(_ => $"w{random.Next(100_000)}"))).ToArray();
        if (seed == 7 && text.Contains("of the class \"weather\"", StringComparison.Ordinal))
            texts[4] = Test + "?";
        return texts;
    }

    private static bool IsJudge(JsonNode request) => ((string)request["messages"]![0]!["content"]!).Contains("\"keep\"", StringComparison.Ordinal);

    private string At(string name) => Path.Combine(_cli.Folder, name);

    private JsonNode Manifest(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!;
}
