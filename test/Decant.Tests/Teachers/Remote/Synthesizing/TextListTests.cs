using System.Text.Json;
using Decant.Teachers.Remote.Synthesizing;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Teachers.Remote.Synthesizing;

public sealed class TextListTests
{
    [Theory]
    [InlineData("""["a", "b"]""", ListForm.Clean, 0, "a", "b")]
    [InlineData(""" [ "房间很干净" ] """, ListForm.Clean, 0, "房间很干净")]
    [InlineData("""{"texts": ["a", "b"]}""", ListForm.Clean, 0, "a", "b")]
    [InlineData("""[{"text": "a"}, {"review": "b"}, {"text": "c", "label": "x"}]""", ListForm.Clean, 0, "a", "b", "c")]
    [InlineData("```json\n[\"a\", \"b\",]\n```", ListForm.Fenced, 0, "a", "b")]
    [InlineData("```\n{\"texts\": [\"a\"]}\n```\n", ListForm.Fenced, 0, "a")]
    [InlineData("Sure! Here are two:\n[\"a\", \"b\"]\nAnything else?", ListForm.Framed, 0, "a", "b")]
    [InlineData("As in [1], here: [\"a\"]", ListForm.Framed, 0, "a")]
    [InlineData("""["a", "b", "half of a sen""", ListForm.Cut, 0, "a", "b")]
    [InlineData("""["a", {"text": "b"}, {"text": "ha""", ListForm.Cut, 0, "a", "b")]
    [InlineData("""["a", 3, null, ["b"], {"x": 1}, {"x": "p", "y": "q"}, {"text": 4}]""", ListForm.Clean, 6, "a")]
    [InlineData("""["a", "\ud800", "b"]""", ListForm.Clean, 1, "a", "b")]
    [InlineData("""["half of the first""", ListForm.None, 0)]
    [InlineData("[]", ListForm.Clean, 0)]
    [InlineData("1. a\n2. b", ListForm.None, 0)]
    [InlineData("I cannot help with that.", ListForm.None, 0)]
    [InlineData("", ListForm.None, 0)]
    [InlineData("[1, 2]", ListForm.None, 0)]
    public void Texts_of_answers_are_read_and_what_is_none_is_counted(string answer, ListForm form, int notTexts, params string[] texts)
    {
        var list = TextList.Read(answer);
        Assert.Equal((form, notTexts), (list.Form, list.NotTexts));
        Assert.Equal(texts, list.Texts);
    }

    [Fact]
    public void Whatever_a_list_of_texts_holds_it_is_read_again_clean_fenced_and_framed() => Prop.ForAll(Texts, texts =>
    {
        var json = JsonSerializer.Serialize(texts);
        return Is(TextList.Read(json), ListForm.Clean) && Is(TextList.Read($"```json\n{json}\n```"), ListForm.Fenced) && Is(TextList.Read($"Here: {json} Done."), ListForm.Framed);

        bool Is(TextList list, ListForm form) => list.Form == form && list.NotTexts == 0 && list.Texts.SequenceEqual(texts);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_list_cut_off_anywhere_gives_its_first_texts_whole_and_nothing_else() => Prop.ForAll(Texts, texts =>
    {
        var json = JsonSerializer.Serialize(texts);
        return Enumerable.Range(0, json.Length).All(length =>
        {
            var list = TextList.Read(json[..length]);
            return list.NotTexts == 0 && list.Form is ListForm.Cut or ListForm.None && list.Texts.SequenceEqual(texts.Take(list.Texts.Count)) && list.Texts.Count <= texts.Length;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_at_all_ends_the_reading() => Prop.ForAll(
        Gen.Elements("[\"", "\"", "{", "}", "]", "[", ",", ":", "\\", "\\u", "d8", "```", "json", "a", "\n", " ", "null", "\ud800", "1e9", "[[[[").ArrayOf().ToArbitrary(),
        pieces =>
        {
            var list = TextList.Read(string.Concat(pieces));
            return list.Texts.Count + list.NotTexts == 0 || list.Form != ListForm.None;
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<string[]> Texts => Gen.Elements("one", "two words", "a \"quote\"", "]", "[\"", "```", "房间", "line\nbreak", "", "{}", "\\", "🙂").NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
}
