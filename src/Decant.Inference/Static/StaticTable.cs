using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Inference.Static;

/// <summary>Rows of tokens, and their mean in a text.</summary>
/// <param name="rows">[V, D].</param>
/// <param name="width">D.</param>
/// <param name="ignored">[V] tokens that do not count.</param>
/// <param name="normalizes">Whether a mean is divided by its length.</param>
internal sealed class StaticTable(float[] rows, int width, bool[] ignored, bool normalizes)
{
    private const float Least = 1e-12f;

    /// <summary>D.</summary>
    public int Width => width;

    /// <summary>Whether a token does not count.</summary>
    public bool Ignores(int id) => ignored[id];

    /// <summary>The mean of the rows of some tokens; zeros where none counts.</summary>
    public float[] Mean(ReadOnlySpan<int> ids)
    {
        var mean = new float[width];
        var counted = 0;
        foreach (var id in ids)
        {
            if (ignored[id])
                continue;
            Add(mean, rows.AsSpan(id * width, width));
            counted++;
        }

        Scale(mean, 1f / Math.Max(1, counted));
        if (normalizes)
            Scale(mean, 1f / Math.Max(Least, Length(mean)));
        return mean;
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> row)
    {
        var s = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var r = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (var i = 0; i < s.Length; i++)
            s[i] += r[i];
        for (var i = s.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += row[i];
    }

    private static void Scale(Span<float> vector, float by)
    {
        var v = MemoryMarshal.Cast<float, Vector<float>>(vector);
        for (var i = 0; i < v.Length; i++)
            v[i] *= by;
        for (var i = v.Length * Vector<float>.Count; i < vector.Length; i++)
            vector[i] *= by;
    }

    private static float Length(ReadOnlySpan<float> vector)
    {
        var v = MemoryMarshal.Cast<float, Vector<float>>(vector);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < v.Length; i++)
            sums += v[i] * v[i];
        var sum = Vector.Sum(sums);
        for (var i = v.Length * Vector<float>.Count; i < vector.Length; i++)
            sum += vector[i] * vector[i];
        return MathF.Sqrt(sum);
    }
}
