using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>The logits of a teacher that reads the same texts with another tokenizer, and which of its rows belong to which of the student's.</summary>
/// <param name="Logits">[R, V] of the teacher's rows and vocabulary, detached.</param>
/// <param name="Spans">What both say with whole tokens.</param>
internal sealed record OtherTokenLogits(Tensor Logits, SpanRows Spans) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [Logits, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) => throw new InvalidOperationException("A span may have several of the student's rows: some of them alone say nothing of it.");
}

/// <summary>The spans of a batch: parts of its texts that student and teacher say with whole tokens.</summary>
/// <param name="Student">The student's rows and tokens.</param>
/// <param name="Teacher">The teacher's.</param>
/// <param name="Vocabularies">Both vocabularies.</param>
internal sealed record SpanRows(SpanSide Student, SpanSide Teacher, VocabularyPair Vocabularies)
{
    /// <summary>How many spans there are; both sides have as many.</summary>
    public int Count => Student.Starts.Count;
}

/// <summary>The tokens of all spans of a batch for one of the models, in order.</summary>
internal sealed class SpanSide
{
    /// <summary>[M] the row that predicts each token.</summary>
    public List<long> Rows { get; } = [];

    /// <summary>[M] the token that stands there.</summary>
    public List<long> Tokens { get; } = [];

    /// <summary>[M] the span of each.</summary>
    public List<long> SpanOf { get; } = [];

    /// <summary>[N] the place among these of each span's first token.</summary>
    public List<long> Starts { get; } = [];

    /// <summary>Adds the next span.</summary>
    /// <param name="firstRow">The row that predicts its first token; the others follow.</param>
    /// <param name="tokens">Its tokens.</param>
    public void Add(long firstRow, ReadOnlySpan<int> tokens)
    {
        Starts.Add(Rows.Count);
        for (var i = 0; i < tokens.Length; i++)
        {
            Rows.Add(firstRow + i);
            Tokens.Add(tokens[i]);
            SpanOf.Add(Starts.Count - 1);
        }
    }
}
