using System.Text;
using Decant.Data;
using Decant.Data.Tokens;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.Data;

public sealed class TokenFileTests : IDisposable
{
    private const int End = 1;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Documents_follow_one_another_with_an_end_of_text_after_each(int vocabulary, int width)
    {
        using var data = Texts("5 6 65535", "", "7", "no numbers");
        using var file = Open(data, MadeUpTokenizer.Make(vocabulary));
        Assert.Equal([5, 6, 65535, End, End, 7, End, End], All(file));
        Assert.Equal((4, 2, 5 + 4 + 1 + 10), (file.Documents, file.EmptyDocuments, file.TextBytes));
        Assert.Equal([0, 4, 5, 7, 8], Enumerable.Range(0, 5).Select(i => file.StartOf(i)));
        Assert.Equal([0, 0, 0, 0, 1, 2, 2, 3], Enumerable.Range(0, 8).Select(i => file.DocumentOf(i)));
        Assert.Equal(256 + ((8 * width) + 7) / 8 * 8 + (4 * 16), new FileInfo(file.Path).Length);
        Assert.Contains(_notices, notice => notice.Contains("2 of 4 documents have no tokens"));
    }

    [Fact]
    public void Bytes_are_exact_at_the_ends_of_documents_and_grow_evenly_within()
    {
        using var data = Texts("11 12 13 14", "15");
        using var file = Open(data);
        Assert.Equal([0, 2, 5, 8, 11, 11, 13, 13], Enumerable.Range(0, 8).Select(i => file.BytesBefore(i)));
    }

    [Fact]
    public void A_file_is_built_once_and_found_again()
    {
        using var data = Texts("5 6", "7");
        var tokenizer = MadeUpTokenizer.Make(100);
        Open(data, tokenizer).Dispose();
        var calls = MadeUpTokenizer.CallsOf(tokenizer);
        using var again = Open(data, tokenizer);
        Assert.Equal([5, 6, End, 7, End], All(again));
        Assert.Equal(calls, MadeUpTokenizer.CallsOf(tokenizer));
        Assert.Empty(_notices);
    }

    [Fact]
    public void Another_tokenizer_source_order_or_end_of_text_makes_another_file()
    {
        using var data = Texts("5 6", "7");
        using var other = Texts("7", "5 6");
        Open(data).Dispose();
        Open(other).Dispose();
        Open(data, MadeUpTokenizer.Make(100, "another")).Dispose();
        TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(100), 2, _folder.Path).Dispose();
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Damage_anywhere_is_noticed_and_the_file_is_built_anew()
    {
        using var data = Texts("5 6", "7");
        string path;
        using (var file = Open(data)) path = file.Path;
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at += at is >= 184 and < 250 ? 64 : 3)
        {
            if (at is >= 184 and < 256) continue; // the header's unused end
            _notices.Clear();
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(path, damaged);
            using var file = Open(data);
            Assert.Equal([5, 6, End, 7, End], All(file));
            Assert.Contains("the token file is built anew", Assert.Single(_notices));
        }

        foreach (var length in new[] { 0, 1, 255, 256, whole.Length - 1, whole.Length + 1 })
        {
            _notices.Clear();
            File.WriteAllBytes(path, [.. whole.Take(length), .. new byte[Math.Max(0, length - whole.Length)]]);
            using var file = Open(data);
            Assert.Equal([5, 6, End, 7, End], All(file));
            Assert.Single(_notices);
        }

        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_under_another_files_name_is_noticed()
    {
        using var data = Texts("5 6");
        using var other = Texts("8 9");
        string path;
        using (var file = Open(data)) path = file.Path;
        using (var file = Open(other)) File.Copy(file.Path, path, overwrite: true);
        using var again = Open(data);
        Assert.Equal([5, 6, End], All(again));
        Assert.Contains("made of another source", Assert.Single(_notices));
    }

