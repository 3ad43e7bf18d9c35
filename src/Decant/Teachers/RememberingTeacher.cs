using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers;

/// <summary>A teacher that is asked about every sample once and remembers the answer, by the sample's id.</summary>
/// <remarks>Right only where a sample looks the same each time: no augmentation. Holds 4·C bytes per sample.</remarks>
public sealed class RememberingTeacher : ITeacher
{
    private readonly ITeacher _teacher;
    private readonly Dictionary<SampleId, float[]> _answers = [];

    /// <summary>Remembers the answers of another teacher, which it does not own.</summary>
    /// <param name="teacher">Who is asked the first time; it gives dense logits.</param>
    public RememberingTeacher(ITeacher teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        _teacher = teacher;
        Offer = teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits };
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <summary>How many samples have been answered.</summary>
    public int Count => _answers.Count;

    /// <summary>The bytes that the answers to so many samples take.</summary>
    public static long BytesFor(long samples, int classes) => samples * classes * sizeof(float);

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var classes = Offer.ClassNames.Count;
        if (!batch.Ids.All(_answers.ContainsKey))
            Remember(batch, classes, cancellationToken);
        var logits = new float[batch.Size * classes];
        for (var row = 0; row < batch.Size; row++)
            _answers[batch.Ids[row]].CopyTo(logits, row * classes);
        return new DenseLogits(Tensor.From(logits, batch.Size, classes));
    }

    /// <summary>Forgets the answers. The teacher that was asked is its owner's.</summary>
    public void Dispose() => _answers.Clear();

    private void Remember(Batch batch, int classes, CancellationToken cancellationToken)
    {
        using var scope = TensorScope.Open();
        if (_teacher.Answer(batch, cancellationToken) is not DenseLogits dense)
            throw new InvalidOperationException("Only dense logits can be remembered.");
        var rows = dense.Logits.To(DType.Float32).ToArray<float>();
        for (var row = 0; row < batch.Size; row++)
            _answers[batch.Ids[row]] = rows[(row * classes)..((row + 1) * classes)]; // an id that stands twice has one content, and so one answer
    }
}
