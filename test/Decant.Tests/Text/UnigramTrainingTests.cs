using System.Text;
using System.Text.Json;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Normalization;
using Decant.Text.Patterns;
using Decant.Text.PreTokenization;
using Decant.Text.Training;
using Decant.Text.Training.Unigram;
using Decant.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Text;

public class UnigramTrainingTests(ITestOutputHelper output)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers");
    private static readonly string[] s_corpus = File.ReadAllLines(Path.Combine(s_folder, "corpus.txt"));

    [Fact]
    public void Rounds_of_expectation_maximisation_give_the_numbers_of_every_way_listed()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "unigram_em.json"))); // by unigram_em.py
        var root = golden.RootElement;
        var runs = root.GetProperty("runs").EnumerateArray().Select(run => (run.GetProperty("text").GetString()!, run.GetProperty("count").GetInt64())).ToArray();
        var tokens = root.GetProperty("tokens").EnumerateObject().ToArray();
        var pieces = UnigramPieces.Of([.. tokens.Select(token => token.Name)], [.. tokens.Select(token => token.Value.GetDouble())], characters: 3);
        var rounds = root.GetProperty("rounds").EnumerateArray().ToArray();
        Assert.Equal(3, rounds.Length);
        foreach (var round in rounds)
        {
            (pieces, var likelihood) = UnigramTraining.Round(pieces, runs);
            Assert.Equal(round.GetProperty("logLikelihood").GetDouble(), likelihood, 1e-9);
            for (var i = 0; i < pieces.Count; i++) Assert.Equal(round.GetProperty("scores").GetProperty(pieces.Texts[i]).GetDouble(), pieces.Scores[i], 1e-9);
        }
    }

    [Fact]
    public void One_run_of_two_ways_by_hand()
    {
        // a, b, ab are as probable: "ab" is a·b with 1/9 or ab with 1/3, so one in four and three in four; expected 1/4, 1/4, 3/4.
        var (pieces, likelihood) = UnigramTraining.Round(UnigramPieces.Of(["a", "b", "ab"], [1, 1, 1], 2), [("ab", 1)]);
        Assert.Equal(Math.Log(4.0 / 9), likelihood, 1e-12);
        Assert.Equal([Math.Log(0.2), Math.Log(0.2), Math.Log(0.6)], pieces.Scores.Select(score => Math.Round(score, 12)), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void The_likelihood_rises_with_every_round()
    {
        var corpus = Corpus(s_corpus);
        var pieces = UnigramTraining.Seeds(corpus, longest: 16);
        Assert.True(pieces.Count > 2 * corpus.Alphabet.Length, $"{pieces.Count} seeds, {corpus.Alphabet.Length} characters");
        var before = double.NegativeInfinity;
        for (var round = 0; round < 10; round++)
        {
            (pieces, var likelihood) = UnigramTraining.Round(pieces, corpus.Runs);
            Assert.True(likelihood > before, $"round {round}: {likelihood} after {before}");
            before = likelihood;
        }
    }

    [Fact]
    public void Seeds_are_the_substrings_that_occur_twice_and_do_not_always_go_on_the_same_way()
    {
        (string, long)[] runs = [.. HardTexts.Some(60).SelectMany(text => new RunCutter().Cut(text)).Append("banana").GroupBy(run => run, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, (long)g.Count()))];
        const int longest = 5;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var longer = new Dictionary<string, long>(StringComparer.Ordinal); // the number of the most frequent continuation
        foreach (var (text, count) in runs)
        {
            var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
            for (var start = 0; start < runes.Length; start++)
                for (var length = 2; length <= longest && start + length <= runes.Length; length++)
                    counts[string.Concat(runes.Skip(start).Take(length))] = counts.GetValueOrDefault(string.Concat(runes.Skip(start).Take(length))) + count;
        }

        foreach (var (text, count) in counts)
        {
            var last = text.EnumerateRunes().Last().Utf16SequenceLength;
            longer[text[..^last]] = Math.Max(longer.GetValueOrDefault(text[..^last]), count);
        }

        var expected = counts.Where(pair => pair.Value >= 2 && longer.GetValueOrDefault(pair.Key) < pair.Value).Select(pair => (pair.Key, pair.Value)).ToHashSet();
        var found = FrequentSubstrings.Of(runs, longest, int.MaxValue, CancellationToken.None);
        Assert.True(found.Length > 100);
        Assert.Equal(found.Length, found.Distinct().Count());
        Assert.True(expected.SetEquals(found), string.Join(' ', expected.Except(found).Take(5)) + " | " + string.Join(' ', found.Except(expected).Take(5)));
    }

    [Fact]
    public void The_seeds_of_banana_by_hand() =>
        Assert.Equal([("ana", 2L), ("na", 2L)], FrequentSubstrings.Of([("banana", 1)], 5, 10, CancellationToken.None)); // "an" always goes on with a

    [Fact]
    public void Of_many_seeds_the_best_are_kept()
    {
        (string, long)[] runs = [.. HardTexts.Some(200).SelectMany(text => new RunCutter().Cut(text)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(run => (run, 3L))];
        var all = FrequentSubstrings.Of(runs, 8, int.MaxValue, CancellationToken.None);
        Assert.True(all.Length > 500);
        Assert.Equal(all[..20], FrequentSubstrings.Of(runs, 8, 20, CancellationToken.None));
    }

    [Fact]
    public void The_best_way_is_the_best_of_all_ways()
    {
        var pieces = UnigramPieces.Of(["a", "b", "ab", "ba", "aba"], [3, 2, 4, 1, 1], 2);
        var (lattice, path) = (new UnigramLattice(pieces), new List<int>());
        foreach (var text in new[] { "a", "ab", "aba", "abab", "babaab", "aabbaaba" })
        {
            foreach (var without in new[] { -1, 2, 4 })
            {
                var best = Ways(text).Where(way => !way.Contains(without)).Max(way => way.Sum(id => pieces.Scores[id]));
                Assert.Equal(best, lattice.Best(text, path, without), 1e-12);
                Assert.Equal(best, path.Sum(id => pieces.Scores[id]), 1e-12);
                Assert.Equal(text, string.Concat(Enumerable.Reverse(path).Select(id => pieces.Texts[id])));
            }
        }

        IEnumerable<int[]> Ways(string text) => text.Length == 0 ? [[]] : Enumerable.Range(0, pieces.Count).Where(id => text.StartsWith(pieces.Texts[id], StringComparison.Ordinal))
            .SelectMany(id => Ways(text[pieces.Texts[id].Length..]).Select(rest => (int[])[id, .. rest]));
    }

    [Fact]
    public void The_token_that_is_used_more_outlives_the_other_and_characters_stay()
    {
        (string, long)[] runs = [("ab", 50), ("cd", 5), ("e", 1)];
        var pieces = UnigramPieces.Of(["a", "b", "c", "d", "e", "cd", "ab"], [1, 1, 1, 1, 1, 10, 10], 5);
        Assert.Equal(["a", "b", "c", "d", "e", "ab"], UnigramTraining.Prune(pieces, runs, 6).Texts);
        Assert.Equal(["a", "b", "c", "d", "e"], UnigramTraining.Prune(pieces, runs, 5).Texts);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(400, true)]
    [InlineData(150, false)]
    [InlineData(300, false)]
    public void The_vocabulary_has_the_size_that_was_asked_for(int size, bool bytes)
    {
        var tokenizer = new UnigramOptions { Vocabulary = size, ByteFallback = bytes }.Train(s_corpus);
        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(size, tokenizer.TokenToId.Count);
        Assert.Equal((0, 1, 2, 3, 4), (tokenizer.Special.Pad, tokenizer.Special.Unknown, tokenizer.Special.Classification, tokenizer.Special.Separator, tokenizer.Special.Mask));
    }

    [Fact]
    public void More_tokens_than_the_corpus_has_substrings_are_not_made_up()
    {
        var tokenizer = new UnigramOptions { Vocabulary = 5000, ByteFallback = false }.Train(["abab abab", "cd"]);
        Assert.InRange(tokenizer.VocabularySize, 5 + 5, 30);
        Assert.True(tokenizer.TokenToId.ContainsKey("▁abab"));
        Assert.False(tokenizer.TokenToId.ContainsKey("cd"), "it occurs once");
    }

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        var tokenizer = new UnigramOptions { Vocabulary = 400 }.Train(s_corpus);
        var rune = Gen.OneOf(Gen.Choose(0, 0x10FFFF).Where(code => Rune.IsValid(code) && code != '▁').Select(code => new Rune(code).ToString()), Gen.Elements(" ", "  ", "<0x41>", "the", "中", "1", "\n"));
        Prop.ForAll(rune.ListOf().Select(string.Concat).ToArbitrary(), text => tokenizer.Decode(tokenizer.Encode(text)) == text).QuickCheckThrowOnFailure();
        foreach (var text in (string[])["<0x41>", " <0xFF><0x00>", " leading", "trailing ", "二十世纪。", "a\nb\tc", "👍🏽"])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Characters_beyond_the_coverage_are_unknown_without_bytes_and_the_rarest_are_those()
    {
        string[] texts = [.. Enumerable.Repeat("aaaa bbbb", 100), "z"];
        var tokenizer = new UnigramOptions { Vocabulary = 300, ByteFallback = false, Coverage = 0.99 }.Train(texts);
        Assert.True(tokenizer.TokenToId.ContainsKey("a"));
        Assert.False(tokenizer.TokenToId.ContainsKey("z"));
        Assert.Equal(tokenizer.Special.Unknown, tokenizer.Encode("z")[^1]);
        Assert.True(new UnigramOptions { Vocabulary = 300, ByteFallback = false, Coverage = 1 }.Train(texts).TokenToId.ContainsKey("z"));
    }

    [Fact]
    public void Case_is_dropped_where_asked() =>
        Assert.Equal("the cat", new UnigramOptions { Vocabulary = 300, LowerCase = true }.Train(s_corpus) is var t ? t.Decode(t.Encode("The CAT")) : "");

    [Fact]
    public void Tokens_join_no_letters_with_digits_or_other_signs()
    {
        var tokenizer = new UnigramOptions { Vocabulary = 400 }.Train(Enumerable.Repeat("abc123, it's 二十。世纪", 50));
        Assert.All(tokenizer.TokenToId.Where(token => token.Value >= 5 + 256), token => Assert.Single(new RunCutter().Cut(token.Key)));
        Assert.Equal(["▁abc", "123", ",", "▁it", "'", "s"], tokenizer.Tokenize("abc123, it's", options: new TokenizeOptions { AddSpecial = false }).Tokens);
    }

    [Fact]
    public void Texts_of_spaces_alone_are_refused() =>
        Assert.Contains("the texts have no words", Assert.Throws<DecantException>(() => new UnigramOptions().Train([" ", "   "])).Message);

    [Fact]
    public void A_vocabulary_without_room_for_bytes_is_refused()
    {
        Assert.Contains("a vocabulary of 280 was requested, and 281 tokens are needed", Assert.Throws<DecantException>(() => new UnigramOptions { Vocabulary = 280 }.Train(s_corpus)).Message);
        Assert.Equal(281, new UnigramOptions { Vocabulary = 281 }.Train(s_corpus).VocabularySize);
    }

    [Fact]
    public void A_saved_tokenizer_is_loaded_with_the_same_ids()
    {
        var trained = new UnigramOptions { Vocabulary = 400 }.Train(s_corpus);
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(trained, folder.Path, maxTokens: 64);
        var loaded = TokenizerFile.Load(folder.Path);
        Assert.Equal(trained.Hash, loaded.Hash);
        foreach (var text in HardTexts.Some(300)) Assert.Equal(trained.Encode(text), loaded.Encode(text));
    }

    [Fact]
    public void WikiText_2_is_learned_and_its_lines_come_back() => Learn("wikitext-2", "*train*", 8000);

    [Fact]
    public void Chinese_reviews_are_learned_and_come_back() => Learn("zh/chnsenticorp", "train*", 8000);

    private void Learn(string name, string pattern, int size)
    {
        var lines = File.ReadAllLines(Directory.GetFiles(TestData.Need(name), pattern, SearchOption.AllDirectories).Single());
        var tokenizer = new UnigramOptions { Vocabulary = size }.Train(lines);
        output.WriteLine($"{name}: {lines.Sum(line => (long)line.Length):N0} characters, {size:N0} tokens");
        Assert.Equal(size, tokenizer.VocabularySize);
        var (characters, tokens) = (0L, 0L);
        foreach (var line in lines.Take(5000).Where(line => !line.Contains('▁', StringComparison.Ordinal)))
        {
            var ids = tokenizer.Encode(line);
            Assert.Equal(Characters.WellFormed(line), tokenizer.Decode(ids));
            (characters, tokens) = (characters + line.Length, tokens + ids.Length);
        }

        output.WriteLine($"{(double)characters / tokens:0.00} characters per token; " + string.Join(' ', Enumerable.Range(261, 40).Concat(Enumerable.Range(3000, 20)).Select(tokenizer.TokenOf)));
    }

    private static UnigramCorpus Corpus(string[] texts) => UnigramCorpus.Of(
        WordCounts.Of(texts, new ReplaceNormalizer(TextPattern.Literal(" "), "▁"), new PreTokenizerSequence([new MetaspacePreTokenizer('▁', "never", split: true), new RunCutter()]), CancellationToken.None), 1, 1000, "▁");
}
