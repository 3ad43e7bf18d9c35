using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Inference.Static;

/// <summary>x·Wᵀ + b.</summary>
/// <param name="weight">[out, in].</param>
/// <param name="bias">[out].</param>
internal sealed class StaticLayer(float[] weight, float[] bias)
{
    /// <summary>How many numbers come out.</summary>
    public int Width => bias.Length;

    /// <summary>The answer to a vector.</summary>
    /// <param name="x">[in].</param>
    /// <param name="rectifies">Whether what is below 0 becomes 0.</param>
    public float[] Of(ReadOnlySpan<float> x, bool rectifies)
    {
        var answer = new float[bias.Length];
        for (var o = 0; o < answer.Length; o++)
        {
            var sum = bias[o] + Dot(x, weight.AsSpan(o * x.Length, x.Length));
            answer[o] = rectifies ? Math.Max(0, sum) : sum;
        }

        return answer;
    }

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(x);
        var b = MemoryMarshal.Cast<float, Vector<float>>(y);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < a.Length; i++)
            sums += a[i] * b[i];
        var sum = Vector.Sum(sums);
        for (var i = a.Length * Vector<float>.Count; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
