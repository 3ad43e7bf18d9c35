using Decant.Data.Batching;
using Decant.Signals;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Stands for a teacher that scores texts where nothing may be asked, as when a recipe is checked: every token is as probable as any other.</summary>
/// <param name="tokenizer">The tokenizer of the student.</param>
internal sealed class UnaskedScores(ITokenizer tokenizer) : ITeacher
{
    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = new(SignalKinds.TokenScores, [], tokenizer.Hash) { Outputs = tokenizer.VocabularySize };

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => new TokenScores(Tensor.Full([batch.Rows], -Math.Log(Offer.Outputs), device: batch.Device));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
