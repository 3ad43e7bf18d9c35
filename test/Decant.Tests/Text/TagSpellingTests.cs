using Decant.Text.Tags;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Text;

/// <summary>Entities as tags, by every scheme.</summary>
public sealed class TagSpellingTests
{
    private static readonly Entity[] s_entities = [new(0, 1, "x"), new(1, 4, "x"), new(5, 7, "y")];

    [Theory]
    [InlineData("O B-x I-x B-y I-y", "B-x B-x I-x I-x O B-y I-y")]
    [InlineData("O B-x I-x E-x S-x B-y I-y E-y S-y", "S-x B-x I-x E-x O B-y E-y")]
    [InlineData("O B-x I-x L-x U-x B-y I-y L-y U-y", "U-x B-x I-x L-x O B-y L-y")]
    [InlineData("O B-x M-x E-x S-x B-y M-y E-y S-y", "S-x B-x M-x E-x O B-y E-y")]
    [InlineData("O x y", "x x x x O y y")]
    [InlineData("O I-x I-y", "I-x I-x I-x I-x O I-y I-y")] // IOB1 without B
    [InlineData("O B-x M-x E-x B-y E-y", "B-x B-x M-x E-x O B-y E-y")] // no entity of one word
    public void An_entity_has_the_tags_of_its_scheme(string names, string expected)
    {
        var tags = TagSet.Read(names.Split(' '));
        Assert.Equal(expected.Split(' '), TagSpelling.Of(tags, s_entities, 7).Select(t => tags.Names[t]));
    }

    [Fact]
    public void Types_come_in_the_order_of_the_tags() => Assert.Equal(["y", "x"], TagSpelling.Types(TagSet.Read(["B-y", "O", "I-y", "B-x", "I-x"])));

    [Fact]
    public void A_type_or_an_outside_that_no_tag_has_is_refused()
    {
        Assert.Contains("No tag has the type 'z'", Assert.Throws<DecantException>(() => TagSpelling.Of(TagSet.Read(["O", "B-x", "I-x"]), [new(0, 1, "z")], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("No tag says that a word is outside", Assert.Throws<DecantException>(() => TagSpelling.Of(TagSet.Read(["B-x", "I-x"]), [new(0, 1, "x")], 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_as_the_same_entities() => Prop.ForAll(Cases, c =>
    {
        var tags = TagSet.Read(c.Names.Split(' '));
        return tags.EntitiesOf([.. TagSpelling.Of(tags, c.Entities, c.Words).Select(t => tags.Names[t])]).SequenceEqual(c.Entities);
    }).QuickCheckThrowOnFailure();

    private static readonly Arbitrary<(string Names, int Words, Entity[] Entities)> Cases = (
        from names in Gen.Elements("O B-x I-x B-y I-y", "O B-x I-x E-x S-x B-y I-y E-y S-y", "O B-x I-x L-x U-x B-y I-y L-y U-y", "O B-x M-x E-x S-x B-y M-y E-y S-y")
        from lengths in Gen.Choose(-3, 3).ArrayOf()
        select Case(names, lengths)).ToArbitrary();

    // A length above 0 is an entity, one below is words outside.
    private static (string Names, int Words, Entity[] Entities) Case(string names, int[] lengths)
    {
        var (at, entities) = (0, new List<Entity>());
        foreach (var length in lengths)
        {
            if (length > 0)
                entities.Add(new(at, at + length, length == 2 ? "x" : "y"));
            at += Math.Abs(length);
        }

        return (names, at, [.. entities]);
    }
}
