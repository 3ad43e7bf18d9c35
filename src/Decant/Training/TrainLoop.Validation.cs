using Decant.Torch;

namespace Decant.Training;

/// <summary>When the student is validated, and what comes of it.</summary>
internal sealed partial class TrainLoop
{
    /// <summary>Whether the updates made ask for a validation that has not been made.</summary>
    private bool IsValidationDue => _plan is { Validate: not null, ValidateEvery: { } every } && _position.Step > 0 && _position.Step % every == 0 && !IsValidated;

    private bool IsValidated => _position.Validated == _position.Step;

    /// <returns>Why the training ends here; null: it continues.</returns>
    private StopReason? ValidateWithinEpoch(CancellationToken cancellationToken)
    {
        CheckWeights();
        var scores = Scores(cancellationToken)!;
        Judge(scores, _position.Epoch + 1);
        return Finished() ?? (cancellationToken.IsCancellationRequested ? StopReason.Interrupted : null);
    }

    private void CheckWeights()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        _losses.Check();
        _losses.CheckFinite("The norm of the weights", Gradients.Norm(_parameters)?.Item() ?? 0, _position.Step, _plan.PeakLearningRate * _plan.Schedule.FactorAt(_position.Step));
    }

    /// <summary>Validates where that is for the ends of epochs, and always at the end of the training; the next epoch begins.</summary>
    private void EndEpoch(CancellationToken cancellationToken)
    {
        var isAsked = _plan.ValidateEvery is null || (_position.Epoch + 1 >= _plan.Epochs && !IsValidated);
        var scores = isAsked ? Scores(cancellationToken) : null;
        _position = _position with { Epoch = _position.Epoch + 1, Batch = 0 };
        if (scores is not null)
            Judge(scores, _position.Epoch);
        else if (_plan.Validate is null)
            _best.Snapshot();
    }

    /// <summary>The student's scores in evaluation mode; null without validation. Nothing of the training changes, and when it is broken off nothing has.</summary>
    private IReadOnlyDictionary<string, double>? Scores(CancellationToken cancellationToken)
    {
        if (_plan.Validate is null)
            return null;
        _plan.Student.Eval();
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return _plan.Validate(cancellationToken);
    }

    /// <param name="scores">What validation gave.</param>
    /// <param name="epoch">The epoch that it was in, from 1.</param>
    private void Judge(IReadOnlyDictionary<string, double> scores, int epoch)
    {
        var score = _plan.BestBy.Read(scores);
        _plan.Schedule.OnValidation(score);
        var isCandidate = _plan.Masks?.IsComplete(_position.Step, _plan.Updates) is null or true;
        var isBest = isCandidate && double.IsFinite(score) && (_position.BestScore is not { } before || score > before);
        if (isBest)
            _best.Snapshot();
        _position = isBest
            ? _position with { BestScore = score, BestScores = scores, BestStep = _position.Step, Waited = 0, Validated = _position.Step }
            : _position with { Waited = isCandidate ? _position.Waited + 1 : 0, Validated = _position.Step };
        var epochs = _position.Epoch + ((double)_position.Batch / Math.Max(1, _plan.Batches.BatchesPerEpoch));
        _observer.OnValidation(new ValidationReport(_position.Step, epoch, scores, isBest) { Epochs = epochs });
    }
}
