using Decant.Tests.Cli;
using Decant.Tests.Runs;

namespace Decant.Tests.Serving;

public sealed class ServeCommandTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    [Theory]
    [InlineData("there is no token", "--url", "http://0.0.0.0:0")]
    [InlineData("expected 1, one for each model, came 2", "--name", "a", "--name", "b")]
    [InlineData("--timeout", "--timeout", "0")]
    [InlineData("is not there", "--token-file", "/nowhere/token")]
    [InlineData("Concurrency", "--concurrency", "0")]
    public void What_cannot_be_served_is_refused_at_the_start(string expected, params string[] options)
    {
        using var work = new Workplace();
        var (exit, _, error) = work.Decant(["serve", folders.Classes, .. options]);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_model_is_refused()
    {
        using var work = new Workplace();
        var (exit, _, error) = work.Decant("serve", work.At("nowhere"));
        Assert.NotEqual(0, exit);
        Assert.Contains("expected the folder of an exported model", Workplace.Words(error), StringComparison.Ordinal);
    }

    /// <summary>A recipe asks a served student for vectors as it asks any API.</summary>
    [Fact]
    public async Task A_served_student_is_the_teacher_of_a_recipe()
    {
        await using var server = await folders.StartAsync();
        using var work = new Workplace();
        var random = new Random(1);
        string[] words = ["good", "film", "dogs", "cats", "paris", "dull", "long", "plot"];
        foreach (var (file, rows) in new[] { ("train.csv", 80), ("test.csv", 30) })
            work.Write(file, "one,other,score\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => $"{Sentence()},{Sentence()},{random.Next(6)}\n")));
        work.Write("vectors.yaml", $$"""
            name: vectors
            task: embedding
            seed: 3
            threads: 1
            data:
              train: { kind: csv, file: train.csv, text: one, pair: other, target: [score] }
              test: { kind: csv, file: test.csv, text: one, pair: other, target: [score] }
            input:
              kind: text
              tokenizer: { kind: wordpiece, vocabulary: 300 }
              max-tokens: 16
            teacher:
              embeddings:
                endpoint: {{server.Address}}/v1
                model: vectors
                key: DECANT_TEST_NO_KEY
                terms: those of the test
                answers: answers
                budget: { input-price: 0, output-price: 0 }
            student:
              model: { kind: lstm, embedding: 8, hidden: 8 }
            distill:
              epochs: 1
              batch: 16
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              objectives:
                - { kind: vectors }
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """);
        var run = work.Distill("vectors.yaml", "run", "--yes");
        Assert.Contains("texts were answered before", Workplace.Notes(run), StringComparison.Ordinal);
        using var client = ServedFolders.Client(server);
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Matches("decant_requests_total\\{route=\"/v1/embeddings\",status=\"200\"\\} [1-9]", metrics);

        string Sentence() => string.Join(' ', Enumerable.Range(0, 4).Select(_ => words[random.Next(words.Length)]));
    }
}
