using System.Text;
using System.Text.Json;
using Decant.Export;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Text.Files;

namespace Decant.Tests.Reading;

/// <summary>JSON that is not what its reader was promised: told where it is read.</summary>
public sealed class WholeObjectTests : IDisposable
{
    private const string Run = """
        "run":{"id":"0123","name":"tiny","folder":"/runs/tiny","begun":"2026-01-01T00:00:00+00:00","recipe":"ab","data":"cd"}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_that_an_event_leaves_out_is_empty_and_not_null()
    {
        var record = Record("""{"event":"data-described","time":"2026-01-01T00:00:00Z","source":"x"}""", out var kind);
        Assert.True(record.Events is [DataDescribed { Classes: [] }], $"{kind}: {string.Join(", ", record.Problems)}");
    }

    [Theory]
    [InlineData("\"classes\":null")]
    [InlineData("\"classes\":[\"a\",null]")]
    [InlineData("\"source\":null")]
    [InlineData("\"source\":\"\\ud800\"")]
    public void An_event_with_null_or_half_a_character_where_text_must_be_is_left_out_and_told(string part)
    {
        var good = """{"event":"data-described","time":"2026-01-01T00:00:00Z","source":"x"}""";
        var bad = part.StartsWith("\"source", StringComparison.Ordinal) ? good.Replace("\"source\":\"x\"", part, StringComparison.Ordinal) : good.Replace("}", $",{part}}}", StringComparison.Ordinal);
        var record = Record($"{good}\n{bad}", out _);
        Assert.Single(record.Events);
        Assert.Contains(":2: this line is damaged", Assert.Single(record.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model_type\":\"bert\",\"model_type\":\"llama\"}", "config.json")]
    [InlineData("{\"model_type\":\"\\ud800\"}", "half of a surrogate pair")]
    public void Settings_with_a_key_twice_or_half_a_character_are_refused_by_name(string json, string says)
    {
        var path = _folder.Write("config.json", json);
        var message = Assert.Throws<DecantException>(() => ModelFolder.ReadConfig(_folder.Path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_no_UTF8_are_refused_by_name()
    {
        _folder.Write("config.json", [.. "{\"model_type\":\"b"u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("not UTF-8", Assert.Throws<DecantException>(() => ModelFolder.ReadConfig(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "{\"model_type\":\"bert\",\"vocab_size\":30,\"layer_norm_eps\":1e999}", "larger than any that is computed with")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0],[\"u\",-1e999]]}}", "larger than any that is computed with")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"u\",0],[\"u\",-1]]}}", "the token 'u' stands there twice")]
    [InlineData("config.json", "{\"model_type\":\"llama\",\"vocab_size\":30,\"hidden_size\":8,\"num_attention_heads\":0,\"num_key_value_heads\":1}", "heads")]
    [InlineData("tokenizer.json", "{\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":null},\"content\":\"\"},\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"u\":0},\"unk_token\":\"u\"}}", "normalizer.pattern: expected")]
    public void What_no_model_could_compute_with_is_refused_where_it_is_read(string name, string json, string says)
    {
        var path = _folder.Write(name, json);
        var message = Assert.Throws<DecantException>(() => name == "config.json" ? (object)ModelFolder.ReadConfig(_folder.Path) : TokenizerFile.Load(_folder.Path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_added_token_without_text_is_refused_by_name()
    {
        _folder.Write("vocab.txt", "[UNK]\na\n");
        var path = _folder.Write("tokenizer_config.json", "{\"added_tokens_decoder\":{\"0\":{\"content\":null}}}");
        Assert.Contains($"{path}: expected a tokenizer_config.json, came something else (the added token 0 has no 'content')", Assert.Throws<DecantException>(() => TokenizerFile.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_width_without_end_are_refused_soon()
    {
        _folder.Write("config.json", "{\"model_type\":\"bert\",\"vocab_size\":30,\"hidden_size\":2147483647,\"num_attention_heads\":2}");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("2 heads do not divide a hidden width of 2147483647; take one of 1 heads", Assert.Throws<DecantException>(() => ModelFolder.ReadConfig(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("\"record\":-1", "record is -1")]
    [InlineData("\"seconds\":1e300", "seconds is 1E+300")]
    [InlineData("\"finished\":[null]", "'Finished' has null among its values")]
    [InlineData("\"data\":{\"a\":null}", "'Data' has null among its values")]
    public void How_far_a_run_has_come_is_refused_where_no_run_can_be(string part, string says)
    {
        var json = $$"""{"format":4,"job":"distill",{{Run}},"threads":2,{{(part.StartsWith("\"data", StringComparison.Ordinal) ? part : "\"data\":{}," + part)}}}""";
        var path = _folder.Write("progress.json", json);
        var message = Assert.Throws<DecantException>(() => RunState.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Fact]
    public void How_far_a_run_of_another_version_has_come_is_refused_by_its_format() =>
        Assert.Contains(
            "has format 1, and this version",
            Assert.Throws<DecantException>(() => RunState.Read(_folder.Write("progress.json", """{"format":1,"decant_version":"0.9","job":"distill","threads":2,"data":{}}"""))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void How_far_a_run_has_come_is_read_where_keys_are_left_out() =>
        Assert.Equal((0, 0), RunState.Read(_folder.Write("progress.json", $$"""{"format":4,"job":"distill",{{Run}},"threads":2,"data":{} }""")) is { } state ? (state.Finished.Count, state.Written.Count) : (-1, -1));

    private static RunRecord Record(string lines, out string kind)
    {
        kind = JsonSerializer.Serialize<RunEvent>(new DataDescribed { Source = "x" }, RecordLine.Event).Split('"')[3];
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines.Replace("data-described", kind, StringComparison.Ordinal)));
        return RunRecord.Read(stream, "record.jsonl");
    }
}
