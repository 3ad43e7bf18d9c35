using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>
/// A teacher that reads the samples of a batch in another form than the student, texts with a tokenizer of its own or images of another size: it gets the samples again by their ids.
/// </summary>
/// <remarks>For tasks with one answer for each sample; inner values would belong to other tokens or pixels than the student's and are not shown.</remarks>
/// <param name="teacher">The teacher, which this owns.</param>
/// <param name="collator">Makes its batches.</param>
/// <param name="sources">Where the samples are that it may be asked about.</param>
/// <param name="studentTokenizer">The hash of the tokenizer that the batches were made with; null for images.</param>
/// <param name="givesScores">Whether samples are queries with documents and the student is of the other kind, scores or vectors: what is passed on are scores of documents, 0 in the row of a query.</param>
internal sealed class OwnInputTeacher(ITeacher teacher, ICollator collator, IReadOnlyList<Dataset> sources, string? studentTokenizer, bool givesScores = false) : ITeacher
{
    private readonly Lazy<Dictionary<SampleId, (Dataset Of, int Index)>> _places = new(() => Places(sources));

    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = (givesScores ? teacher.Offer with { Outputs = 1, ClassNames = [] } : teacher.Offer) with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits, TokenizerHash = studentTokenizer };

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <inheritdoc/>
    /// <exception cref="DecantException">A sample is in none of the sources, or has another number of answers than in the batch.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var read = collator.Collate([.. batch.Ids.Select(Sample)], seed: 0, epoch: 0);
        if (givesScores)
            return Scores(read.MoveTo(batch.Values.Device), batch, cancellationToken);
        if (read.Rows != batch.Rows)
            throw new DecantException($"The teacher answers {read.Rows} rows for a batch of {batch.Rows}: with a tokenizer of its own it can teach only where each text has one answer. Remove 'input.tokenizer', and both read with the teacher's.");
        return teacher.Answer(read.MoveTo(batch.Values.Device), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => teacher.Dispose();

    private DenseLogits Scores(Batch read, Batch batch, CancellationToken cancellationToken)
    {
        var answers = ((DenseLogits)teacher.Answer(read, cancellationToken).Whole()).Logits.To(DType.Float32);
        return new(batch.Ranked!.ByRow(read.Ranked!.Scores(answers, RankedSamples.TeacherScale), batch.Rows));
    }

    private Sample Sample(SampleId id) => _places.Value.TryGetValue(id, out var place) ? place.Of[place.Index]
        : throw new DecantException($"The teacher was asked about sample {id}, which is in none of {string.Join(", ", sources.Select(s => s.Name).Distinct())}.");

    private static Dictionary<SampleId, (Dataset Of, int Index)> Places(IReadOnlyList<Dataset> sources)
    {
        var places = new Dictionary<SampleId, (Dataset Of, int Index)>();
        foreach (var source in sources)
            for (var i = 0; i < source.Count; i++)
                places.TryAdd(source[i].Id, (source, i));
        return places;
    }
}
