using System.Text.Json;
using Decant.Text.Files;

namespace Decant.Tests.Runs;

/// <summary>Recipes with <c>input.vocabulary: used</c>.</summary>
public sealed class UsedVocabularyTests(ITestOutputHelper output)
{
    private const string Stories = "stories260K/hf";

    [Fact]
    public void A_language_model_and_its_student_keep_the_tokens_of_the_texts()
    {
        using var work = new Workplace();
        string[] lines = ["Once upon a time there was a little dog.", "He liked to play in the park with his red ball.", "One day the dog saw a big cat.", "The cat said, \"I want to play too!\""];
        work.Write("train.txt", string.Join('\n', Enumerable.Range(0, 40).Select(i => lines[i % 4])));
        work.Write("test.txt", string.Join('\n', lines.Reverse()));
        work.Write("stories.yaml", $$"""
            name: stories
            task: causal-lm
            seed: 1
            threads: 1
            data:
              train: { kind: text, files: [train.txt] }
              test: { kind: text, files: [test.txt] }
              split: { overlap: report }
            input: { kind: text, max-tokens: 16, vocabulary: used }
            teacher:
              load: {{RealData.Find(Stories)}}
            student:
              from-teacher: { layers: 1 }
            distill:
              epochs: 1
              batch: 8
              optimizer: { kind: adamw, learning-rate: 1e-3 }
              objectives:
                - { kind: soft-targets, temperature: 2 }
            evaluate: { bootstrap: 100, latency-runs: 0 }
            """);
        var run = work.Distill("stories.yaml", "run");
        var tokens = new Dictionary<string, int>();
        foreach (var arm in new[] { "teacher", "student", "control" })
        {
            if (!Directory.Exists(Path.Combine(run, arm))) continue;
            using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, arm, "config.json")));
            var tokenizer = TokenizerFile.Load(Path.Combine(run, arm));
            tokens[arm] = tokenizer.VocabularySize;
            Assert.Equal(tokenizer.VocabularySize, config.RootElement.GetProperty("vocab_size").GetInt32());
            Assert.Equal(tokenizer.Special.Bos, config.RootElement.GetProperty("bos_token_id").GetInt32());
            Assert.Equal(lines[0], tokenizer.Decode(tokenizer.Encode(lines[0])));
        }

        Assert.Contains("student", tokens.Keys);
        Assert.InRange(tokens.Values.Distinct().Single(), 260, 400);
        output.WriteLine($"{tokens["student"]} of 512 tokens remain");
        var told = Assert.Single(File.ReadAllLines(Path.Combine(run, "record.jsonl")), line => line.Contains("tokens are kept", StringComparison.Ordinal));
        Assert.Contains($"{tokens["student"]} of the tokenizer's 512 tokens are kept", told);
    }

    [Fact]
    public void A_tokenizer_that_is_trained_has_no_other_tokens()
    {
        using var work = new Workplace();
        work.Write("used.yaml", Workplace.Text.Replace("  max-tokens: 12", "  max-tokens: 12\n  vocabulary: used", StringComparison.Ordinal));
        Assert.Contains("'wordpiece' is trained on these texts and has no other tokens", work.Decant("check", work.At("used.yaml")).Error);
        work.Write("images.yaml", Workplace.Image.Replace("input: { kind: image }", "input: { kind: image, vocabulary: used }", StringComparison.Ordinal));
        Assert.Contains("'vocabulary' is for text", work.Decant("check", work.At("images.yaml")).Error);
    }

    [Fact]
    public void A_classifier_that_was_trained_with_more_tokens_teaches_with_those_that_are_used()
    {
        using var work = new Workplace();
        var first = work.Distill("text.yaml", "first");
        var whole = TokenizerFile.Load(Path.Combine(first, "teacher"));
        work.Write("few.csv", string.Join('\n', File.ReadAllLines(work.At("train.csv")).Take(25)) + "\n");
        var recipe = Workplace.Text
            .Replace("{ kind: wordpiece, vocabulary: 300 }", $"{{ kind: load, from: {Path.Combine(first, "teacher")} }}", StringComparison.Ordinal)
            .Replace("  max-tokens: 12", "  max-tokens: 12\n  vocabulary: used", StringComparison.Ordinal)
            .Replace("train: { kind: csv, file: train.csv }", "train: { kind: csv, file: few.csv }", StringComparison.Ordinal)
            .Replace("student-labels: 40", "student-labels: 12", StringComparison.Ordinal);
        var begin = recipe.IndexOf("teacher:", StringComparison.Ordinal);
        var end = recipe.IndexOf("student:\n", StringComparison.Ordinal);
        work.Write("used.yaml", recipe[..begin] + $"teacher:\n  load: {Path.Combine(first, "teacher")}\n" + recipe[end..]);
        var second = work.Distill("used.yaml", "second");
        var few = TokenizerFile.Load(Path.Combine(second, "student"));
        Assert.True(few.VocabularySize < whole.VocabularySize, $"{few.VocabularySize} of {whole.VocabularySize}");
        Assert.All(few.TokenToId.Keys, token => Assert.Contains(token, whole.TokenToId.Keys));
    }
}
