using Decant.Torch;

namespace Decant.Training;

/// <summary>Keeps some weights of a student at 0 while it is trained.</summary>
internal interface IWeightMasks : IDisposable
{
    /// <summary>What decides which weights are 0 from here on, by name; a part of checkpoints. Its own tensors, not copies.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Takes a saved state in place of its own; copied.</summary>
    /// <exception cref="DecantException">The state is of another training.</exception>
    void Restore(IReadOnlyDictionary<string, Tensor> state);

    /// <summary>Weights that are kept at 0 take no gradient; before gradients are clipped.</summary>
    void MaskGradients();

    /// <summary>Sets weights to 0; behind every update.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="steps">All updates of the training.</param>
    void AfterUpdate(long step, long steps);

    /// <summary>Whether as many weights are 0 as there are to be: weights of before are none of the training's results.</summary>
    bool IsComplete(long step, long steps);
}
