using Decant.Inference.Folders;

namespace Decant.Tests.Inference;

public class SentencePoolingTests
{
    private static readonly float[] s_states = [1, -4, 3, 2, 2, -1]; // three tokens of two numbers

    [Theory]
    [InlineData("Mean", new[] { 2f, -1f })]
    [InlineData("First", new[] { 1f, -4f })]
    [InlineData("Max", new[] { 3f, 2f })]
    [InlineData("Last", new[] { 2f, -1f })]
    public void The_vector_is_made_of_the_tokens_that_the_pooling_names(string kind, float[] expected)
    {
        var pooling = new SentencePooling(Enum.Parse<PoolingKind>(kind), false);
        Assert.Equal(expected, pooling.Vector(s_states, 2));
        var length = Math.Sqrt(expected.Sum(x => x * x));
        Assert.Equal(expected.Select(x => x / length), (pooling with { Normalizes = true }).Vector(s_states, 2).Select(x => (double)x), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
