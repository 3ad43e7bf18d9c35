using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization.Agreement;

/// <summary>The differences of pairs of rows: one number per row and figure is kept, the outputs are not.</summary>
internal sealed class RowDifferences
{
    private readonly List<double> _divergences = [];
    private readonly List<double> _cosines = [];
    private int _same;
    private double _largest;

    /// <summary>Adds two outputs of the same shape.</summary>
    /// <exception cref="DecantException">They are of different shapes.</exception>
    public void Add(OnnxArray reference, OnnxArray other)
    {
        if (!reference.Shape.SequenceEqual(other.Shape))
            throw new DecantException($"The outputs to compare have the shapes [{string.Join(", ", reference.Shape)}] and [{string.Join(", ", other.Shape)}]; the same were expected. Compare two forms of one model.");
        var width = reference.Shape.Length == 0 ? 1 : (int)reference.Shape[^1];
        for (var start = 0; width > 0 && start < reference.Floats.Length; start += width)
            Add(reference.Floats.AsSpan(start, width), other.Floats.AsSpan(start, width));
    }

    /// <summary>The figures over all rows; null: there were none.</summary>
    public AgreementFigures? Figures()
    {
        if (_divergences.Count == 0)
            return null;
        _divergences.Sort();
        _cosines.Sort();
        return new AgreementFigures(_divergences.Count, At(_divergences, 0.5), At(_divergences, 0.99), (double)_same / _divergences.Count, At(_cosines, 0.5), _largest);
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private void Add(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        var (p, q) = (LogSumExp(reference), LogSumExp(other));
        var (divergence, dot, square, otherSquare) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < reference.Length; i++)
        {
            var (a, b) = ((double)reference[i], (double)other[i]);
            divergence += Math.Exp(a - p) * (a - p - (b - q));
            (dot, square, otherSquare) = (dot + (a * b), square + (a * a), otherSquare + (b * b));
            _largest = Math.Max(_largest, Math.Abs(a - b));
        }

        _divergences.Add(Math.Max(0, divergence));
        _cosines.Add(square == 0 && otherSquare == 0 ? 1 : dot / Math.Sqrt(Math.Max(square * otherSquare, double.Epsilon)));
        _same += Best(reference) == Best(other) ? 1 : 0;
    }

    private static double LogSumExp(ReadOnlySpan<float> values)
    {
        var (most, sum) = ((double)values[Best(values)], 0.0);
        foreach (var value in values)
            sum += Math.Exp(value - most);
        return most + Math.Log(sum);
    }

    private static int Best(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }
}
