using Decant.Data.Tokens;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Samples side by side, as tensors. Owns them: dispose it when the step is done.</summary>
public sealed class Batch : IDisposable
{
    /// <summary>The label of a sample that has none: no objective counts it.</summary>
    public const long NoLabel = -100;

    private readonly bool _isView;
    private readonly WrittenTokens? _written;
    private BatchCounts? _counts;
    private (Tensor First, Tensor Second)? _pairs;
    private RankedRows? _ranked;

    /// <summary>A batch of tensors that it owns from now on.</summary>
    /// <param name="values">Token ids [B, T] int64; images [B, C, H, W] float32, normalised; vectors [B, D] float32.</param>
    /// <param name="labels">
    /// The label of every row, int64 [R], <see cref="NoLabel"/> where there is none; in a regression the wanted numbers, float32 [R, C], not a number where there are none.
    /// </param>
    /// <param name="labelledCount">How many rows have a label.</param>
    /// <param name="ids">The samples' ids, B of them.</param>
    /// <param name="attentionMask">[B, T] bool, true where there is a token; null where there are no tokens.</param>
    /// <param name="tokenTypes">[B, T] int64; null is all 0.</param>
    /// <param name="positions">[R] int64, as <see cref="Positions"/> says; null where a row is a sample.</param>
    /// <param name="segments">[B, T] int64, as <see cref="Segments"/> says; null where a sequence is one text.</param>
    public Batch(
        Tensor values, Tensor labels, int labelledCount, IReadOnlyList<SampleId> ids,
        Tensor? attentionMask = null, Tensor? tokenTypes = null, Tensor? positions = null, Tensor? segments = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Positions = positions is null ? null : TensorScope.Own(positions);
        Segments = segments is null ? null : TensorScope.Own(segments);
        Rows = checked((int)labels.Size(0));
        Values = TensorScope.Own(values);
        Labels = TensorScope.Own(labels);
        LabelledCount = labelledCount;
        Ids = ids;
        AttentionMask = attentionMask is null ? null : TensorScope.Own(attentionMask);
        TokenTypes = tokenTypes is null ? null : TensorScope.Own(tokenTypes);
    }

    private Batch(Batch whole, Tensor labels, int labelledCount, Tensor? positions, BatchCounts counts, WrittenTokens? written)
    {
        (_isView, _counts) = (true, counts);
        (Values, AttentionMask, TokenTypes, Segments, Ids) = (whole.Values, whole.AttentionMask, whole.TokenTypes, whole.Segments, whole.Ids);
        (Labels, LabelledCount, Positions, Task, View, _written) = (labels, labelledCount, positions, whole.Task, whole.View, written);
        Rows = checked((int)labels.Size(0));
    }

    /// <summary>Token ids [B, T] int64; images [B, C, H, W] float32, normalised; vectors [B, D] float32.</summary>
    public Tensor Values { get; }

    /// <summary>[B, T] bool, true where there is a token; null where there are no tokens.</summary>
    public Tensor? AttentionMask { get; }

    /// <summary>[B, T] int64: 0 for the first text, 1 for the second; null is all 0.</summary>
    public Tensor? TokenTypes { get; }

    /// <summary>
    /// [R] int64: the indices into the B·T positions, row by row, at which a model of tokens predicts, in the order of the rows; null where a row is a sample. The label of a row is
    /// that of its position: for a language model the token after it, for only the collator shifts.
    /// </summary>
    public Tensor? Positions { get; }

    /// <summary>
    /// [B, T] int64: which of several texts that share a sequence a position belongs to, counted from 0 in each sequence; null where a sequence is one text. Attention
    /// stays within a text.
    /// </summary>
    public Tensor? Segments { get; }

    /// <summary>
    /// The label of every row, int64 [R], <see cref="NoLabel"/> where there is none; in a regression the wanted numbers, float32 [R, C], not a number where there are none.
    /// </summary>
    public Tensor Labels { get; }

    /// <summary>How many rows have a label.</summary>
    public int LabelledCount { get; }

    /// <summary>What there is to count, in managed memory. Where the collator did not say it, it is counted at first use, on tensors of the CPU without a copy.</summary>
    internal BatchCounts Counts
    {
        get => _counts ??= BatchCounts.Of(AttentionMask, Labels);
        init => _counts = value;
    }

    /// <summary>How many positions hold a token and no padding: all of [B, T] where there is no mask.</summary>
    public long Tokens => AttentionMask is null ? Values.Size(0) * Values.Size(1) : Counts.Tokens;

    /// <summary>How many sequences begin with a token: all of them where there is no mask.</summary>
    public long FirstTokens => AttentionMask is null ? Values.Size(0) : Counts.FirstTokens;

    /// <summary>Where its tensors are.</summary>
    public Device Device => Values.Device;

    /// <summary>R, how many answers a model gives: one per sample, or one per predicted position.</summary>
    public int Rows { get; }

    /// <summary>How many inputs a model is given side by side: one per sample, or two where a sample is a pair of texts that have a vector each.</summary>
    public int Inputs => checked((int)Values.Size(0));

    /// <summary>How many rows belong to each sample, in order; null: one each.</summary>
    public IReadOnlyList<int>? RowsPerSample { get; init; }

