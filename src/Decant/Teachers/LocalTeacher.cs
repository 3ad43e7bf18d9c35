using Decant.Data;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers;

/// <summary>A model in this process as a teacher: frozen, in evaluation mode, without gradients.</summary>
public sealed class LocalTeacher : ITeacher
{
    private readonly Model _model;
    private readonly bool _owns;

    /// <summary>Freezes a model and makes it teach.</summary>
    /// <param name="model">The model; its dropout is switched off and its parameters take no gradients from now on.</param>
    /// <param name="classNames">The classes in the order of its logits.</param>
    /// <param name="tokenizerHash">The hash of the tokenizer that it reads text with; null for other inputs.</param>
    /// <param name="owns">Disposes the model with the teacher; true.</param>
    public LocalTeacher(Model model, IReadOnlyList<string> classNames, string? tokenizerHash = null, bool owns = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classNames);
        if (model.Classes != classNames.Count)
            throw new DecantException($"The teacher answers with {model.Classes} logits, but {classNames.Count} classes are named.");
        _model = model;
        _owns = owns;
        _model.Eval();
        _model.RequireGrad(false);
        Offer = new TeacherOffer(SignalKinds.DenseLogits, classNames, tokenizerHash);
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <summary>True: answering reads weights and writes nothing.</summary>
    public bool IsConcurrent => true;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_model.IsTrainingAnywhere)
            throw new InvalidOperationException("The teacher was switched to training mode while it taught.");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();                // hands out the logits, and nothing that was made on the way
        return new DenseLogits(scope.Keep(_model.Forward(batch.ToInput())));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns)
            _model.Dispose();
    }
}
