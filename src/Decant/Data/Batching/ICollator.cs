namespace Decant.Data.Batching;

/// <summary>Puts samples side by side as tensors. It alone knows how a content becomes numbers.</summary>
public interface ICollator
{
    /// <summary>Whether samples differ in length, so that batches of similar ones save padding.</summary>
    bool HasLengths { get; }

    /// <summary>The batch of the samples, in their order; called from one thread at a time per <see cref="BatchSource"/>.</summary>
    /// <param name="samples">One or more.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0: with the seed and the sample's id, all that chance may depend on.</param>
    /// <exception cref="DecantException">A sample is of another kind or size than the others.</exception>
    Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch);
}
