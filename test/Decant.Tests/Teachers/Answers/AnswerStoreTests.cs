using Decant.Teachers.Answers.Storage;

namespace Decant.Tests.Teachers.Answers;

public sealed class AnswerStoreTests : IDisposable
{
    private const int Few = 6;

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_is_read_at_once_and_after_it_is_opened_again()
    {
        using (var store = AnswerStore.OpenOrCreate(Store, MadeUpStore.Manifest))
        {
            Assert.Equal(Few, store.Append(Enumerable.Range(0, Few).Select(MadeUpStore.Answer)));
            Assert.Equal((Few, Few), (store.Count, MadeUpStore.Right(store, 100)));
            Assert.Equal(1, store.Append([MadeUpStore.Answer(2), MadeUpStore.Answer(Few), MadeUpStore.Answer(Few)]));
        }

        foreach (var withIndex in new[] { true, false })
        {
            if (!withIndex)
                Assert.All(Directory.GetFiles(Store, "*.index"), File.Delete);
            using var again = AnswerStore.Open(Store);
            Assert.Equal((Few + 1, Few + 1), (again.Count, MadeUpStore.Right(again, 100)));
            Assert.False(again.TryRead(MadeUpStore.KeyOf(99), out _));
        }

        Assert.True(StoreCheck.Run(Store).IsSound);
    }

    [Fact]
    public void A_full_shard_is_followed_by_another_and_one_with_room_is_continued()
    {
        MadeUpStore.Fill(Store, 0, 20, fullShard: 400);
        var shards = MadeUpStore.Shards(Store);
        Assert.True(shards.Length > 2, $"{shards.Length} shards");
        MadeUpStore.Fill(Store, 20, 1);
        Assert.Equal(shards, MadeUpStore.Shards(Store));
        using var store = AnswerStore.Open(Store);
        Assert.Equal(21, MadeUpStore.Right(store, 100));
    }

    /// <summary>A run may be killed after any byte of a write: all answers before it are there, and the next run continues.</summary>
    [Fact]
    public void Cut_off_after_any_byte_the_answers_before_are_read_and_the_next_is_appended()
    {
        MadeUpStore.Fill(Store, 0, Few);
        var whole = File.ReadAllBytes(MadeUpStore.Shards(Store)[0]);
        var counts = new HashSet<int>();
        for (var length = 0; length < whole.Length; length++)
        {
            var folder = Copy($"cut-{length}", whole[..length]);
            int before;
            using (var reader = AnswerStore.Open(folder))
            {
                before = MadeUpStore.Right(reader, Few);
                Assert.Equal((before, 0), (reader.Count, reader.Damaged));
                counts.Add(before);
            }

            MadeUpStore.Fill(folder, 0, Few + 1);
            using var store = AnswerStore.Open(folder);
            Assert.Equal(Few + 1, MadeUpStore.Right(store, 100));
            var check = StoreCheck.Run(folder);
            Assert.Equal((Few + 1, 0, 0), (check.Answers, check.Duplicates, check.Damaged));
            Assert.Equal(length < ShardFormat.HeaderSize ? length : 0, check.CutOff); // a shard without a header is left for 'trim'
        }

        Assert.Equal(Enumerable.Range(0, Few), counts.Order());
    }

    [Fact]
    public void A_bit_that_flips_costs_one_answer_and_is_found()
    {
        MadeUpStore.Fill(Store, 0, Few);
        var whole = File.ReadAllBytes(MadeUpStore.Shards(Store)[0]);
        for (var at = ShardFormat.HeaderSize; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            var folder = Copy("flipped", damaged);
            using (var store = AnswerStore.Open(folder))
                Assert.InRange(MadeUpStore.Right(store, Few), Few - 1, Few);
            var check = StoreCheck.Run(folder);
            var isPadding = check.Answers == Few;
            Assert.True(isPadding ? check.IsSound : check.Damaged == 1 || check.CutOff > 0, $"byte {at}: {check}");
            MadeUpStore.Fill(folder, 0, Few); // asks again for what is lost
            StoreTrim.Run(folder);
            Assert.Equal((Few, true), (StoreCheck.Run(folder).Answers, StoreCheck.Run(folder).IsSound));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_answer_that_is_damaged_under_an_index_is_asked_again()
    {
        MadeUpStore.Fill(Store, 0, Few);
        var shard = MadeUpStore.Shards(Store)[0];
        var bytes = File.ReadAllBytes(shard);
        bytes[ShardFormat.HeaderSize * 2 + 3] ^= 4; // in the first payload
        File.WriteAllBytes(shard, bytes);
        Assert.True(File.Exists(ShardIndexFile.PathOf(shard)));
        using (var store = AnswerStore.Open(Store))
        {
            Assert.Equal(Few, store.Count); // the index says so
            Assert.False(store.TryRead(MadeUpStore.KeyOf(0), out _));
            Assert.Equal(1, store.Append([MadeUpStore.Answer(0)]));
            Assert.Equal((Few, 1), (MadeUpStore.Right(store, Few), store.Damaged));
        }

        using var again = AnswerStore.Open(Store);
        Assert.Equal(Few, MadeUpStore.Right(again, Few));
    }

    [Fact]
    public void A_store_of_another_teacher_or_of_other_settings_is_refused_by_what_differs()
    {
        MadeUpStore.Fill(Store, 0, 1);
        var error = Assert.Throws<DecantException>(() => AnswerStore.OpenOrCreate(Store, MadeUpStore.Manifest with { Teacher = "ffff", Name = "other", Vocabulary = 4 }));
        Assert.Equal($"{Store} holds other answers: 'teacher' is \"a1b2\", not \"ffff\"; 'vocabulary' is 3, not 4. Use another folder, or remove this one.", error.Message);
        using var store = AnswerStore.OpenOrCreate(Store, MadeUpStore.Manifest with { Name = "renamed" });
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void A_shard_of_another_store_or_of_a_newer_program_is_refused()
    {
        MadeUpStore.Fill(Store, 0, 1);
        var strange = Path.Combine(Store, "000009.answers");
        File.WriteAllBytes(strange, ShardFormat.Header(17));
        Assert.Contains("another teacher", Assert.Throws<DecantException>(() => AnswerStore.Open(Store)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(strange, new byte[64]);
        Assert.Contains("damaged", Assert.Throws<DecantException>(() => AnswerStore.Open(Store)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1,", "\"version\": 2,", "version 2 of the format")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"colour\": 3,", "unknown key 'colour'")]
    [InlineData("decant-answers", "something", "expected \"format\": \"decant-answers\"")]
    [InlineData("\"logits\"", "\"thoughts\"", "Expected one of logits, top-k, sampled, texts, scores, vectors, states")]
    [InlineData("\"vocabulary\": 3", "\"vocabulary\": 0", "'vocabulary' is 0")]
    [InlineData("{", "", "is damaged, at line ")]
    public void A_manifest_that_is_newer_or_wrong_is_refused(string old, string replacement, string expected)
    {
        MadeUpStore.Fill(Store, 0, 1);
        var path = Path.Combine(Store, "manifest.json");
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<DecantException>(() => AnswerStore.Open(Store)).Message, StringComparison.Ordinal);
    }

    private string Copy(string name, byte[] shard)
    {
        var folder = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(Store, "manifest.json"), Path.Combine(folder, "manifest.json"));
        File.WriteAllBytes(Path.Combine(folder, "000001.answers"), shard);
        return folder;
    }
}
