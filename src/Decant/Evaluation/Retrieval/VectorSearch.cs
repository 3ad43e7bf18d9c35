using System.Numerics;

namespace Decant.Evaluation.Retrieval;

/// <summary>Documents in the order in which their vectors are close to a query's, every one compared.</summary>
internal sealed class VectorSearch
{
    private readonly VectorForm _form;
    private readonly float[][] _unit = [];
    private readonly byte[][] _bits = [];

    /// <summary>Keeps documents in a form.</summary>
    /// <param name="documents">[N] vectors of one width.</param>
    /// <param name="form">How they are kept; queries are brought into it too.</param>
    /// <param name="dimensions">How many of the first numbers of a vector count.</param>
    public VectorSearch(IReadOnlyList<float[]> documents, VectorForm form, int dimensions)
    {
        (_form, Dimensions) = (form, dimensions);
        if (form == VectorForm.Binary)
            _bits = [.. documents.Select(d => VectorCodes.Bits(d.AsSpan(0, dimensions)))];
        else
            _unit = [.. documents.Select(Kept)];
    }

    /// <summary>How many numbers of a vector count.</summary>
    public int Dimensions { get; }

    /// <summary>The bytes of a vector.</summary>
    public int BytesPerVector => BytesOf(_form, Dimensions);

    /// <summary>The bytes of a vector in a form.</summary>
    public static int BytesOf(VectorForm form, int dimensions) => form switch
    {
        VectorForm.Float32 => dimensions * sizeof(float),
        VectorForm.Int8 => dimensions,
        _ => (dimensions + 7) / 8,
    };

    /// <summary>The closest documents, best first; those that tie in their own order.</summary>
    /// <param name="query">[D].</param>
    /// <param name="count">How many, at most.</param>
    public int[] Nearest(float[] query, int count)
    {
        var distances = _form == VectorForm.Binary ? Differing(query) : Cosines(query);
        Array.Sort(distances);
        return [.. distances.Take(count).Select(d => d.Index)];
    }

    private (float Distance, int Index)[] Cosines(float[] query)
    {
        var unit = Kept(query);
        return [.. _unit.Select((document, i) => (-Dot(unit, document), i))];
    }

    private (float Distance, int Index)[] Differing(float[] query)
    {
        var bits = VectorCodes.Bits(query.AsSpan(0, Dimensions));
        return [.. _bits.Select((document, i) => ((float)VectorCodes.Differing(bits, document), i))];
    }

    // Of length 1, so that products are cosines; int8 vectors as the whole numbers that they are, divided by their length.
    private float[] Kept(float[] vector)
    {
        var first = vector.AsSpan(0, Dimensions);
        var numbers = _form == VectorForm.Int8 ? Array.ConvertAll(VectorCodes.Int8(first), code => (float)code) : first.ToArray();
        var length = Math.Sqrt(numbers.Sum(number => (double)number * number));
        return length > 0 ? Array.ConvertAll(numbers, number => (float)(number / length)) : numbers;
    }

    private static float Dot(float[] a, float[] b)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a, i) * new Vector<float>(b, i);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }
}
