using Decant.Evaluation;
using Decant.Evaluation.Tokens;
using Decant.Text.Tags;

namespace Decant.Tests.Evaluation;

public sealed class EntityTests
{
    [Theory]
    [InlineData("O O O", "")]
    [InlineData("B-x I-x O B-x", "0-2x 3-4x")]        // IOB2
    [InlineData("I-x I-x B-x I-x O", "0-2x 2-4x")]    // IOB1: B only where two of a type touch
    [InlineData("B-x I-x E-x S-x O S-y", "0-3x 3-4x 5-6y")] // BIOES
    [InlineData("B-x L-x U-y", "0-2x 2-3y")]          // BILOU
    [InlineData("B-x B-x", "0-1x 1-2x")]
    [InlineData("B-x I-y", "0-1x 1-2y")]              // a type that changes ends one entity and begins another
    [InlineData("O I-x", "1-2x")]                     // inside after outside begins
    [InlineData("I-x O I-x", "0-1x 2-3x")]
    [InlineData("O E-x I-x", "1-2x 2-3x")]            // what follows an end begins
    [InlineData("E-x E-x", "0-1x 1-2x")]
    [InlineData("S-x I-x", "0-1x 1-2x")]
    [InlineData("B-x E-y", "0-1x 1-2y")]
    [InlineData("B-x S-x E-x", "0-1x 1-2x 2-3x")]
    [InlineData("B I O I", "0-2 3-4")]                // without types
    [InlineData("B-creative-work I-creative-work", "0-2creative-work")]
    [InlineData("PER PER O LOC", "0-2PER 3-4LOC")]    // a type alone is inside
    [InlineData("B-x I-x", "0-2x")]                   // to the end of the sentence
    public void Entities_are_read_by_the_rules_of_conlleval(string tags, string expected) =>
        Assert.Equal(expected, string.Join(' ', Entities.Of(tags.Split(' ')).Select(e => $"{e.Start}-{e.End}{e.Type}")));

    // Wanted: [0-2 x] [3-4 y] | [0-1 x] [1-3 y]; found: [0-2 x] [3-4 x] | [0-1 x] [1-2 y]. Right: two of four, two of four.
    private static readonly TokenAnswers ByHand = Answers(
        ["B-x I-x O B-y", "B-x B-y I-y"],
        ["B-x I-x O B-x", "B-x B-y O"]);

    [Fact]
    public void Entity_F1_is_the_one_worked_by_hand()
    {
        var metrics = ByHand.Metrics();

        Assert.Equal(new EntityScores("", 2, 4, 4), ByHand.Overall());
        Assert.Equal(0.5, metrics["entity-f1"], 1e-12);
        Assert.Equal(5.0 / 7, metrics["word-accuracy"], 1e-12);
        Assert.Equal([new EntityScores("x", 2, 3, 2), new EntityScores("y", 0, 1, 2)], ByHand.PerType());
        Assert.Equal((2.0 / 3, 1.0, 0.8), (ByHand.PerType()[0].Precision, ByHand.PerType()[0].Recall, ByHand.PerType()[0].F1));
    }

    [Fact]
    public void An_entity_does_not_go_on_into_the_next_sentence() =>
        Assert.Equal(new EntityScores("", 2, 2, 2), Answers(["O B-x", "I-x O"], ["O B-x", "I-x O"]).Overall());

    [Fact]
    public void The_mean_of_the_scores_is_F1() => Assert.Equal(0.5, ByHand.Scores().Average(), 1e-12);

    [Fact]
    public void A_split_without_entities_says_so_and_has_F1_0()
    {
        var none = Answers(["O O"], ["O O"]);

        Assert.Equal(0, none.Metrics()["entity-f1"]);
        Assert.Contains("no entity", Assert.Single(none.Evaluate().Remarks));
        Assert.Equal([0], none.Scores());
    }

    [Fact]
    public void Sentences_and_tags_that_do_not_go_together_are_refused()
    {
        var words = Some.Answers(2, [0, 1], [0, 1]);
        Assert.Contains("2 words in all; 1 sentences of 3 words", Assert.Throws<DecantException>(() => new TokenAnswers(words, [3], ["O", "B"])).Message);
        Assert.Contains("The model has 2 tags, and 1 tag names came", Assert.Throws<DecantException>(() => new TokenAnswers(words, [2], ["O"])).Message);
    }

    internal static TokenAnswers Answers(string[] wanted, string[] found)
    {
        string[][] Split(string[] sentences) => [.. sentences.Select(s => s.Split(' '))];
        var (truth, given) = (Split(wanted), Split(found));
        string[] tags = [.. truth.Concat(given).SelectMany(t => t).Distinct()];
        int[] Index(string[][] sentences) => [.. sentences.SelectMany(s => s).Select(t => Array.IndexOf(tags, t))];
        var words = Some.Answers(tags.Length, Index(given), Index(truth));
        ulong[] ids = [.. truth.SelectMany((s, i) => Enumerable.Repeat((ulong)i, s.Length))];
        return new TokenAnswers(new Predictions(words.Logits, tags.Length, words.Labels, ids), [.. truth.Select(s => s.Length)], tags);
    }
}
