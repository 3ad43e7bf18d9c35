using Decant.Data;
using Decant.Data.Labels;
using Decant.Data.Rankings;
using Decant.Data.Retrieval;
using Decant.Data.Sources;
using Decant.Data.Splitting;

namespace Decant.Tests.Data;

/// <summary>Queries with relevant and other documents, as people's files have them.</summary>
public sealed class RankingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_a_query_with_its_documents()
    {
        using var data = Open("{\"query\":\"q\",\"positives\":[\"a\",\"b\"],\"negatives\":[\"c\",\"d\",\"e\"]}\n{\"query\":\"你好\",\"positives\":\"一\",\"negatives\":[\"二\"]}\n", o => o with { MaxNegatives = 2 });
        Assert.Equal((LabelKind.Grades, 2, 2), (data.LabelKind, data.Count, data.LabelledCount));
        Assert.Equal(["relevance"], data.Classes);
        Assert.Equal(["a", "b", "c", "d"], ((RankingContent)data[0].Content).Documents);
        Assert.Equal([1, 1, 0, 0], ((GradeAnnotation)data[0].Annotation!).Grades);
        Assert.Equal("你好", ((RankingContent)data[1].Content).Query);
    }

    [Fact]
    public void Grades_may_be_several_and_missing()
    {
        using var data = Open("{\"q\":\"x\",\"docs\":[\"a\",\"b\",\"c\"],\"g\":[0,2,1]}\n{\"q\":\"y\",\"docs\":[\"a\",\"b\"]}\n", o => o with { Query = "q", Documents = "docs", Grades = "g" });
        Assert.Equal([0, 2, 1], ((GradeAnnotation)data[0].Annotation!).Grades);
        Assert.Null(data[1].Annotation);
        Assert.Equal(1, data.LabelledCount);
    }

    [Theory]
    [InlineData("{\"query\":\"q\",\"positives\":[],\"negatives\":[\"a\"]}", ":1: 'positives' is empty: nothing can be learned or measured with a query that no document answers")]
    [InlineData("{\"query\":\"q\",\"negatives\":[\"a\"]}", "the object has no field 'positives'; it has 'query', 'negatives'")]
    [InlineData("{\"query\":\"q\",\"positives\":[\"a\"],\"negatives\":[]}", "has 1 document; expected 2 or more")]
    [InlineData("{\"query\":\"q\",\"positives\":[\"a\",\"b\"],\"negatives\":[]}", "all 2 documents of the query 'q' are as relevant")]
    [InlineData("{\"query\":\"q\",\"positives\":[[\"a\"]],\"negatives\":[\"b\"]}", "'positives' must hold text, came [\"a\"]")]
    [InlineData("{\"query\":\"q\",\"positives\":[{\"text\":\"a\"}],\"negatives\":[\"b\"]}", "'positives' must hold text, came {\"text\":\"a\"}")]
    [InlineData("{\"query\":\"q\",\"positives\":[\"a\"],\"negatives\":[\"a\"]}", "the document 'a' is among 'positives' and 'negatives'")]
    [InlineData("{\"query\":\"q\",\"positives\":[\"a\"],\"negatives\":[\" \"]}", "document 2 is empty")]
    [InlineData("{\"query\":\" \",\"positives\":[\"a\"],\"negatives\":[\"b\"]}", "the text is empty")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("{\"query\":", "this is not JSON")]
    public void What_cannot_be_learned_from_is_refused_with_its_line(string line, string expected) =>
        Assert.Contains(expected, Assert.Throws<DecantException>(() => Open(line + "\n")).Message);

    [Theory]
    [InlineData("[1, 0]", "has 3 documents and 2 grades")]
    [InlineData("[0, 0, 0]", "has no relevant document")]
    [InlineData("[1, 0, -1]", "a grade is -1")]
    [InlineData("[1, 0, \"x\"]", "must be an array of numbers, and holds \"x\"")]
    [InlineData("7", "must be an array of numbers, came 7")]
    public void Grades_that_say_nothing_are_refused(string grades, string expected) =>
        Assert.Contains(expected, Assert.Throws<DecantException>(() => Open($"{{\"query\":\"q\",\"documents\":[\"a\",\"b\",\"c\"],\"grades\":{grades}}}\n", o => o with { Grades = "grades" })).Message);

    [Fact]
    public void Keys_that_exclude_each_other_are_refused()
    {
        Assert.Contains("'classes' is for labels", Assert.Throws<DecantException>(() => Open("{}\n", o => o with { Classes = ["a"] })).Message);
        Assert.Contains("'max-negatives' goes with 'negatives'", Assert.Throws<DecantException>(() => Open("{}\n", o => o with { Grades = "g", MaxNegatives = 1 })).Message);
    }

    [Fact]
    public void Contents_are_kept_as_bytes_and_told_apart()
    {
        var content = new RankingContent("q", ["a", "b", ""]);
        using var stream = new MemoryStream();
        ContentBytes.Write(content, stream);
        var back = (RankingContent)ContentBytes.Read(stream.ToArray());
        Assert.Equal(("q", "a|b|"), (back.Query, string.Join('|', back.Documents)));
        Assert.NotEqual(ContentHash.Of(content), ContentHash.Of(new RankingContent("q", ["ab", ""])));
        Assert.NotEqual(ContentHash.Of(new RankingContent("q", ["a", "b"])), ContentHash.Of(new RankingContent("q", ["b", "a"])));
    }

    [Fact]
    public void A_program_gives_rankings_too()
    {
        using var data = Dataset.FromRankings("mine", [(new("q", ["a", "b"]), [1, 0]), (new("r", ["a", "b"]), null)]);
        Assert.Equal(1, data.LabelledCount);
        Assert.Contains("mine, sample 1: the query 'q' has no relevant document", Assert.Throws<DecantException>(() => Dataset.FromRankings("mine", [(new("q", ["a", "b"]), [0, 0])])).Message);
    }

    [Fact]
    public void A_query_is_in_one_split_whatever_its_documents()
    {
        using var train = Open("{\"query\":\"q\",\"positives\":[\"a\"],\"negatives\":[\"b\"]}\n{\"query\":\"r\",\"positives\":[\"a\"],\"negatives\":[\"b\"]}\n{\"query\":\"s\",\"positives\":[\"a\"],\"negatives\":[\"b\"]}\n");
        using var test = new RankingsOptions { File = _folder.Write("b.jsonl", "{\"query\":\"q\",\"positives\":[\"a\"],\"negatives\":[\"c\"]}\n") }.Open();
        var dropped = Splits.Make(train, null, test, new() { Overlap = OverlapPolicy.Drop });
        Assert.Equal(["r", "s"], Enumerable.Range(0, dropped.Train.Count).Select(i => ((RankingContent)dropped.Train[i].Content).Query));
        Assert.Equal((1, 1), (Assert.Single(dropped.Overlaps).Count, dropped.Overlaps[0].Dropped));
        Assert.Throws<DecantException>(() => Splits.Make(train, null, test, new() { Overlap = OverlapPolicy.Refuse }));
        using var twice = Open(string.Concat(Enumerable.Range(0, 40).Select(i => $"{{\"query\":\"q{i / 2}\",\"positives\":[\"a\"],\"negatives\":[\"b{i}\"]}}\n")));
        var cut = Splits.Make(twice, null, null, new() { Test = 0.5 });
        string[] Queries(Dataset of) => [.. Enumerable.Range(0, of.Count).Select(i => ((RankingContent)of[i].Content).Query)];
        Assert.Empty(Queries(cut.Train).Intersect(Queries(cut.Test!)));
    }

    [Fact]
    public void A_search_in_the_documentation_has_nothing_of_one_part_in_another()
    {
        var parts = Enum.GetValues<SearchPart>().Select(part => new DotnetSearchOptions { Part = part, MaxQueries = 400 }.Open()).ToArray();
        var texts = parts.Select(data => Enumerable.Range(0, data.Count).Select(i => (RankingContent)data[i].Content).SelectMany(c => c.Documents.Prepend(c.Query)).ToHashSet()).ToArray();
        Assert.Empty(texts[0].Intersect(texts[1]).Concat(texts[0].Intersect(texts[2])).Concat(texts[1].Intersect(texts[2])));
        Assert.All(parts, data => Assert.All(Enumerable.Range(0, data.Count), i =>
        {
            var (content, grades) = ((RankingContent)data[i].Content, ((GradeAnnotation)data[i].Annotation!).Grades);
            Assert.Equal(content.Documents.Count, content.Documents.Distinct().Count());
            Assert.Equal(7, grades.Count(g => g == 0));
            Assert.InRange(grades.Count(g => g == 1), 1, 3);
        }));
        using var again = new DotnetSearchOptions { Part = SearchPart.Test, MaxQueries = 400 }.Open();
        Assert.Equal(Enumerable.Range(0, 400).Select(i => parts[2].IdOf(i)), Enumerable.Range(0, 400).Select(i => again.IdOf(i)));
    }

    [Fact]
    public void BM25_worked_by_hand()
    {
        var index = new Bm25(["the cat", "the cat the dog", "a bird"]);
        double Idf(int n) => Math.Log(1 + ((3 - n + 0.5) / (n + 0.5)));
        double Tf(int f, int length) => f * 2.2 / (f + (1.2 * (0.25 + (0.75 * length / (8.0 / 3)))));
        var scores = index.Scores("The, dog!");
        Assert.Equal(Idf(2) * Tf(1, 2), scores[0], 1e-12);
        Assert.Equal((Idf(2) * Tf(2, 4)) + (Idf(1) * Tf(1, 4)), scores[1], 1e-12);
        Assert.Equal(0, scores[2]);
        Assert.Equal([1, 0], index.Best("the dog", 10));
    }

    [Fact]
    public void Words_of_scripts_without_spaces_are_their_characters() => Assert.Equal(["知", "识", "net10", "é", "x"], Bm25.Words("知识 NET10, É/x"));

    private Dataset Open(string content, Func<RankingsOptions, RankingsOptions>? with = null) => (with ?? (o => o))(new RankingsOptions { File = _folder.Write("a.jsonl", content) }).Open();
}
