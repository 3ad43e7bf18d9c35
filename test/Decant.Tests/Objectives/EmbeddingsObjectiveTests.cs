namespace Decant.Tests.Objectives;

public sealed class EmbeddingsObjectiveTests : FeatureSpecification
{
    protected override string Kind => "embeddings";

    protected override FeatureCase Example(int samples, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return new(Tokens(random, samples, 0, 2, scale), Tokens(random, samples, 0, 3, scale)) { Mask = Lengths(samples) };
    }

    protected override FeatureCase Alike(int samples, int seed)
    {
        var random = new Random(seed);
        return new(Tokens(random, samples, 0, 3), Tokens(random, samples, 0, 3)) { Mask = Lengths(samples) };
    }

    [Fact]
    public void Worked_by_hand_one_token_of_two_numbers()
    {
        var some = new FeatureCase(new() { ["embeddings"] = new([1, 1, 2], [1, 5]) }, new() { ["embeddings"] = new([1, 1, 2], [2, 3]) });
        var (sum, count, gradients, _) = Measure(some);
        Assert.Equal((2.5, 1), (sum, count)); // (1 + 4) ÷ 2
        Assert.Equal([-1, 2], gradients["embeddings"]);
    }

    [Fact]
    public void A_model_without_embeddings_is_refused()
    {
        var some = new FeatureCase(new() { ["layer.1"] = new([1, 2], [1, 5]) }, new() { ["embeddings"] = new([1, 1, 2], [2, 3]) });
        Assert.Contains("embeddings: The student has no embeddings", Assert.Throws<DecantException>(() => Create(some)).Message, StringComparison.Ordinal);
    }
}
