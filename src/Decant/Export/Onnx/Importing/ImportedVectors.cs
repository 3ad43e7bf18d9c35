using Decant.Models.Encoders;

namespace Decant.Export.Onnx.Importing;

/// <summary>How a graph makes one vector of the tokens' states, found by making it in every way that is served.</summary>
internal static class ImportedVectors
{
    /// <summary>One text's vector of its tokens' states.</summary>
    /// <param name="states">[T, H], row by row.</param>
    /// <param name="tokens">How many of them are no padding.</param>
    /// <param name="width">H.</param>
    /// <param name="pooling">First or mean.</param>
    /// <param name="normalize">Whether it is divided by its length.</param>
    public static float[] Pool(ReadOnlySpan<float> states, int tokens, int width, EncoderPooling pooling, bool normalize)
    {
        var sums = new double[width];
        var read = pooling == EncoderPooling.First ? 1 : tokens;
        for (var t = 0; t < read; t++)
            for (var h = 0; h < width; h++)
                sums[h] += states[(t * width) + h] / read;
        var length = normalize ? Math.Max(Math.Sqrt(sums.Sum(s => s * s)), 1e-12) : 1;
        return Array.ConvertAll(sums, s => (float)(s / length));
    }

    /// <summary>The way that gives a graph's own vectors.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="output">The name of the vectors.</param>
    /// <param name="texts">Of each text its states, how many tokens it has, and the graph's vector.</param>
    /// <param name="options">What the user said; it must not contradict the graph.</param>
    /// <exception cref="DecantException">None does.</exception>
    public static (EncoderPooling Pooling, bool Normalize) Find(string path, string output, IReadOnlyList<(float[] States, int Tokens, float[] Vector)> texts, ImportOptions options)
    {
        foreach (var pooling in Enum.GetValues<EncoderPooling>())
        {
            foreach (var normalize in new[] { false, true })
            {
                if (!texts.All(t => Near(Pool(t.States, t.Tokens, t.Vector.Length, pooling, normalize), t.Vector)))
                    continue;
                if ((options.Pooling is { } p && p != pooling) || (options.Normalize is { } n && n != normalize))
                    throw new DecantException($"{path}: its '{output}' is {Described(pooling, normalize)}, and {Described(options.Pooling ?? pooling, options.Normalize ?? normalize)} was asked for. Leave --pooling and --normalize out.");
                return (pooling, normalize);
            }
        }

        throw new DecantException($"{path}: its '{output}' is neither the first token's state nor the mean of the states, divided by its length or not; other ways to one vector are not served.");
    }

    private static bool Near(float[] expected, float[] came) => OnnxVerification.Difference(came, expected) <= OnnxVerification.Tolerance;

    private static string Described(EncoderPooling pooling, bool normalize) => $"{(pooling == EncoderPooling.First ? "the first token's state" : "the mean of the states")}{(normalize ? ", divided by its length" : "")}";
}
