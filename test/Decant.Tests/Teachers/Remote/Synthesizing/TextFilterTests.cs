using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Tests.Teachers.Remote.Synthesizing;

public sealed class TextFilterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-filters").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_filters_every_text_passes_that_is_one()
    {
        var filter = new TextFilter(new());
        Assert.Null(filter.Fault("anything"));
        Assert.Null(filter.Fault("two\nlines"));
        Assert.Equal(SetAside.Empty, filter.Fault(" \n"));
        Assert.Equal(SetAside.Empty, filter.Fault("a\0b"));
        Assert.Equal(SetAside.Empty, filter.Fault("\u001b[31mred"));
    }

    [Theory]
    [InlineData("one two", SetAside.TooShort)]
    [InlineData("one two three", null)]
    [InlineData("one two three four", SetAside.TooLong)]
    [InlineData("好房间", null)]
    [InlineData("好房", SetAside.TooShort)]
    [InlineData("很好房间", SetAside.TooLong)]
    public void Length_in_words_counts_characters_of_Chinese(string text, SetAside? expected) => Assert.Equal(expected, new TextFilter(new() { MinWords = 3, MaxWords = 3 }).Fault(text));

    [Theory]
    [InlineData("abcd", SetAside.TooShort)]
    [InlineData("abcde", null)]
    [InlineData("🙂🙂🙂🙂🙂", null)]
    [InlineData("abcdef", SetAside.TooLong)]
    public void Length_in_characters_counts_code_points(string text, SetAside? expected) => Assert.Equal(expected, new TextFilter(new() { MinCharacters = 5, MaxCharacters = 5 }).Fault(text));

    [Theory]
    [InlineData(LetterScript.Han, "房间很干净，有wifi", null)] // 5 of 9 letters… and so with 0.5
    [InlineData(LetterScript.Han, "the room is clean 好", SetAside.OtherScript)]
    [InlineData(LetterScript.Latin, "the room is clean", null)]
    [InlineData(LetterScript.Latin, "la chambre était très propre", null)] // a script is no language
    [InlineData(LetterScript.Latin, "комната чистая", SetAside.OtherScript)]
    [InlineData(LetterScript.Cyrillic, "комната чистая", null)]
    [InlineData(LetterScript.Kana, "きれいなへや", null)]
    [InlineData(LetterScript.Hangul, "방이 깨끗해요", null)]
    [InlineData(LetterScript.Latin, "12345 !!!", SetAside.OtherScript)]
    public void A_script_is_a_share_of_the_letters(LetterScript script, string text, SetAside? expected) => Assert.Equal(expected, new TextFilter(new() { Scripts = [script], ScriptShare = 0.5 }).Fault(text));

    [Fact]
    public void A_word_list_tells_a_language_as_far_as_its_words_do()
    {
        var filter = new TextFilter(new() { LanguageWords = Write("the\nis\nand\nof\n"), LanguageShare = 0.25 });
        Assert.Null(filter.Fault("The room is clean"));
        Assert.Equal(SetAside.OtherLanguage, filter.Fault("Das Zimmer ist sauber"));
        Assert.Contains("came none", Assert.Throws<DecantException>(() => new TextFilter(new() { LanguageWords = Write("\n") })).Message, StringComparison.Ordinal);
        Assert.Contains("there is no such file", Assert.Throws<DecantException>(() => new TextFilter(new() { LanguageWords = Path.Combine(_folder, "none.txt") })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("What a DAMN shame", true)]
    [InlineData("damnation", false)] // whole words
    [InlineData("go to, hell now", true)] // a phrase, punctuation aside
    [InlineData("go hell to", false)]
    [InlineData("这真是个坏蛋啊", true)]
    [InlineData("坏了的蛋", false)]
    public void Words_and_phrases_of_lists_are_found_as_whole_words(string text, bool isForbidden) =>
        Assert.Equal(isForbidden ? SetAside.ForbiddenWord : null, new TextFilter(new() { Forbidden = ["damn"], ForbiddenFiles = [Write("to hell\n\n坏蛋\n")] }).Fault(text));

    [Fact]
    public void Patterns_must_match_or_must_not()
    {
        var filter = new TextFilter(new() { Match = [@"\?$", "^[A-Z]"], Refuse = [@"\bAI\b", @"https?://"] });
        Assert.Null(filter.Fault("Who was Galileo?"));
        Assert.Equal(SetAside.Pattern, filter.Fault("Who was Galileo"));
        Assert.Equal(SetAside.Pattern, filter.Fault("who was Galileo?"));
        Assert.Equal(SetAside.Pattern, filter.Fault("As an AI, may I ask?"));
        Assert.Contains("came '('", Assert.Throws<DecantException>(() => new TextFilter(new() { Refuse = ["("] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_takes_too_long_sets_its_row_aside_and_ends()
    {
        var filter = new TextFilter(new() { Refuse = ["^(a+)+$"], PatternMilliseconds = 50 });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(SetAside.PatternTime, filter.Fault(new string('a', 40) + "!"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.Null(filter.Fault("b"));
    }

    [Fact]
    public void Filters_that_no_text_can_pass_are_refused()
    {
        Assert.Contains("no text could pass", Assert.Throws<DecantException>(() => new TextFilter(new() { MinWords = 5, MaxWords = 4 })).Message, StringComparison.Ordinal);
        Assert.Contains("MinWords", Assert.Throws<DecantException>(() => new TextFilter(new() { MinWords = 0 })).Message, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.txt");
        File.WriteAllText(file, text);
        return file;
    }
}
