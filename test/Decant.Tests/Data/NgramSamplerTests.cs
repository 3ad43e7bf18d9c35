using Decant.Data;
using Decant.Data.Splitting;

namespace Decant.Tests.Data;

/// <summary>N-grams that are cut out of texts.</summary>
public sealed class NgramSamplerTests
{
    [Theory]
    [InlineData("a fine film", "a|fine|film")]
    [InlineData("  a\tfine \n film.  ", "a|fine|film.")]
    [InlineData("这部电影 is 好!", "这|部|电|影|is|好|!")]
    [InlineData("東京でiPhone15を買う", "東|京|で|iPhone15|を|買|う")]
    [InlineData("cafe\u0301 👩‍👩‍👧 ok", "cafe\u0301|👩‍👩‍👧|ok")] // characters stay whole
    [InlineData("นี่", "นี่")]
    [InlineData("", "")]
    [InlineData(" \u3000 ", "")]
    [InlineData("\ud83d lone", "\ud83d|lone")]
    public void Words_are_what_stands_between_spaces_and_each_character_of_scripts_without(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', NgramSampler.Words(text).Select(w => text[w.Start..w.End])));

    [Fact]
    public void Every_n_gram_is_a_part_of_a_text_within_its_lengths_and_each_comes_once()
    {
        var texts = Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Range(0, 3 + (i % 9)).Select(w => $"w{(i * w) % 13}"))).Append("one").ToArray();
        using var data = Of(texts);
        var ngrams = Texts(NgramSampler.Of(data, new NgramOptions { PerText = 20, Shortest = 2, Longest = 5 }, _ => false));
        Assert.True(ngrams.Count > 100, $"{ngrams.Count}");
        Assert.Equal(ngrams.Count, ngrams.Distinct().Count());
        Assert.Empty(ngrams.Intersect(texts));
        Assert.All(ngrams, ngram =>
        {
            Assert.InRange(ngram.Split(' ').Length, 2, 5);
            Assert.Contains(texts, text => $" {text} ".Contains($" {ngram} ", StringComparison.Ordinal));
        });
        // Lengths and places are drawn evenly: of a long text every word begins one.
        using var numbers = Of([string.Join(' ', Enumerable.Range(0, 50))]);
        var begins = Texts(NgramSampler.Of(numbers, new NgramOptions { PerText = 1000, Shortest = 1, Longest = 1 }, _ => false));
        Assert.Equal(50, begins.Count);
    }

    [Fact]
    public void They_depend_on_the_texts_alone_and_none_is_measured_on()
    {
        string[] texts = ["the film is a fine piece of work", "nobody will ever see it again", "a dull and noisy affair of two hours"];
        using var data = Of(texts);
        using var reversed = Of([.. texts.Reverse()]);
        var options = new NgramOptions();
        var ngrams = Texts(NgramSampler.Of(data, options, _ => false));
        Assert.Equal(ngrams.Order(), Texts(NgramSampler.Of(reversed, options, _ => false)).Order());
        var taken = ContentHash.OfText(ngrams[3], null);
        Assert.Equal(ngrams.Where(ngram => ngram != ngrams[3]), Texts(NgramSampler.Of(data, options, hash => hash == taken)));
    }

    [Fact]
    public void Pairs_and_images_are_refused()
    {
        using var pairs = Dataset.From("pairs", [(new TextContent("a b c", "d"), "x")]);
        using var images = Dataset.From("images", [(new ImageContent(new byte[4], 1, 2, 2), "x")]);
        foreach (var data in new[] { pairs, images })
            Assert.Contains($"{data.Name}, sample 1 is no single text", Assert.Throws<DecantException>(() => NgramSampler.Of(data, new NgramOptions(), _ => false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_behind_others_have_no_label_and_the_first_keep_their_ids()
    {
        using var data = Of(["a b", "c d"]);
        using var more = data.WithUnlabelled([new TextContent("a"), new TextContent("a b")], "more");
        Assert.Equal((4, 2), (more.Count, more.LabelledCount));
        Assert.Equal([data.IdOf(0), data.IdOf(1)], new[] { more.IdOf(0), more.IdOf(1) });
        Assert.Equal(4, Enumerable.Range(0, 4).Select(more.IdOf).Distinct().Count());
        Assert.Equal([0, 1, null, null], Enumerable.Range(0, 4).Select(more.LabelOf));
        Assert.Equal(["a b", "c d", "a", "a b"], Enumerable.Range(0, 4).Select(i => ((TextContent)more[i].Content).Text));
        Assert.Equal("more, sample 2", more.Where(3));
        Assert.Equal([0, 1], more.Subset([3, 0, 1]).LabelledOnly() is var labelled ? [labelled.LabelOf(0)!.Value, labelled.LabelOf(1)!.Value] : []);
        using var numbers = Dataset.FromNumbers("numbers", [(new TextContent("a"), [1f])]).WithUnlabelled([new TextContent("b")], "more");
        Assert.Null(numbers.AnnotationOf(1));
        Assert.NotNull(numbers.AnnotationOf(0));
    }

    private static Dataset Of(IReadOnlyList<string> texts) => Dataset.From("texts", texts.Select((text, i) => ((SampleContent)new TextContent(text), (string?)(i % 2 == 0 ? "x" : "y"))));

    private static List<string> Texts(IReadOnlyList<SampleContent> contents) => [.. contents.Cast<TextContent>().Select(c => c.Text)];
}