    [Fact]
    public void The_file_is_the_same_for_any_number_of_threads()
    {
        var rng = new Rng(1);
        var texts = Enumerable.Range(0, 300).Select(i => string.Join(i % 3 == 0 ? '\n' : ' ', Enumerable.Range(0, i % 50 == 0 ? 40_000 : rng.Next(50)).Select(_ => rng.Next(100)))).ToArray();
        using var data = Texts(texts);
        var files = new[] { 1, 2, 7 }.Select(threads =>
        {
            var folder = Path.Combine(_folder.Path, $"{threads}");
            using var file = TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(100), End, folder, new TokenFileOptions { Threads = threads });
            return File.ReadAllBytes(file.Path);
        }).ToArray();
        Assert.Equal(files[0], files[1]);
        Assert.Equal(files[0], files[2]);
        Assert.Equal(texts.SelectMany(text => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Append(End)), All(Open(data)));
    }

    [Fact]
    public async Task Several_that_build_at_once_do_each_other_no_harm()
    {
        using var data = Texts([.. Enumerable.Range(0, 200).Select(i => $"{i} {i}")]);
        var gate = new Barrier(4);
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            gate.SignalAndWait();
            using var file = TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(1000), End, _folder.Path);
            return All(file);
        })).ToArray();
        foreach (var ids in await Task.WhenAll(tasks)) Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => new[] { i, i, End }), ids);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Building_that_is_stopped_or_fails_leaves_nothing_behind()
    {
        using var data = Texts([.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        using var cancel = new CancellationTokenSource();
        var stopping = MadeUpTokenizer.Make(100, encode: text =>
        {
            cancel.Cancel();
            return [];
        });
        Assert.ThrowsAny<OperationCanceledException>(() => TokenFile.OpenOrBuild(data, stopping, End, _folder.Path, cancellationToken: cancel.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path));
        var failing = MadeUpTokenizer.Make(100, encode: text => text == "7" ? throw new InvalidDataException("seven") : [2]);
        Assert.Equal("seven", Assert.Throws<InvalidDataException>(() => TokenFile.OpenOrBuild(data, failing, End, _folder.Path)).Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_when_it_is_old_and_left_alone_when_it_is_young()
    {
        using var data = Texts("5");
        var old = _folder.Write($"{new string('a', 32)}.tokens.{Guid.NewGuid():N}.tmp", "half");
        var young = _folder.Write($"{new string('b', 32)}.tokens.{Guid.NewGuid():N}.tmp", "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        Open(data).Dispose();
        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    [Fact]
    public void Ids_outside_of_the_vocabulary_and_samples_that_are_no_text_are_refused_with_their_place()
    {
        using var data = Texts("5", "6 100");
        Assert.Contains("texts, sample 2: the tokenizer gave the id 100, and its vocabulary has the ids 0 to 99", Assert.Throws<DecantException>(() => Open(data)).Message);
        Assert.Contains("the end of text is to be token 100", Assert.Throws<DecantException>(() => TokenFile.OpenOrBuild(data, MadeUpTokenizer.Make(100), 100, _folder.Path)).Message);
        using var pairs = Dataset.From("pairs", [(new TextContent("5", "6"), null)]);
        Assert.Contains("pairs, sample 1: expected a text", Assert.Throws<DecantException>(() => Open(pairs)).Message);
        using var plain = Texts("5");
        var file = _folder.Write("file", "x");
        Assert.Equal(ExitCodes.Machine, Assert.Throws<DecantException>(() => TokenFile.OpenOrBuild(plain, MadeUpTokenizer.Make(100), End, file)).ExitCode);
    }

    [Fact]
    public void Long_texts_are_cut_before_a_space_between_words_and_lose_nothing()
    {
        var rng = new Rng(5);
        for (var round = 0; round < 200; round++)
        {
            var alphabet = round % 2 == 0 ? "ab  \n好é" : "abc 𝄞";
            var text = new StringBuilder();
            for (var length = rng.Next(400); text.Length < length;) text.Append(alphabet.EnumerateRunes().ElementAt(rng.Next(alphabet.EnumerateRunes().Count())));
            var pieces = TextPieces.Cut(new StringReader(text.ToString()), 40).ToArray();
            Assert.Equal(text.ToString(), string.Concat(pieces));
            Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 41));
            Assert.All(pieces, piece => Assert.False(char.IsLowSurrogate(piece[0])));
            Assert.Equal(pieces, TextPieces.Cut(new Dripping(text.ToString()), 40));
        }

        Assert.Equal(["one two", " three"], TextPieces.Cut(new StringReader("one two three"), 10));
    }

    [Fact]
    public void A_trained_tokenizer_gives_the_ids_of_the_whole_text_piece_by_piece()
    {
        var text = string.Join(' ', Enumerable.Range(0, 60_000).Select(i => i % 9 == 0 ? "the\n" : $"word{i % 100}"));
        foreach (var tokenizer in new[] { new ByteBpeOptions { Vocabulary = 400 }.Train([text[..5000]]), new WordPieceOptions { Vocabulary = 300 }.Train([text[..5000]]) })
        {
            using var data = Texts(text);
            using var file = TokenFile.OpenOrBuild(data, tokenizer, End, _folder.Path);
            Assert.Equal([.. tokenizer.Encode(text), End], All(file));
        }
    }

    private TokenFile Open(Dataset data, ITokenizer? tokenizer = null) =>
        TokenFile.OpenOrBuild(data, tokenizer ?? MadeUpTokenizer.Make(100), End, _folder.Path, new TokenFileOptions { Notice = _notices.Add });

    private static int[] All(TokenFile file)
    {
        var ids = new int[file.Count];
        file.Read(0, ids);
        return ids;
    }

    private static Dataset Texts(params string[] texts) => Dataset.From("texts", texts.Select(text => ((SampleContent)new TextContent(text), (string?)null)));

    /// <summary>Gives two characters at a time.</summary>
    private sealed class Dripping(string text) : TextReader
    {
        private int _at;

        public override int Read(Span<char> buffer)
        {
            var count = Math.Min(2, text.Length - _at);
            text.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
