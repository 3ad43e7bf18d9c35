using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.Runs;

public class TokenizerDifferenceTests
{
    [Fact]
    public void The_first_ids_that_stand_for_other_tokens_are_named()
    {
        var words = Train("apple pear plum cherry", lowerCase: true);
        var others = Train("stone river cloud mountain", lowerCase: true);
        var text = TokenizerDifference.Of(words, others);
        Assert.Matches(@"^\d+ ids denote other tokens, \d+ is '.+' there and '.+' here, ", text);
        Assert.EndsWith("…", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_tokens_that_are_cut_differently_are_said_to_be()
    {
        var text = TokenizerDifference.Of(Train("apple pear", lowerCase: true), Train("apple pear", lowerCase: false));
        Assert.StartsWith("the same tokens", text, StringComparison.Ordinal);
    }

    private static ITokenizer Train(string text, bool lowerCase) => new WordPieceOptions { Vocabulary = 300, MinFrequency = 1, LowerCase = lowerCase }.Train([text]);
}
