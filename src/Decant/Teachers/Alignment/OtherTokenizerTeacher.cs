using Decant.Data.Batching;
using Decant.Signals;
using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Teachers.Alignment;

/// <summary>
/// A language model that reads the texts of a batch with its own tokenizer: the student's tokens become text, the text the teacher's tokens, and what both say with whole tokens is compared.
/// All of it comes from the batch, so that it may be texts of the data or such as the student wrote.
/// </summary>
/// <param name="teacher">The language model, which this owns; it answers with logits.</param>
/// <param name="translator">From the student's tokens to the teacher's.</param>
/// <param name="studentTokenizer">The hash of the tokenizer that batches are made with.</param>
/// <param name="maxTokens">The most tokens that the teacher reads at once; what is beyond has no spans.</param>
internal sealed class OtherTokenizerTeacher(ITeacher teacher, TokenTranslator translator, string studentTokenizer, int maxTokens) : ITeacher
{
    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = teacher.Offer with { Kinds = SignalKinds.OtherTokens, TokenizerHash = studentTokenizer };

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var texts = TranslatedBatch.Of(batch, translator, maxTokens);
        if (texts.Rows is null)
            return new OtherTokenLogits(Tensor.Zeros([0, teacher.Offer.Outputs], device: batch.Device), texts.Spans);
        using var read = texts.Rows.ToBatch().MoveTo(batch.Device);
        return teacher.Answer(read, cancellationToken).Whole() is DenseLogits { Logits: var logits } ? new OtherTokenLogits(logits, texts.Spans)
            : throw new DecantException("A teacher with a tokenizer of its own must answer with all of its logits.");
    }

    /// <inheritdoc/>
    public void Dispose() => teacher.Dispose();
}
