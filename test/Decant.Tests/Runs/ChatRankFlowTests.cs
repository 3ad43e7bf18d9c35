using System.Globalization;
using Decant.Runs.Reports.Record;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs;

/// <summary>A regression of pairs that learns from how a chat model ranks the documents of each query: by how many of their words are good.</summary>
public sealed class ChatRankFlowTests : IDisposable
{
    private static readonly string[] s_documents = ["leer grau matt", "gut grau matt", "gut fein matt", "gut fein froh"];
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new();

    public ChatRankFlowTests()
    {
        _teacher.Answer = request => new FakeReply(Ranked(FakeTeacherWire.Last(request)));
        _work.Write("train.csv", Csv(0, 60) + "allein,gut fein froh,1\n");
        _work.Write("test.csv", Csv(60, 20));
        _work.Write("ranks.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: ranks
            task: regression
            seed: 3
            threads: 1
            data:
              train: { kind: csv, file: train.csv, text: query, pair: document, target: [score] }
              test: { kind: csv, file: test.csv, text: query, pair: document, target: [score] }
            input:
              kind: text
              tokenizer: { kind: wordpiece, vocabulary: 300 }
              max-tokens: 16
            teacher:
              chat:
                endpoint: {{_teacher.Endpoint.Address}}
                model: {{FakeTeacher.Model}}
                key: DECANT_TEST_NO_KEY
                terms: those of the test
                answers: answers
                rank: { orders: 2 }
            student:
              model: { kind: lstm, embedding: 16, hidden: 16 }
            distill:
              epochs: 12
              batch: 16
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              objectives:
                - { kind: logits-mse }
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_the_places_of_documents()
    {
        var run = _work.Distill("ranks.yaml", "run", "--yes");
        Assert.Equal(2 * 80, _teacher.Requests.Count); // two orders of 60 + 20 queries
        var figures = Workplace.Record(run).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics);
        Assert.InRange(figures[Arms.Teacher]["pearson"], 0.999, 1.0001);
        Assert.InRange(figures[Arms.Student]["pearson"], 0.8, 1);
        var notes = Workplace.Notes(run);
        Assert.Contains("by the ranks of each query's documents in 2 orders: 0 of 80 queries were answered before", notes, StringComparison.Ordinal);
        Assert.Contains("1 queries have one document alone", notes, StringComparison.Ordinal);
        Assert.Contains("Kendall's W of the orders of a query is 1.00 on average", notes, StringComparison.Ordinal);
        _work.Distill("ranks.yaml", "again", "--yes");
        Assert.Equal(2 * 80, _teacher.Requests.Count);
    }

    [Fact]
    public void A_split_that_is_cut_keeps_the_documents_of_a_query_together()
    {
        var check = _work.Decant("check", _work.At("ranks.yaml"), "--set", "data.test=null", "--set", "data.split={ validation: 0.1, test: 20 }");
        Assert.True(check.Exit == 0, check.Error);
        var words = string.Join(' ', check.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("would be asked about 60 of 60 queries", words, StringComparison.Ordinal); // all of them whole; that with one document has no rank
        Assert.Matches(@"\d+ to train on, (24|21) to validate, (80|77) to test", words); // 6 and 20 queries of 4 documents
    }

    [Theory]
    [InlineData("teacher.chat.rank={ most-documents: 3 }", "has 4 documents, expected 2 to 3")]
    [InlineData("teacher.chat.rank={ to: 0.5 }", "is not on the scale of teacher.chat.rank, from 0 to 0.5")]
    [InlineData("teacher.chat.score={ question: How good?, from: 0, to: 1 }", "leave one of the two out")]
    [InlineData("teacher.chat.rank=null", "a regression needs what is to be scored")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("ranks.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    // What a document is worth is the number of its good words, of three.
    private static string Csv(int first, int queries) => "query,document,score\n" + string.Concat(Enumerable.Range(first, queries).SelectMany(q =>
        s_documents.Index().Select(d => string.Create(CultureInfo.InvariantCulture, $"frage {q},{d.Item},{d.Index / 3.0}\n"))));

    private static string Ranked(string question) => $"[{string.Join(", ", question.Split("Document ").Skip(1).Select(d => d.Split('\n')[2]).Index().OrderByDescending(d => Array.IndexOf(s_documents, d.Item)).Select(d => d.Index + 1))}]";
}
