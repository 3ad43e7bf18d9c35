using Decant.Text;

namespace Decant.Tests.Text;

public sealed class WordSpacingTests
{
    [Theory]
    [InlineData("New York City", "New York City")]
    [InlineData("中 国 银 行", "中国银行")]
    [InlineData("2 0 0 8 年", "2008年")]
    [InlineData("N B A 球 队", "NBA球队")]
    [InlineData("我 爱 Plan B", "我爱 Plan B")]
    [InlineData("東京 タワー", "東京タワー")]
    [InlineData("ท่าน ผู้", "ท่านผู้")]
    [InlineData("한국 은행", "한국 은행")] // Korean is written with spaces
    [InlineData("a b", "a b")]
    [InlineData("𠀀 𠀁", "𠀀𠀁")]
    [InlineData("银行 。", "银行。")]
    public void Words_are_put_together_as_their_language_writes_them(string words, string text)
    {
        var sentence = words.Split(' ');

        Assert.Equal(text, WordSpacing.Join(sentence, 0, sentence.Length));
    }

    [Fact]
    public void The_whole_sentence_says_whether_single_characters_are_words()
    {
        Assert.Equal("20", WordSpacing.Join(["年", "2", "0"], 1, 3));
        Assert.Equal("2 0", WordSpacing.Join(["year", "2", "0"], 1, 3));
    }
}
