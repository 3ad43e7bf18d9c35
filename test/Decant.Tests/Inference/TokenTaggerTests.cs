using System.Text.Json.Nodes;
using Decant.Inference;
using Decant.Text;

namespace Decant.Tests.Inference;

public sealed class TokenTaggerTests : IDisposable
{
    private static readonly string[] s_tags = ["O", "B-PER", "I-PER", "B-LOC"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ITokenizer Tokenizer => ModelFolders.WordPieces;

    private string Tagger(int maxTokens = 512)
    {
        var config = ModelFolders.Config(Tokenizer.VocabularySize, s_tags);
        config["architectures"] = new JsonArray("BertForTokenClassification");
        return ModelFolders.Write(_folder, config, ModelFolders.TokenTable(Tokenizer.VocabularySize, s_tags.Length), Tokenizer, maxTokens);
    }

    private static string TagOf(string word)
    {
        var table = ModelFolders.Embedding(Tokenizer.VocabularySize, s_tags.Length, 3);
        var row = table.AsSpan(Tokenizer.Encode(word)[0] * s_tags.Length, s_tags.Length).ToArray();
        return s_tags[Array.IndexOf(row, row.Max())];
    }

    [Fact]
    public void Words_have_the_tag_of_their_first_token_and_their_place_in_the_text()
    {
        using var tagger = TokenTagger.Load(Tagger());
        string[] texts = ["  Anna lives\tin Paris ", "dogs", "the masterpiece and what a waste of time"];
        foreach (var (text, tagged) in texts.Zip(tagger.Tag(texts)))
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(words, tagged.Words.Select(w => w.Text));
            Assert.Equal(words.Select(TagOf), tagged.Words.Select(w => w.Tag));
            Assert.All(tagged.Words, word => Assert.Equal(word.Text, text[word.Start..word.End]));
            Assert.All(tagged.Words, word => Assert.InRange(word.Probability, 0.25f, 1));
            Assert.False(tagged.IsTruncated);
        }
    }

    [Fact]
    public void Entities_are_those_of_the_tags_with_their_places()
    {
        using var tagger = TokenTagger.Load(Tagger());
        // Words by the tag that the table gives them.
        var byTag = Tokenizer.TokenToId.Keys.Where(t => t.All(char.IsAsciiLetter) && t.Length > 1 && Tokenizer.Encode(t).Length == 1).GroupBy(TagOf).ToDictionary(g => g.Key, g => g.First());
        var text = $"{byTag["B-PER"]} {byTag["I-PER"]} {byTag["O"]} {byTag["B-LOC"]}";
        var tagged = tagger.Tag(text);
        var (person, place) = ($"{byTag["B-PER"]} {byTag["I-PER"]}", byTag["B-LOC"]);
        Assert.Equal([new TaggedEntity("PER", person, 0, person.Length), new TaggedEntity("LOC", place, text.Length - place.Length, text.Length)], tagged.Entities!);
        Assert.Equal(tagged.Entities!, tagger.TagWords(text.Split(' ')).Entities!);
    }

    [Fact]
    public void Words_beyond_the_limit_have_no_tag()
    {
        using var tagger = TokenTagger.Load(Tagger(maxTokens: 4));
        var tagged = tagger.Tag("dogs dogs dogs dogs dogs dogs");
        Assert.True(tagged.IsTruncated);
        Assert.NotNull(tagged.Words[0].Tag);
        Assert.Null(tagged.Words[^1].Tag);
    }

    [Fact]
    public void Words_of_Chinese_are_joined_without_spaces()
    {
        using var tagger = TokenTagger.Load(Tagger());
        var tagged = tagger.TagWords(["\u5df4", "\u9ece"]);
        Assert.Equal("\u5df4\u9ece", tagged.Text);
        Assert.Equal((1, 2), (tagged.Words[1].Start, tagged.Words[1].End));
    }

    [Fact]
    public void Empty_words_and_blank_texts_are_refused()
    {
        using var tagger = TokenTagger.Load(Tagger());
        Assert.Throws<DecantException>(() => tagger.Tag(" "));
        Assert.Throws<DecantException>(() => tagger.TagWords(["a", ""]));
    }
}
