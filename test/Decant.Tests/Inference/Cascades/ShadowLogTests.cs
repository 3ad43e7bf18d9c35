using System.Text.Json;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Inference.Cascades;

namespace Decant.Tests.Inference.Cascades;

public sealed class ShadowLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ShadowRow Row(string text) => new(text, "yes", "no", 0.5, true);

    private string[] Lines() => [.. Directory.GetFiles(_folder.Path, "shadow-*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];

    [Fact]
    public async Task Rows_are_redacted_lines_of_JSON()
    {
        await using (var log = new ShadowLog(new() { Folder = _folder.Path }))
            log.Keep(Row("Write to ann.o'hara@example.co.uk or +49 (30) 123-456,\nroom 12 of 2026"));
        using var json = JsonDocument.Parse(Assert.Single(Lines()));
        Assert.Equal("Write to ann.o'[e-mail] or [number],\nroom 12 of 2026", json.RootElement.GetProperty("text").GetString());
        Assert.Equal("yes", json.RootElement.GetProperty("label").GetString());
    }

    [Fact]
    public async Task Kept_rows_are_the_next_training_set()
    {
        for (var part = 0; part < 2; part++)
        {
            await using var log = new ShadowLog(new() { Folder = _folder.Path });
            for (var i = 0; i < 10; i++)
                log.Keep(Row($"row {part} {i} 你好") with { Label = i % 2 == 0 ? "yes" : "no" });
        }

        using var data = new JsonlOptions { File = _folder.Write("kept.jsonl", string.Concat(Lines().Select(line => line + "\n"))) }.Open();
        Assert.Equal((20, 20), (data.Count, data.LabelledCount));
        Assert.Equal(["no", "yes"], data.Classes);
        Assert.Contains("row 1 9 你好", Enumerable.Range(0, 20).Select(i => ((TextContent)data[i].Content).Text));
    }

    [Theory]
    [InlineData("a@b.de", "[e-mail]")]
    [InlineData("4111 1111 1111 1111", "[number]")]
    [InlineData("12345", "12345")]
    [InlineData("123456", "[number]")]
    [InlineData("in 1999 and 2026", "in 1999 and 2026")]
    [InlineData("", "")]
    public void What_is_redacted(string text, string expected) => Assert.Equal(expected, Redaction.EmailsAndNumbers(text));

    [Fact]
    public async Task A_redaction_that_throws_keeps_nothing_of_that_row()
    {
        await using (var log = new ShadowLog(new() { Folder = _folder.Path, Redact = t => t == "bad" ? throw new InvalidOperationException("no") : t }))
        {
            log.Keep(Row("bad"));
            log.Keep(Row("good"));
            Assert.True(SpinWait.SpinUntil(() => log.Kept == 1, TimeSpan.FromSeconds(10)));
            Assert.Equal(1, log.Dropped);
            Assert.IsType<InvalidOperationException>(log.LastFault);
        }

        Assert.Contains("good", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bytes_are_bounded_and_the_oldest_go_first()
    {
        _folder.Write("notes.txt", new string('x', 100_000));
        await using (var log = new ShadowLog(new() { Folder = _folder.Path, Bytes = 1 << 16 }))
        {
            for (var i = 0; i < 2000; i++)
            {
                log.Keep(Row(new string('a', 200) + "-" + (char)('a' + (i % 26))));
                SpinWait.SpinUntil(() => log.Kept > i - 500, TimeSpan.FromSeconds(10));
            }
        }

        Assert.InRange(Directory.GetFiles(_folder.Path, "shadow-*.jsonl").Sum(f => new FileInfo(f).Length), 1 << 15, 1 << 16);
        Assert.Contains($"-{(char)('a' + (1999 % 26))}\"", Lines()[^1], StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "notes.txt")));
    }

    [Fact]
    public async Task Files_older_than_the_days_are_deleted_when_the_next_begins()
    {
        var old = _folder.Write("shadow-20200101-0-0001.jsonl", "{}\n");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-31));
        var young = _folder.Write("shadow-20200102-0-0001.jsonl", "{}\n");
        File.SetLastWriteTimeUtc(young, DateTime.UtcNow.AddDays(-29));
        await using (var log = new ShadowLog(new() { Folder = _folder.Path }))
            log.Keep(Row("new"));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task A_folder_that_goes_away_drops_rows_and_throws_nothing()
    {
        var folder = Path.Combine(_folder.Path, "gone");
        await using var log = new ShadowLog(new() { Folder = folder });
        Directory.Delete(folder);
        log.Keep(Row("a"));
        Assert.True(SpinWait.SpinUntil(() => log.Dropped == 1, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Two_logs_share_a_folder()
    {
        await using (var a = new ShadowLog(new() { Folder = _folder.Path }))
        await using (var b = new ShadowLog(new() { Folder = _folder.Path }))
        {
            a.Keep(Row("a"));
            b.Keep(Row("b"));
        }

        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public async Task The_share_is_drawn()
    {
        await using var log = new ShadowLog(new() { Folder = _folder.Path, Share = 0.25 }, random: new Random(1));
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => log.Draw()), 2_300, 2_700);
    }

    [Theory]
    [InlineData("", 0.1, 1, 1 << 20)]
    [InlineData("x", 1.5, 1, 1 << 20)]
    [InlineData("x", 0.1, 0, 1 << 20)]
    [InlineData("x", 0.1, 1, 10)]
    public void Options_out_of_range_are_refused(string folder, double share, int days, long bytes) =>
        Assert.Throws<DecantException>(() => new ShadowLog(new() { Folder = folder.Length == 0 ? "" : Path.Combine(_folder.Path, folder), Share = share, Days = days, Bytes = bytes }));
}
