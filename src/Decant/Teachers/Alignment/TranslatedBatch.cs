using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Text.Alignment;

namespace Decant.Teachers.Alignment;

/// <summary>A student's batch as its teacher reads it.</summary>
/// <param name="Rows">The teacher's sequences and the rows that are asked about; null: there is nothing to ask.</param>
/// <param name="Spans">Which rows of both belong together.</param>
internal sealed record TranslatedBatch(TokenRows? Rows, SpanRows Spans)
{
    /// <summary>Translates a batch.</summary>
    /// <param name="batch">Of a language model that predicts the next token.</param>
    /// <param name="translator">From the student's tokens to the teacher's.</param>
    /// <param name="maxTokens">The most tokens of a teacher's sequence.</param>
    public static TranslatedBatch Of(Batch batch, TokenTranslator translator, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(translator);
        var sequences = new StudentSequences(batch).All();
        var texts = sequences.Select(s => new TranslatedSequence(s, translator, maxTokens)).ToArray();
        var (student, teacher) = (new SpanSide(), new SpanSide());
        var spans = new SpanRows(student, teacher, translator.Pair);
        var asked = texts.Where(t => t.Spans.Count > 0).ToArray();
        if (asked.Length == 0)
            return new(null, spans);
        var special = SpecialIds.Of(translator.Pair.Teacher.Tokenizer);
        var rows = new TokenRows([.. asked.Select(t => t.Sequence.Id)], asked.Max(t => t.Ids.Length - 1), special.Pad, translator.Pair.Teacher.Count);
        var row = 0L;
        foreach (var (sample, text) in asked.Index())
        {
            rows.Put(sample, text.Ids.AsSpan(0, text.Ids.Length - 1)); // the last is a label alone
            if (text.Starts.Count > 1)
                rows.PutSegments(sample, text.Ids.Length - 1, text.Starts);
            foreach (var span in text.Spans)
            {
                student.Add(text.Sequence.RowOf(span.Student), text.Sequence.Tokens.AsSpan(span.Student, span.Students));
                teacher.Add(row, text.Ids.AsSpan(span.Teacher, span.Teachers));
                for (var i = 0; i < span.Teachers; i++)
                    rows.Ask(sample, span.Teacher + i - 1, text.Ids[span.Teacher + i]);
                row += span.Teachers;
            }
        }

        return new(rows, spans);
    }
}

/// <summary>A sequence of a batch in managed memory.</summary>
/// <param name="Id">Its sample's.</param>
/// <param name="Tokens">All of its tokens, with the one that its last row predicts, where that is known.</param>
/// <param name="Parts">Where texts that see nothing of each other begin, the first at 0.</param>
/// <param name="Begins">Whether it begins with a text's beginning.</param>
internal sealed record StudentSequence(SampleId Id, int[] Tokens, IReadOnlyList<int> Parts, bool Begins)
{
    /// <summary>[T] the row that stands at each position; −1: none does.</summary>
    public required int[] Rows { get; init; }

    /// <summary>The row that predicts a token; −1: none does.</summary>
    public int RowOf(int token) => token == 0 ? -1 : Rows[token - 1];
}

/// <summary>The sequences of a batch.</summary>
internal sealed class StudentSequences(Batch batch)
{
    private readonly long[] _values = batch.Values.ToArray<long>();
    private readonly bool[]? _mask = batch.AttentionMask?.ToArray<bool>();
    private readonly long[]? _segments = batch.Segments?.ToArray<long>();
    private readonly long[] _labels = batch.Labels.ToArray<long>();
    private readonly int _width = checked((int)batch.Values.Size(1));

    /// <summary>All of them.</summary>
    public IReadOnlyList<StudentSequence> All()
    {
        var rows = new int[_values.Length];
        Array.Fill(rows, -1);
        if (batch.Positions is { } positions)
            foreach (var (row, position) in positions.ToArray<long>().Index())
                rows[position] = row;
        return [.. Enumerable.Range(0, batch.Size).Select(sample => Of(sample, rows[(sample * _width)..((sample + 1) * _width)]))];
    }

    private StudentSequence Of(int sample, int[] rows)
    {
        var start = sample * _width;
        var length = _width;
        while (length > 0 && _mask?[start + length - 1] is false) length--;
        var tokens = new List<int>(length + 1);
        for (var i = 0; i < length; i++) tokens.Add((int)_values[start + i]);
        if (length > 0 && rows[length - 1] is var last and >= 0 && _labels[last] is var label and not Batch.NoLabel)
            tokens.Add((int)label);
        var parts = new List<int> { 0 };
        for (var i = 1; i < length && _segments is not null; i++)
            if (_segments[start + i] != _segments[start + i - 1]) parts.Add(i);
        return new(batch.Ids[sample], [.. tokens], parts, Begins: batch.FirstLabels is null) { Rows = rows };
    }
}

/// <summary>A sequence in the teacher's tokens.</summary>
internal sealed class TranslatedSequence
{
    /// <summary>Translates a sequence, text by text.</summary>
    /// <param name="sequence">The student's.</param>
    /// <param name="translator">From the student's tokens to the teacher's.</param>
    /// <param name="maxTokens">The most tokens that the teacher reads.</param>
    public TranslatedSequence(StudentSequence sequence, TokenTranslator translator, int maxTokens)
    {
        Sequence = sequence;
        var (ids, spans, starts) = (new List<int>(), new List<TokenSpan>(), new List<int>());
        foreach (var (part, from) in sequence.Parts.Index())
        {
            var to = part + 1 < sequence.Parts.Count ? sequence.Parts[part + 1] : sequence.Tokens.Length;
            var text = translator.Translate(sequence.Tokens.AsSpan(from, to - from), sequence.Begins || part > 0);
            starts.Add(ids.Count);
            // The first token of a text is predicted from nothing.
            spans.AddRange(text.Spans.Where(s => s.Teacher > 0).Select(s => s with { Student = s.Student + from, Teacher = s.Teacher + ids.Count }));
            ids.AddRange(text.Ids);
        }

        Starts = starts;
        Ids = ids.Count <= maxTokens + 1 ? [.. ids] : [.. ids[..(maxTokens + 1)]];
        Spans = [.. spans.Where(s => s.Teacher + s.Teachers <= Ids.Length && IsAsked(s))];
    }

    public StudentSequence Sequence { get; }

    /// <summary>The teacher's tokens.</summary>
    public int[] Ids { get; }

    /// <summary>Where texts that see nothing of each other begin among them.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The spans all of whose tokens the student is asked about.</summary>
    public IReadOnlyList<TokenSpan> Spans { get; }

    private bool IsAsked(TokenSpan span)
    {
        for (var i = 0; i < span.Students; i++)
            if (Sequence.RowOf(span.Student + i) < 0) return false;
        return true;
    }
}
