using Decant.Inference;

namespace Decant.Tests.Serving;

public sealed class ClassifyTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    [Fact]
    public async Task Texts_get_their_classes_and_pairs_their_scores()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        using var classifier = TextClassifier.Load(folders.Classes);
        var (status, answer) = await ServedFolders.PostAsync(client, "/classify", """{"model":"reviews","texts":["a very good film","dull and far too long"]}""");
        Assert.True(status == 200, answer.ToJsonString());
        foreach (var (i, text) in new[] { "a very good film", "dull and far too long" }.Index())
        {
            var expected = classifier.Classify(text);
            var result = answer["results"]![i]!;
            Assert.Equal(expected.Label, (string)result["label"]!);
            Assert.Equal(expected.Probability, (float)result["probabilities"]![expected.Label]!, 1e-5);
            Assert.Equal(1, result["probabilities"]!.AsObject().Sum(p => (double)p.Value!), 1e-5);
        }

        var (scored, scores) = await ServedFolders.PostAsync(client, "/classify", """{"model":"ranks","pairs":[["dogs","cats and dogs"],["a film","Paris"]]}""");
        Assert.True(scored == 200, scores.ToJsonString());
        Assert.Equal(2, scores["results"]!.AsArray().Select(r => (double)r!["score"]!).Distinct().Count());
    }

    [Fact]
    public async Task Documents_are_ranked_by_their_scores_for_a_query()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        string[] documents = ["cats and dogs", "a bad film", "Paris", "one fine day"];
        using var scorer = TextPairScorer.Load(folders.Models["ranks"]);
        var expected = documents.Index().OrderByDescending(d => scorer.Score("dogs", d.Item).Score).Select(d => d.Index).Take(3).ToList();
        var (status, answer) = await ServedFolders.PostAsync(client, "/rerank", """{"model":"ranks","query":"dogs","documents":["cats and dogs","a bad film","Paris","one fine day"],"top_n":3}""");
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(expected, answer["results"]!.AsArray().Select(r => (int)r!["index"]!));
        Assert.Equal(scorer.Score("dogs", documents[expected[0]]).Score, (float)answer["results"]![0]!["relevance_score"]!, 1e-5);
        foreach (var (body, parameter) in new[] { ("""{"model":"ranks","documents":["a"]}""", "query"), ("""{"model":"ranks","query":"a"}""", "documents"), ("""{"model":"ranks","query":"a","documents":["b"],"top_n":0}""", "top_n"), ("""{"model":"reviews","query":"a","documents":["b"]}""", "model") })
        {
            var (refused, why) = await ServedFolders.PostAsync(client, "/rerank", body);
            Assert.Equal((400, parameter), (refused, (string?)why["error"]!["param"]));
        }
    }

    [Theory]
    [InlineData("""{"model":"reviews"}""", "texts")]
    [InlineData("""{"model":"reviews","texts":["a"],"pairs":[["a","b"]]}""", "texts")]
    [InlineData("""{"model":"reviews","texts":[" "]}""", "texts")]
    [InlineData("""{"model":"ranks","pairs":[["a"]]}""", "pairs")]
    [InlineData("""{"model":"reviews","texts":"a","threshold":1}""", "threshold")]
    [InlineData("""{"model":"stories","texts":"a"}""", "model")]
    public async Task What_is_wrong_is_refused(string body, string parameter)
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/classify", body);
        Assert.Equal((400, parameter), (status, (string?)answer["error"]!["param"]));
    }
}
