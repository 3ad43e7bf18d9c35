using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>Several teachers, each of which teaches the samples of some tags alone. Each is asked about its samples of a batch; the rows come back in the batch's order.</summary>
/// <remarks>Where no teacher teaches, the label stands in for an answer: all probability is its own, so that a divergence from it is the cross-entropy of the label.</remarks>
internal sealed class RoutedTeacher : ITeacher
{
    // So far below the label's logit that its probability is 0 in float32, and finite, so that 0 times it is 0.
    private const float Impossible = -1e4f;

    private readonly IReadOnlyDictionary<string, ITeacher> _routes;
    private readonly IReadOnlySet<string> _labelsOnly;
    private readonly Func<SampleId, string?> _tagOf;

    /// <summary>Teachers by the tags of their samples.</summary>
    /// <param name="routes">Tag → teacher, one or more; all answer alike. Disposed with this.</param>
    /// <param name="labelsOnly">Tags that no teacher teaches.</param>
    /// <param name="tagOf">The tag of a sample by its id.</param>
    /// <exception cref="DecantException">The teachers do not belong together: what differs first is named.</exception>
    public RoutedTeacher(IReadOnlyDictionary<string, ITeacher> routes, IReadOnlySet<string> labelsOnly, Func<SampleId, string?> tagOf)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var (first, one) = routes.First();
        foreach (var (tag, other) in routes)
            OfferChecks.CheckAlike((first, one.Offer), (tag, other.Offer));
        (_routes, _labelsOnly, _tagOf) = (routes, labelsOnly, tagOf);
        Offer = one.Offer with { Kinds = SignalKinds.DenseLogits };
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public Device? Device => _routes.Values.Select(t => t.Device).FirstOrDefault(d => d is not null);

    /// <inheritdoc/>
    public bool IsConcurrent => _routes.Values.All(t => t.IsConcurrent);

    /// <inheritdoc/>
    /// <exception cref="DecantException">A sample's tag has no teacher, or its label is to stand in for one and it has none.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (ShapesOnly.IsOpen) // there are no numbers to choose rows by
            return _routes.Values.First().Answer(batch, cancellationToken);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var (answers, order) = (new List<Tensor>(), new long[batch.Rows]);
        var next = 0L;
        foreach (var samples in Enumerable.Range(0, batch.Size).GroupBy(i => RouteOf(batch.Ids[i])))
        {
            var (part, rows) = BatchParts.Of(batch, [.. samples]);
            using (part)
                answers.Add(samples.Key is { } teacher ? ((DenseLogits)teacher.Answer(part, cancellationToken).Whole()).Logits : OfLabels(part));
            foreach (var row in rows)
                order[row] = next++;
        }

        return new DenseLogits(scope.Keep(Tensor.Cat([.. answers], 0).IndexSelect(0, Tensor.From(order).To(batch.Device))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var teacher in _routes.Values.Distinct())
            teacher.Dispose();
    }

    private ITeacher? RouteOf(SampleId id) => _tagOf(id) switch
    {
        { } tag when _routes.TryGetValue(tag, out var teacher) => teacher,
        { } tag when _labelsOnly.Contains(tag) => null,
        var tag => throw NoTeacher(tag, $"sample {id}", _routes.Keys),
    };

    /// <summary>That no teacher teaches a tag.</summary>
    /// <param name="tag">The tag; null: there is none.</param>
    /// <param name="where">Which sample.</param>
    /// <param name="known">The tags that there are teachers for.</param>
    public static DecantException NoTeacher(string? tag, string where, IEnumerable<string> known) => new(
        $"teachers: no teacher teaches {(tag is null ? "samples without a tag" : $"the tag '{tag}'")}, such as {where}; they teach {string.Join(", ", known.Select(k => $"'{k}'"))}. "
        + "Add the tag to a teacher's 'tags', or to ensemble.labels-only, where samples are learned from their labels.");

    private Tensor OfLabels(Batch part)
    {
        if (part.LabelledCount < part.Rows)
            throw new DecantException($"ensemble.labels-only: {part.Rows - part.LabelledCount} of {part.Rows} rows have no label, such as of sample {part.Ids[0]}, and no teacher answers for them.");
        var logits = Tensor.Full([part.Rows, Offer.Outputs], Impossible, device: part.Device);
        return logits.Scatter(1, part.Labels.Unsqueeze(1), 0);
    }
}
