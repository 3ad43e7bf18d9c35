using System.Text.Json;
using Decant.Evaluation;
using Decant.Evaluation.Tokens;
using Decant.Text.Tags;

namespace Decant.Tests.Evaluation;

/// <summary>Tags by their scheme; the numbers of many broken sequences are those of Golden/entities.py.</summary>
public sealed class TagSetTests
{
    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "entities.json"))).RootElement.GetProperty("cases");

    public static TheoryData<string> Schemes() => [.. Golden.EnumerateArray().Select(c => c.GetProperty("scheme").GetString()!)];

    [Fact]
    public void A_Chinese_organisation_tagged_by_BMES_is_one_entity()
    {
        string[] tags = ["O", "B-ORG", "M-ORG", "E-ORG", "S-ORG"];

        var set = TagSet.Read(tags);

        Assert.Equal(TagScheme.Bmes, set.Scheme);
        Assert.Equal([new Entity(0, 4, "ORG")], set.EntitiesOf(["B-ORG", "M-ORG", "M-ORG", "E-ORG"]));
    }

    [Theory]
    [InlineData("O B-x I-x", TagScheme.Bio)]
    [InlineData("O I-x I-y", TagScheme.Bio)] // IOB1 where no two entities of a type touch
    [InlineData("O B-x", TagScheme.Bio)]
    [InlineData("B I O", TagScheme.Bio)]
    [InlineData("O B-x I-x E-x S-x", TagScheme.Bioes)]
    [InlineData("O B-x I-x S-x", TagScheme.Bioes)]
    [InlineData("O B-x I-x L-x U-x", TagScheme.Bilou)]
    [InlineData("O B-x U-x", TagScheme.Bilou)]
    [InlineData("O B-x M-x E-x S-x", TagScheme.Bmes)]
    [InlineData("O B-x M-x E-x", TagScheme.Bmes)]
    [InlineData("B M E S", TagScheme.Bmes)] // the words of Chinese
    [InlineData("O PER LOC", TagScheme.Io)]
    [InlineData("O PER M-100", TagScheme.Io)]
    [InlineData("O M-100 M-200", TagScheme.Io)]
    [InlineData("NN VB M P work-of-art", TagScheme.Io)]
    [InlineData("O", TagScheme.Io)]
    public void All_tags_together_tell_their_scheme(string tags, object scheme) => Assert.Equal((TagScheme)scheme, TagSet.Read(tags.Split(' ')).Scheme);

    [Theory]
    [InlineData("O B-x M-x E-x", "B-x O M-x E-x", "0-1x 2-4x")]     // M without B begins
    [InlineData("O B-x M-x E-x S-x", "E-x E-x O S-x M-x", "0-1x 1-2x 3-4x 4-5x")] // E without B is alone; what follows S begins
    [InlineData("O B-x M-x E-x S-x", "B-x S-x E-x", "0-1x 1-2x 2-3x")] // S in the middle of an entity
    [InlineData("O B-x M-x E-x B-y M-y E-y", "B-x M-y E-y E-x", "0-1x 1-3y 3-4x")]
    [InlineData("O B-x M-x E-x S-x", "B-x M-x B-x M-x", "0-2x 2-4x")] // without an end
    [InlineData("O PER M-100", "M-100 M-100 PER O M-100", "0-2M-100 2-3PER 4-5M-100")]
    [InlineData("O I-x I-y", "I-x I-x I-y O I-x", "0-2x 2-3y 4-5x")]
    [InlineData("B M E S", "B E S B M M E", "0-2 2-3 3-7")]
    public void Entities_are_read_by_the_scheme_of_the_set(string set, string tags, string expected) =>
        Assert.Equal(expected, Shown(TagSet.Read(set.Split(' ')).EntitiesOf(tags.Split(' '))));

    [Theory]
    [InlineData("O B-x I-x X-x", "'X-x' has the unknown prefix 'X-'")]
    [InlineData("O B-x I-x X", "'X' has no prefix, and others have one, such as 'B-x'")] // word pieces that are tagged for themselves
    [InlineData("O B-PER I-PER LOC", "'LOC' has no prefix")]
    [InlineData("O X-x PER", "'X-x' has the unknown prefix 'X-'")]
    [InlineData("O b-per i-per", "'b-per' has the unknown prefix 'b-'")]
    [InlineData("O B_x I_x", "'B_x' has the unknown prefix 'B_'")]
    [InlineData("O ORG-B ORG-I", "'ORG-B' seems to have its position behind the type")]
    [InlineData("O B-x M-x I-x", "mix schemes: 'M-x' and 'I-x'")]
    [InlineData("O B-x E-x L-x", "mix schemes: 'E-x' and 'L-x'")]
    [InlineData("O S-500 E-200", "S-500, E-200 may be positions or types")]
    public void What_is_no_scheme_is_refused_by_name(string tags, string said)
    {
        var message = Assert.Throws<DecantException>(() => TagSet.Read(tags.Split(' '))).Message;

        Assert.Contains(said, message);
        Assert.True(message.Contains("tag-scheme", StringComparison.Ordinal) || message.Contains("Rename", StringComparison.Ordinal), message);
    }

    [Fact]
    public void A_scheme_that_is_named_decides_what_names_alone_do_not()
    {
        string[] cars = ["O", "S-500", "E-200"];

        Assert.Equal("0-2S-500 2-3E-200", Shown(TagSet.Read(cars, TagScheme.Io).EntitiesOf(["S-500", "S-500", "E-200"])));
        Assert.Equal("0-1500 1-2500 2-3200", Shown(TagSet.Read(cars, TagScheme.Bioes).EntitiesOf(["S-500", "S-500", "E-200"])));
    }

    [Fact]
    public void A_tag_outside_of_the_scheme_that_is_named_is_refused()
    {
        var message = Assert.Throws<DecantException>(() => TagSet.Read(["O", "B-x", "M-x", "E-x"], TagScheme.Bio)).Message;

        Assert.Contains("'M-x' is none of the scheme BIO", message);
        Assert.Contains("B-, I-", message);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Broken_sequences_are_read_as_the_reference_reads_them(string scheme)
    {
        var golden = Golden.EnumerateArray().Single(c => c.GetProperty("scheme").GetString() == scheme);
        var (tags, wanted, given) = (golden.GetProperty("tags").Deserialize<string[]>()!, golden.GetProperty("wanted").Deserialize<string[][]>()!, golden.GetProperty("given").Deserialize<string[][]>()!);

        var set = TagSet.Read(tags);

        Assert.Equal(scheme, set.Scheme.ToString(), ignoreCase: true);
        Assert.Equal(
            golden.GetProperty("entities").EnumerateArray().Select(s => string.Join(' ', s.EnumerateArray().Select(e => $"{e[0]}-{e[1]}{e[2]}"))),
            wanted.Select(sentence => Shown(set.EntitiesOf(sentence))));
        int[] Index(string[][] sentences) => [.. sentences.SelectMany(s => s).Select(t => Array.IndexOf(tags, t))];
        var words = Some.Answers(tags.Length, Index(given), Index(wanted));
        ulong[] ids = [.. wanted.SelectMany((s, i) => Enumerable.Repeat((ulong)i, s.Length))];
        var answers = new TokenAnswers(new Predictions(words.Logits, tags.Length, words.Labels, ids), [.. wanted.Select(s => s.Length)], tags);
        Assert.Equal(new EntityScores("", golden.GetProperty("right").GetInt32(), golden.GetProperty("found").GetInt32(), golden.GetProperty("support").GetInt32()), answers.Overall());
        Assert.Equal(golden.GetProperty("f1").GetDouble(), answers.Metrics()["entity-f1"], 1e-12);
    }

    private static string Shown(IEnumerable<Entity> entities) => string.Join(' ', entities.Select(e => $"{e.Start}-{e.End}{e.Type}"));
}
