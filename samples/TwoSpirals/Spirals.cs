using Decant.Data;

/// <summary>Points on two spirals that wind around each other: not linearly separable.</summary>
internal static class Spirals
{
    public static Dataset Make(int count, int seed)
    {
        var random = new Random(seed);
        return Dataset.From("two spirals", Enumerable.Range(0, count).Select(i => Point(random, second: i % 2 == 1)).ToArray());
    }

    private static (SampleContent Content, string? Label) Point(Random random, bool second)
    {
        var turn = 0.5 + (2.5 * Math.Sqrt(random.NextDouble()));
        var angle = (turn * Math.PI) + (second ? Math.PI : 0);
        float[] point = [(float)((turn * Math.Cos(angle)) + Noise()), (float)((turn * Math.Sin(angle)) + Noise())];
        return (new VectorContent(point), second ? "second" : "first");
        double Noise() => (random.NextDouble() - 0.5) * 0.3;
    }
}
