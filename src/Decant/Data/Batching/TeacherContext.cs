using Decant.Text;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>What a teacher is given of a sequence beside what its student is given: the same rows in the same order, at other positions.</summary>
/// <remarks>
/// A prompt or running text is [begin] context text, where the context is encoded for itself; a conversation is what the chat template makes of it with a system message more. A row stands before the token that it is about in
/// both, so that the k-th row of one is the k-th of the other.
/// </remarks>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="begin">The id that begins a text; null: none.</param>
/// <param name="text">What stands before every text; null: what the samples have, if they have some.</param>
internal sealed class TeacherContext(ITokenizer tokenizer, int? begin, string? text)
{
    private readonly int[]? _ofAll = text is null ? null : tokenizer.Encode(text);
    private readonly int _pad = SpecialIds.Of(tokenizer).Pad;

    /// <summary>What stands before every text; null: what the samples have.</summary>
    public string? Text => text;

    /// <summary>What a teacher is given before a prompt; empty: nothing more than its student.</summary>
    public string Before(SampleContent content) => text ?? (content as PromptContent)?.Context ?? "";

    /// <summary>Whether a teacher is given more of a sample than its student.</summary>
    public bool IsIn(SampleContent content) => content is TokenContent { OfTeacher: not null } || (content is not TokenContent { Learned: not null } && Before(content).Length > 0);

    /// <summary>The positions that a sample takes as the teacher is given it.</summary>
    /// <param name="content">The sample's content.</param>
    /// <param name="own">Those that it takes as the student is given it.</param>
    public int TokensOf(SampleContent content, int own) => content is TokenContent { OfTeacher: { } other } ? other.Ids.Length - 1
        : IsIn(content) ? own + Encoded(content).Length + (content is TokenContent && begin is not null ? 1 : 0)
        : own;

    /// <summary>A batch as the teacher is given it; the caller disposes of it.</summary>
    /// <param name="batch">The batch of the student, whose text may be one that a model wrote.</param>
    /// <param name="contentOf">The content of a sample of the batch, by its place.</param>
    /// <exception cref="DecantException">A model wrote the text of a conversation: what the teacher is given of it is not known.</exception>
    public Batch Of(Batch batch, Func<int, SampleContent> contentOf)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (ShapesOnly.IsOpen)
            return ShapeOf(batch, contentOf);
        using var scope = TensorScope.Open();
        var (values, width, lengths) = (batch.Values.To(Device.Cpu).ToArray<long>(), checked((int)batch.Values.Size(1)), batch.Counts.Lengths!);
        var given = new Given[batch.Size];
        for (var i = 0; i < given.Length; i++)
            given[i] = Of(Array.ConvertAll(values[(i * width)..((i * width) + (int)lengths[i])], id => (int)id), contentOf(i), batch.Written is not null);
        var rows = new TokenRows(batch.Ids, given.Max(g => g.Ids.Length), _pad, tokenizer.VocabularySize);
        var (positions, labels, row) = (batch.Positions!.To(Device.Cpu).ToArray<long>(), batch.Labels.To(Device.Cpu).ToArray<long>(), 0);
        for (var i = 0; i < given.Length; i++)
        {
            rows.Put(i, given[i].Ids);
            rows.PutBytes(i, batch.BytesPerSample?[i]);
            rows.PutFirstLabel(i, batch.FirstLabels is { } first ? first[i] - given[i].Shift : null);
            if (given[i].Starts is { } starts)
                rows.PutSegments(i, given[i].Ids.Length, starts);
            for (var end = row + batch.RowsPerSample![i]; row < end; row++)
                rows.Ask(i, given[i].PositionOf((int)positions[row] - (i * width)), labels[row]);
        }

        var written = batch.Written is { } by ? new WrittenTokens(by.By, by.Tokens.Clone(), by.LogProbabilities.Clone()) : null;
        return rows.ToBatch(written: written).MoveTo(batch.Device);
    }

    // Tensors without numbers, whose shapes alone are counted.
    private Batch ShapeOf(Batch batch, Func<int, SampleContent> contentOf)
    {
        int[] tokens = [.. batch.Counts.Lengths!.Select((own, i) => TokensOf(contentOf(i), (int)own))];
        var rows = new TokenRows(batch.Ids, tokens.Max(), _pad, tokenizer.VocabularySize);
        for (var i = 0; i < tokens.Length; i++)
        {
            rows.Put(i, new int[tokens[i]]);
            for (var row = 0; row < batch.RowsPerSample![i]; row++)
                rows.Ask(i, 0, 0);
        }

        return rows.ToBatch();
    }

    private int[] Encoded(SampleContent content) => _ofAll ?? tokenizer.Encode(Before(content));

    private Given Of(int[] ids, SampleContent content, bool isWritten)
    {
        if (content is TokenContent { OfTeacher: { } other } own)
        {
            return isWritten ? throw new DecantException("A teacher with a system message of its own cannot judge what is written in the place of a conversation; leave 'rollouts' or the context out.")
                : new Given(other.Ids[..^1].ToArray(), Rows(own).Zip(Rows(other)).ToDictionary(r => r.First, r => r.Second), 0) { Starts = other.DocumentStarts };
        }

        if (!IsIn(content))
            return new Given(ids, null, 0) { Starts = (content as TokenContent)?.DocumentStarts };
        var context = Encoded(content);
        if (begin is { } id && ids.Length > 0 && ids[0] == id)
            return new Given([id, .. context, .. ids.AsSpan(1)], null, context.Length);
        // Running text has no token that begins it; a prompt has where the tokenizer has one.
        int[] before = content is TokenContent && begin is { } first ? [first, .. context] : context;
        return new Given([.. before, .. ids], null, before.Length);
    }

    // The positions before the learned tokens.
    private static IEnumerable<int> Rows(TokenContent content) => Enumerable.Range(0, content.Ids.Length - 1).Where(i => content.Learned!.Value.Span[i + 1]);

    /// <param name="Ids">What the teacher reads.</param>
    /// <param name="Positions">Its position of a row, by the student's; null: <paramref name="Shift"/> further on.</param>
    /// <param name="Shift">How many tokens stand before.</param>
    private sealed record Given(int[] Ids, Dictionary<int, int>? Positions, int Shift)
    {
        /// <summary>Where documents begin that see nothing of each other; null: it is one text.</summary>
        public IReadOnlyList<int>? Starts { get; init; }

        public int PositionOf(int own) => Positions is null ? own + Shift : Positions[own];
    }
}