    /// <summary>What its rows are, where samples are queries with documents; null: they are others.</summary>
    internal RankingForm? Ranking { get; init; }

    /// <summary>Which rows belong to which query, where samples are queries with documents; null: they are others.</summary>
    internal RankedRows? Ranked => Ranking is null ? null : _ranked ??= RankedRows.Of(this);

    /// <summary>What a model wrote, where its text is not from the data; null: it is. The batch owns it.</summary>
    internal WrittenTokens? Written
    {
        get => _written;
        init => _written = value?.Own();
    }

    /// <summary>Who wrote its text.</summary>
    internal TextAuthor Author => Written?.By ?? TextAuthor.Data;

    /// <summary>The bytes of UTF-8 that the rows of each sample are to say, in order, for bits per byte; null where that is not known.</summary>
    public IReadOnlyList<long>? BytesPerSample { get; init; }

    /// <summary>
    /// Where in its running text (<see cref="TokenFile"/>) the token is that a row at position 0 of each sequence predicts [B]: a row at position t predicts the
    /// token t further on. May be negative, for no row is there. Null where samples are no parts of a running text.
    /// </summary>
    public IReadOnlyList<long>? FirstLabels { get; init; }

    /// <summary>Whether each sequence continues where that of the batch before ended, so that a recurrent model keeps its state.</summary>
    public bool Continues { get; init; }

    /// <summary>The task that its samples are of, where there are several; null: there is one.</summary>
    public string? Task { get; internal set; }

    /// <summary>Which of the augmented views of its samples it has, where there are so many (<see cref="AugmentOptions.Views"/>); else 0.</summary>
    public int View { get; internal set; }

    /// <summary>The samples' ids, in the order of the rows.</summary>
    public IReadOnlyList<SampleId> Ids { get; }

    /// <summary>B.</summary>
    public int Size => Ids.Count;

    /// <summary>Some of the rows, to compute a loss of: a view. Its labels and positions belong to the current scope, its other tensors stay this batch's.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    public Batch RowsFrom(int first, int count)
    {
        if (first == 0 && count == Rows)
            return this;
        var labelled = LabelledCount == Rows ? count : LabelledCount == 0 ? 0 : Counts.LabelledRows(first, count);
        return new Batch(this, Labels.Narrow(0, first, count), labelled, Positions?.Narrow(0, first, count), Counts.RowsFrom(first, count), Written?.Rows(first, count));
    }

    /// <summary>The batch on a device, with all its tensors and all that is known of it: this one, where it is there already, else a copy, which is the caller's to dispose beside this.</summary>
    /// <remarks>The copying is not waited for.</remarks>
    /// <param name="device">Where the model is that it is for.</param>
    public Batch To(Device device)
    {
        if (IsOn(device))
            return this;
        using var scope = TensorScope.Open(); // what a failing copy leaves is released with it; the batch owns its tensors
        var pairs = ScoredPairs;
        return new Batch(
            Values.To(device, wait: false), Labels.To(device, wait: false), LabelledCount, Ids, AttentionMask?.To(device, wait: false), TokenTypes?.To(device, wait: false),
            Positions?.To(device, wait: false), Segments?.To(device, wait: false))
        {
            RowsPerSample = RowsPerSample,
            Ranking = Ranking,
            BytesPerSample = BytesPerSample,
            FirstLabels = FirstLabels,
            Continues = Continues,
            Task = Task,
            View = View,
            Written = Written?.To(device),
            Counts = Counts,
            _pairs = pairs is { First: var first, Second: var second } ? (TensorScope.Own(first.To(device, wait: false)), TensorScope.Own(second.To(device, wait: false))) : null,
        };
    }

    /// <summary>The rows [P] of the first and of the second text of every pair of texts that has a score, int64, on the batch's device; null where samples have one row each.</summary>
    internal (Tensor First, Tensor Second)? ScoredPairs => _pairs ??= FindPairs();

    /// <summary>The same batch on a device; this one is released where a copy was made.</summary>
    internal Batch MoveTo(Device device)
    {
        var there = this;
        try
        {
            there = To(device);
            return there;
        }
        finally
        {
            if (!ReferenceEquals(there, this) || !IsOn(device))
                Dispose();
        }
    }

    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        if (_isView)
            return;
        Values.Dispose();
        Labels.Dispose();
        AttentionMask?.Dispose();
        TokenTypes?.Dispose();
        Positions?.Dispose();
        Segments?.Dispose();
        Written?.Release();
        _pairs?.First.Dispose();
        _pairs?.Second.Dispose();
        _ranked?.Dispose();
    }

    private bool IsOn(Device device) => Device.Matches(device);

    private (Tensor First, Tensor Second)? FindPairs()
    {
        if (RowsPerSample is not { } rows || _isView || Labels.DType != DType.Float32)
            return null;
        var (first, row) = (new List<long>(), 0);
        for (var i = 0; i < rows.Count; row += rows[i++])
        {
            if (rows[i] == 2 && Counts.IsLabelled(row))
                first.Add(row);
        }

        return (TensorScope.Own(Tensor.From([.. first], Device)), TensorScope.Own(Tensor.From([.. first.Select(at => at + 1)], Device)));
    }
}
