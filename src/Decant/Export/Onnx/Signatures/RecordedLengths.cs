namespace Decant.Export.Onnx.Signatures;

/// <summary>Lengths that programs are recorded with.</summary>
internal static class RecordedLengths
{
    private static readonly long[] s_lengths = [7, 5, 11, 13, 9, 6];

    /// <summary>Six lengths up to a limit, different as far as there are so many.</summary>
    /// <exception cref="DecantException">The limit is below 3, so that a length cannot be told from a constant.</exception>
    public static long[] Of(long most)
    {
        if (most < 3)
            throw new DecantException($"The model reads at most {most} tokens; 3 are needed to find out what of it depends on the length.");
        return most >= s_lengths.Max() ? s_lengths : Array.ConvertAll(s_lengths, l => 2 + (l % (most - 1)));
    }
}
