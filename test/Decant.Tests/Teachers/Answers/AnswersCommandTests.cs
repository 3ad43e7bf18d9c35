using Decant.Teachers.Answers.Storage;
using Decant.Tests.Cli;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Teachers.Answers;

public sealed class AnswersCommandTests : IDisposable
{
    private readonly CliRunner _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Stores_are_listed_verified_merged_and_trimmed()
    {
        MadeUpStore.Fill(In("stores/a"), 0, 5);
        MadeUpStore.Fill(In("stores/b"), 3, 5);
        Assert.Equal(0, _cli.Run("answers", "list", In("stores")));
        Assert.Equal(0, _cli.Run("answers", "verify", In("stores/a")));
        Assert.Equal(0, _cli.Run("answers", "merge", In("stores/a"), In("stores/b"), "--out", In("all")));
        Assert.Equal(0, _cli.Run("answers", "trim", In("all"), "--most-mib", "1"));
        Assert.Equal("""
            DIR/stores/a: 5 answers, 352 B. logits: 3 numbers in float32; teacher a teacher, a1b2.
            DIR/stores/b: 5 answers, 392 B. logits: 3 numbers in float32; teacher a teacher, a1b2.
            DIR/stores/a: 5 answers with 11 rows in 1 files, 352 B. Sound.
            DIR/all: 8 answers were new; it has 8 now, 576 B.
            DIR/all: 8 answers kept, 0 dropped, 576 B before, 576 B now.

            """, _cli.Out);
        Assert.Equal("", _cli.Error);
    }

    [Fact]
    public void A_damaged_store_is_told_by_the_exit_code_and_repaired_by_trim()
    {
        MadeUpStore.Fill(In("a"), 0, 5);
        var shard = MadeUpStore.Shards(In("a"))[0];
        var bytes = File.ReadAllBytes(shard);
        bytes[70] ^= 1;
        File.WriteAllBytes(shard, bytes[..^3]);
        Assert.Equal(2, _cli.Run("answers", "verify", In("a")));
        Assert.Contains("1 damaged, which will be asked again", _cli.Out);
        Assert.Equal(0, _cli.Run("answers", "trim", In("a")));
        Assert.Equal(0, _cli.Run("answers", "verify", In("a")));
    }

    [Theory]
    [InlineData("does not exist", "answers", "list", "none")]
    [InlineData("has no store of answers", "answers", "verify", ".")]
    [InlineData("is no store of answers", "answers", "trim", ".")]
    [InlineData("is no store of answers", "answers", "merge", ".", "--out", "x")]
    [InlineData("cannot be merged into itself", "answers", "merge", "y", "x/", "--out", "x")]
    [InlineData("expected 0 or more", "answers", "trim", ".", "--most-mib", "-1")]
    public void What_is_no_store_is_refused(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run([.. args.Select(arg => arg == "." ? _cli.Folder : arg)]));
        Assert.Contains(expected, _cli.Error);
    }

    /// <summary>A process that is killed (SIGKILL) while it writes, again and again: each time the store has the first answers, whole, and in the end all of them, once.</summary>
    [Fact]
    public void A_killed_process_loses_nothing_that_was_answered()
    {
        const int questions = 60_000;
        using (var source = AnswerStore.OpenOrCreate(In("source"), MadeUpStore.Manifest))
            source.Append(Enumerable.Range(0, questions).Select(MadeUpStore.Answer));
        var (before, kills) = (0, 0);
        for (var (attempt, isDone) = (0, false); !isDone; attempt++)
        {
            using var process = CommandProcess.Start(_cli.Folder, "answers", "merge", "source", "--out", "target");
            var most = attempt < 3 ? 32L * questions * (attempt + 1) / 8 : long.MaxValue;
            process.Until(() => Directory.Exists(In("target")) && Directory.GetFiles(In("target"), "*.answers").Sum(file => new FileInfo(file).Length) > most);
            if (most < long.MaxValue)
                process.Kill();
            isDone = process.Wait() == 0;
            kills += isDone ? 0 : 1;
            using var store = AnswerStore.Open(In("target"));
            Assert.Equal((store.Count, 0), (MadeUpStore.Right(store, questions), store.Damaged));
            Assert.True(store.Count > before || store.Count == questions, $"{store.Count} answers after {before}");
            before = store.Count;
        }

        Assert.True(kills >= 2, $"only {kills} processes were killed before they were done");
        var check = StoreCheck.Run(In("target"));
        Assert.Equal((questions, 0, 0), (check.Answers, check.Duplicates, check.Damaged));
    }

    private string In(string name) => Path.Combine(_cli.Folder, name);
}
