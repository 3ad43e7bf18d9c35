using Decant.Data;
using Decant.Data.Duplicates;

namespace Decant.Tests.Data.Duplicates;

public sealed class OverlapIndexTests
{
    private const string Long = "the quick brown fox jumps over the lazy dog while seven tired wizards quietly watch from behind a wall";
    private const string Chinese = "这家酒店的房间很干净服务员也非常热情下次出差还会选择住在这里";

    [Theory]
    [InlineData("How far is it?", "how far, IS it")]
    [InlineData("ｆｕｌｌ　ｗｉｄｔｈ", "full width")] // NFKC
    [InlineData("Cafe\u0301 ole\u0301", "café olé")]
    [InlineData("房间很干净。", "房间 很 干净!")]
    [InlineData("???", " ? ? ? ")]
    public void Case_punctuation_white_space_and_form_do_not_make_a_text_another(string one, string other)
    {
        Assert.Equal(new OverlapMatch(OverlapKind.Exact, 0, 1), OverlapIndex.Of([one]).Find(other));
        Assert.Null(OverlapIndex.Of([one]).Find(other + " x y z"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("don't stop", 3)]
    [InlineData("我有2只cats", 5)] // 我 有 2 只 cats
    [InlineData("!?", 2)]
    [InlineData("\ud800 broken", 1)]
    public void Words_are_runs_of_letters_and_single_characters_of_scripts_without_spaces(string text, int words) => Assert.Equal(words, TextParts.Of(text).Length);

    [Theory]
    [InlineData(Long, "quietly", "loudly", 17.0 / 21)] // of 19 words one replaced: 2 of 18 pairs on either side
    [InlineData(Chinese, "净", "脏", 27.0 / 31)]
    public void One_word_replaced_is_a_near_duplicate_with_its_exact_similarity(string text, string old, string changed, double expected)
    {
        var words = TextParts.Of(text).Length;
        expected = (words - 3.0) / (words + 1);
        var match = OverlapIndex.Of(["something else entirely", text], new() { Near = 0.8 }).Find(text.Replace(old, changed, StringComparison.Ordinal));
        Assert.NotNull(match);
        Assert.Equal((OverlapKind.Near, 1), (match.Kind, match.Row));
        Assert.Equal(expected, match.Share, 12);
    }

    [Fact]
    public void Below_the_threshold_nothing_is_near_whatever_is_estimated()
    {
        var other = Long.Replace("quick", "slow", StringComparison.Ordinal).Replace("tired", "old", StringComparison.Ordinal).Replace("wall", "tree", StringComparison.Ordinal);
        Assert.Null(OverlapIndex.Of([Long], new() { Ngram = 0 }).Find(other));
        Assert.Equal(OverlapKind.Near, OverlapIndex.Of([Long], new() { Ngram = 0, Near = 0.5 }).Find(other)!.Kind);
    }

    [Fact]
    public void The_most_similar_of_several_is_named()
    {
        string[] texts = [Long.Replace("dog", "cat", StringComparison.Ordinal), Long + " today", Long.Replace("fox", "hare", StringComparison.Ordinal)];
        Assert.Equal(1, OverlapIndex.Of(texts).Find(Long)!.Row);
    }

    [Fact]
    public void Made_near_duplicates_are_found_and_none_where_there_are_none()
    {
        var random = new Rng(3);
        var texts = Enumerable.Range(0, 1500).Select(_ => Sentence(ref random)).ToArray();
        var index = OverlapIndex.Of(texts, new() { Ngram = 0 });
        var (found, near) = (0, 0);
        for (var i = 0; i < texts.Length; i++)
        {
            var words = texts[i].Split(' ');
            words[1 + random.Next(18)] = "zzz";
            var changed = string.Join(' ', words);
            var exact = Shingles.Jaccard(Shingles.Of(TextParts.Of(texts[i]), 2), Shingles.Of(TextParts.Of(changed), 2));
            near += exact >= 0.8 ? 1 : 0;
            found += index.Find(changed) is { } match && match.Row == i ? 1 : 0;
            Assert.Null(index.Find(Sentence(ref random)));
        }

        Assert.True(near > 1400, $"{near}");
        Assert.InRange((double)found / near, 0.985, 1); // 99.8 % by the bands, at 17/21
    }

    [Fact]
    public void Thirteen_words_in_common_are_a_passage_and_twelve_are_none()
    {
        var index = OverlapIndex.Of([Long]);
        var words = Long.Split(' ');
        string With(int n) => "so I said to them all yesterday evening " + string.Join(' ', words[3..(3 + n)]) + " and then we left for good";
        Assert.Null(index.Find(With(12)));
        var match = index.Find(With(13));
        Assert.Equal((OverlapKind.Passage, 0), (match!.Kind, match.Row));
        Assert.Equal(13.0 / 27, match.Share, 12); // 8 + 13 + 6 words
        Assert.Null(OverlapIndex.Of([Long], new() { Ngram = 0 }).Find(With(13)));
        Assert.NotNull(OverlapIndex.Of([Long], new() { Ngram = 5 }).Find(With(5)));
    }

    [Fact]
    public void In_Chinese_a_passage_is_thirteen_characters()
    {
        var index = OverlapIndex.Of([Chinese]);
        string With(int n) => "昨天晚上我们一家人到达的时候已经很晚了" + Chinese[4..(4 + n)] + "可是早餐实在是太一般了让人失望";
        Assert.Null(index.Find(With(12)));
        Assert.Equal(OverlapKind.Passage, index.Find(With(13))!.Kind);
    }

    [Fact]
    public void A_whole_text_of_eight_to_twelve_words_that_stands_in_another_is_a_passage_and_seven_words_are_none()
    {
        const string Question = "what county is the small town of modesto in";
        var around = $"My teacher asked me once again this morning, {Question}, and I did not know what to say.";
        Assert.Equal(OverlapKind.Passage, OverlapIndex.Of([Question]).Find(around)!.Kind);
        Assert.Null(OverlapIndex.Of([string.Join(' ', Question.Split(' ')[..7])]).Find(around));
    }

    [Fact]
    public void Empty_texts_overlap_with_nothing_and_rows_keep_their_numbers()
    {
        var index = OverlapIndex.Of(["", "one two", "One, two!", "three four"]);
        Assert.Equal(4, index.Count);
        Assert.Null(index.Find(""));
        Assert.Equal(1, index.Find("one two")!.Row);
        Assert.Equal(3, index.Find("three four")!.Row);
    }

    [Fact]
    public void Characters_find_what_is_spelled_nearly_alike()
    {
        const string Spelled = "the quik brown fox jumps over teh lazy dog while seven tired wizards quietly watch from behind a wall";
        Assert.Null(OverlapIndex.Of([Long], new() { Ngram = 0 }).Find(Spelled));
        Assert.Equal(OverlapKind.Near, OverlapIndex.Of([Long], new() { Ngram = 0, Shingle = ShingleUnit.Characters, ShingleSize = 3 }).Find(Spelled)!.Kind);
    }

    [Fact]
    public void The_same_texts_give_the_same_matches_from_several_threads()
    {
        var random = new Rng(9);
        var texts = Enumerable.Range(0, 300).Select(_ => Sentence(ref random)).ToArray();
        var index = OverlapIndex.Of(texts);
        var once = texts.Select(text => index.Find(text + " more")).ToArray();
        Assert.Equal(once, texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(text => index.Find(text + " more")).ToArray());
        Assert.All(once, match => Assert.NotNull(match));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.5)]
    public void A_threshold_that_bands_cannot_serve_is_refused(double near) =>
        Assert.Contains("Near", Assert.Throws<DecantException>(() => OverlapIndex.Of([], new() { Near = near })).Message, StringComparison.Ordinal);

    private static string Sentence(ref Rng random)
    {
        var words = new string[20];
        for (var i = 0; i < words.Length; i++)
            words[i] = $"w{random.Next(2000)}";
        return string.Join(' ', words);
    }
}
