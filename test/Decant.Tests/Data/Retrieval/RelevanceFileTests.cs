using Decant.Data.Retrieval;

namespace Decant.Tests.Data.Retrieval;

/// <summary>Files of queries, documents and judgements, and what is refused of them.</summary>
public sealed class RelevanceFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void As_BEIR_has_them()
    {
        var documents = Texts("documents.jsonl", "{\"_id\": \"d1\", \"title\": \"Rome\", \"text\": \"a city\"}\n\n{\"_id\": \"d2\", \"title\": \"\", \"text\": \"a river\", \"metadata\": {}}\n");
        Assert.Equal(["Rome a city", "a river"], documents.Texts);
        var queries = Texts("queries.jsonl", "{\"_id\": \"q\", \"text\": \"where\"}\n");
        var judged = Judged("query-id\tcorpus-id\tscore\nq\td2\t2\nq\td1\t0\n", queries, documents);
        Assert.Equal([KeyValuePair.Create(1, 2.0)], judged.Grades[0]);
    }

    [Fact]
    public void As_TREC_and_tables_have_them()
    {
        var documents = Texts("documents.tsv", "d1\ta city\tof stone\nd2\ta river\n");
        Assert.Equal("a city\tof stone", documents.Texts[0]);
        var judged = Judged("7 0 d1 1\n7 Q0 d2 3\n", Texts("queries.tsv", "7\twhere\n"), documents);
        Assert.Equal([(0, 1), (1, 3)], judged.Grades[0].Select(g => (g.Key, g.Value)));
    }

    [Fact]
    public void Queries_without_a_relevant_document_are_named()
    {
        var queries = Texts("q.tsv", "a\tone\nb\ttwo\nc\tthree\n");
        var fault = Assert.Throws<DecantException>(() => Judged("a\td\t1\nb\td\t0\n", queries, Texts("d.tsv", "d\ttext\n"))).Message;
        Assert.Contains("2 of 3 queries have no relevant document", fault, StringComparison.Ordinal);
        Assert.Contains(": b, c.", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q\td9\t1\n", ":1: there is no document with the id 'd9'")]
    [InlineData("x\td\t1\n", ":1: there is no query with the id 'x'")]
    [InlineData("q\td\t1\nq\td\tgood\n", ":2: expected a query's id, a document's id and a whole number")]
    [InlineData("q\td\t0.9\nq\td\t1\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("qZZ\td\t1x\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("q\td\tgood\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("q\td\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("q 0 d 1 run\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("q\td\t99999999999\n", ":1: expected a query's id, a document's id and a whole number")]
    [InlineData("q\td\t1\nq\td\t2\n", ":2: the document 'd' was judged for the query 'q' already")]
    public void Lines_that_say_nothing_are_refused_with_their_place(string judgements, string expected)
    {
        var fault = Assert.Throws<DecantException>(() => Judged(judgements, Texts("q.tsv", "q\tone\n"), Texts("d.tsv", "d\ttext\n"))).Message;
        Assert.StartsWith(Path.Combine(_folder.Path, "qrels.tsv") + expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_lines_are_known_by_their_first_character_too()
    {
        Assert.Equal(["one"], Texts("queries.txt", "\n{\"_id\": \"a\", \"text\": \"one\"}\n").Texts);
        Assert.Equal(["{one}"], Texts("braces.tsv", "a\t{one}\n").Texts);
    }

    [Theory]
    [InlineData("q.jsonl", "{\"text\": \"no id\"}\n", ":1: expected an object with '_id'")]
    [InlineData("q.jsonl", "{\"_id\": \"a\", \"text\": \"x\"\n", ":1: expected a JSON object on the line")]
    [InlineData("q.jsonl", "[1]\n", ":1: expected an object")]
    [InlineData("q.tsv", "a\tone\na\ttwo\n", ":2: the id 'a' stood in an earlier line already")]
    [InlineData("q.tsv", "a\tone\nb\t \n", ":2: 'b' has no text")]
    [InlineData("q.tsv", "just a text\n", ":1: expected an id, a tab and a text")]
    [InlineData("q.tsv", "\n", " has no texts")]
    public void Texts_without_ids_and_ids_without_texts_are_refused(string name, string content, string expected) =>
        Assert.StartsWith(Path.Combine(_folder.Path, name) + expected, Assert.Throws<DecantException>(() => Texts(name, content)).Message, StringComparison.Ordinal);

    private IdentifiedTexts Texts(string name, string content) => IdentifiedTexts.Read(_folder.Write(name, content));

    private RelevanceJudgements Judged(string content, IdentifiedTexts queries, IdentifiedTexts documents) => RelevanceJudgements.Read(_folder.Write("qrels.tsv", content), queries, documents);
}
