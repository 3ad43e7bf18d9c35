using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Vectors of one length as float32, unchanged.</summary>
internal sealed class VectorCollator : ICollator
{
    /// <inheritdoc/>
    public bool HasLengths => false;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var length = CollatorParts.Content<VectorContent>(samples[0], "a vector").Values.Length;
        var values = new float[samples.Count * length];
        for (var i = 0; i < samples.Count; i++)
        {
            var vector = CollatorParts.Content<VectorContent>(samples[i], "a vector").Values;
            if (vector.Length != length) throw new DecantException($"Sample {samples[i].Id}: expected a vector of {length} numbers, came {vector.Length}; all must be of one length.");
            vector.Span.CopyTo(values.AsSpan(i * length));
        }

        return CollatorParts.ToBatch(samples, Tensor.From(values, samples.Count, length));
    }
}
