using Decant.Text;
using Decant.Text.Files;

namespace Decant.Tests.Text;

/// <summary>Texts that are cut and filled as a tokenizer.json says, one by one and in batches.</summary>
public class LengthTests
{
    private const string NoLength = "null";

    [Fact]
    public void A_batch_has_the_ids_of_its_texts_one_by_one_in_their_order()
    {
        var tokenizer = Load(NoLength, NoLength);
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => string.Join(' ', Enumerable.Range(0, i % 7).Select(j => "abc"[(i + j) % 3])))];
        Assert.Equal(texts.Select(tokenizer.Encode), tokenizer.EncodeBatch(texts));
        Assert.Equal(texts.Select(text => tokenizer.Tokenize(text).Ids), tokenizer.TokenizeBatch(texts).Select(text => text.Ids));
        Assert.Equal(texts.Select(text => tokenizer.Tokenize(text, "c").Ids), tokenizer.TokenizeBatch(texts, [.. texts.Select(_ => "c")]).Select(text => text.Ids));
        Assert.Empty(tokenizer.EncodeBatch([]));
        Assert.Throws<ArgumentException>(() => tokenizer.TokenizeBatch(["a"], ["b", "c"]));
        Assert.Throws<OperationCanceledException>(() => tokenizer.EncodeBatch(texts, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("Right", 8, 1, 2, 3, 9, 9, 9, 9, 9)]
    [InlineData("Left", 8, 9, 9, 9, 9, 9, 1, 2, 3)]
    [InlineData("Right", 2, 1, 2, 3)]
    public void A_fixed_length_is_filled_up_and_longer_texts_stay(string direction, int length, params int[] expected)
    {
        var text = Load(NoLength, Padding($$"""{"Fixed":{{length}}}""", direction)).Tokenize("a b c");
        Assert.Equal(expected, text.Ids);
        Assert.Equal(expected.Select(id => id != 9), text.AttentionMask);
        Assert.Equal(expected.Select(id => id == 9), text.IsSpecial);
        Assert.Equal(expected.Select(id => id == 9 ? "[P]" : "uabc"[id].ToString()), text.Tokens);
        Assert.Equal(expected.Select(id => (byte)(id == 9 ? 3 : 0)), text.TypeIds);
        Assert.Equal(expected.Select(id => id == 9 ? (0, 0) : ((id - 1) * 2, ((id - 1) * 2) + 1)), text.Offsets);
    }

    [Theory]
    [InlineData("null", 3)]
    [InlineData("4", 4)]
    public void A_batch_is_filled_to_its_longest_or_a_multiple_of_a_number(string multiple, int expected)
    {
        var tokenizer = Load(NoLength, Padding("\"BatchLongest\"", "Right", multiple));
        var batch = tokenizer.TokenizeBatch(["a", "a b c", ""]);
        Assert.All(batch, text => Assert.Equal(expected, text.Ids.Length));
        Assert.Equal([1, 3, 0], batch.Select(text => text.AttentionMask.Count(seen => seen)));
        Assert.Equal([1], tokenizer.Tokenize("a").Ids); // one alone is the longest
    }

    [Theory]
    [InlineData("LongestFirst", "Right", new[] { 1, 2, 3, 1 })]
    [InlineData("LongestFirst", "Left", new[] { 2, 3, 1, 1 })]
    [InlineData("OnlyFirst", "Right", new[] { 1, 2, 3, 1 })]
    public void Texts_are_cut_as_the_file_says(string strategy, string direction, int[] expected) =>
        Assert.Equal(expected, Load(Truncation(4, strategy, direction), NoLength).Tokenize("a b c a", "a").Ids);

    [Fact]
    public void Of_a_pair_the_one_that_is_named_is_cut()
    {
        Assert.Equal([1, 2, 3, 1], Load(Truncation(4, "OnlySecond"), NoLength).Tokenize("a b", "c a b").Ids);
        Assert.Equal([1, 3, 1, 2], Load(Truncation(4, "OnlyFirst"), NoLength).Tokenize("a b", "c a b").Ids);
        Assert.Contains("cannot be cut to 2 by OnlyFirst", Assert.Throws<DecantException>(() => Load(Truncation(2, "OnlyFirst"), NoLength).Tokenize("a b", "c a b")).Message);
    }

    [Fact]
    public void The_callers_length_comes_before_the_files()
    {
        Assert.Equal([1, 2], Load(Truncation(4), NoLength).Tokenize("a b c a", options: new TokenizeOptions { MaxTokens = 2 }).Ids);
        Assert.Equal([3, 1], Load(Truncation(4, direction: "Left"), NoLength).Tokenize("a b c a", options: new TokenizeOptions { MaxTokens = 2 }).Ids);
        Assert.Equal([1, 9], Load(Truncation(1), Padding("""{"Fixed":2}""", "Right")).Tokenize("a b").Ids);
    }

    [Fact]
    public void An_overlap_of_parts_that_are_cut_off_is_refused_by_name()
    {
        Assert.Equal([1], Load(Truncation(1, stride: 0), NoLength).Tokenize("a b").Ids);
        Assert.Contains("truncation.stride: expected 0, since the parts that are cut off are not given, came 2.", Assert.Throws<DecantException>(() => Load(Truncation(1, stride: 2), NoLength)).Message);
    }

    [Theory]
    [InlineData("""{"max_length":4,"strategy":"Shortest","stride":0}""", "null", "strategy: expected LongestFirst")]
    [InlineData("""{"max_length":4,"direction":"Up","stride":0}""", "null", "direction: expected Left or Right")]
    [InlineData("null", """{"strategy":"Longest","pad_id":9}""", "strategy: expected \"BatchLongest\"")]
    [InlineData("null", """{"strategy":"BatchLongest","pad_with":9}""", "pad_with")]
    public void Unknown_ways_are_refused(string truncation, string padding, string expected) =>
        Assert.Contains(expected, Assert.Throws<DecantException>(() => Load(truncation, padding)).Message);

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer.model")]
    [InlineData("vocab.txt")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("tokenizer_config.json")]
    public void A_Git_LFS_pointer_in_place_of_a_file_is_told(string name)
    {
        using var folder = new TemporaryFolder();
        if (name == "merges.txt") folder.Write("vocab.json", """{"a":0}""");
        if (name == "tokenizer_config.json") folder.Write("vocab.txt", "[UNK]\na\n");
        folder.Write(name, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 1042301\n");
        var message = Assert.Throws<DecantException>(() => TokenizerFile.Load(folder.Path)).Message;
        Assert.Contains($"{name} is a Git LFS pointer", message);
        Assert.Contains("git lfs pull", message);
    }

    private static ITokenizer Load(string truncation, string padding)
    {
        using var folder = new TemporaryFolder();
        return TokenizerFile.Load(folder.Write("tokenizer.json", $$$"""
            {"version":"1.0","truncation":{{{truncation}}},"padding":{{{padding}}},"added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},
             "post_processor":null,"decoder":null,"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1,"b":2,"c":3,"[P]":9}} }
            """));
    }

    private static string Truncation(int most, string strategy = "LongestFirst", string direction = "Right", int stride = 0) =>
        $$"""{"direction":"{{direction}}","max_length":{{most}},"strategy":"{{strategy}}","stride":{{stride}}}""";

    private static string Padding(string strategy, string direction, string multiple = "null") =>
        $$"""{"strategy":{{strategy}},"direction":"{{direction}}","pad_to_multiple_of":{{multiple}},"pad_id":9,"pad_type_id":3,"pad_token":"[P]"}""";
}
