using Decant.Torch;

namespace Decant.Training;

/// <summary>Checks whether losses stay finite, every few updates; between two checks nothing waits for the device.</summary>
internal sealed class FiniteCheck(int every) : IDisposable
{
    /// <summary>How many updates a device is left alone for.</summary>
    public const int StepsOnDevice = 16;

    private (long Step, double Loss)? _lastFinite;
    private Tensor? _accumulated; // finite only if every loss since the last look is
    private Tensor? _accumulatedNorm; // the same of the gradients' norms, where they are clipped
    private (long Step, double LearningRate) _at;
    private int _unread;

    /// <summary>Takes note of an update's loss, before the update is made.</summary>
    /// <param name="reading">The loss.</param>
    /// <param name="step">The update, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="cause">Finds out why it is not finite, and what to do; null where the learning rate is the likely cause.</param>
    /// <exception cref="DivergedException">It is not finite, or one since the last look was not.</exception>
    public void Watch(LossReading reading, long step, double learningRate, Func<string?> cause)
    {
        _at = (step, learningRate);
        if (every > 1)
            Add(reading);
        if (every > 1 && _unread < every)
            return;
        Check(cause);
        CheckFinite("The loss", reading.Total, step, learningRate, cause);
        if (reading.NormTensor is not null)
            CheckFinite("The norm of the gradients", reading.Norm, step, learningRate, cause);
        _lastFinite = (step, reading.Total);
    }

    /// <summary>Looks now.</summary>
    /// <exception cref="DivergedException">A loss since the last look was not finite.</exception>
    public void Check(Func<string?>? cause = null)
    {
        if (_accumulated is null)
            return;
        var values = Accumulated();
        _accumulated.Dispose();
        _accumulatedNorm?.Dispose();
        (_accumulated, _accumulatedNorm, _unread) = (null, null, 0);
        CheckFinite("The loss", values[0], _at.Step, _at.LearningRate, cause);
        CheckFinite("The norm of the gradients", values[^1], _at.Step, _at.LearningRate, cause);
    }

    /// <exception cref="DivergedException">The value is not finite.</exception>
    public void CheckFinite(string what, double value, long step, double learningRate, Func<string?>? cause = null)
    {
        if (!double.IsFinite(value))
            throw new DivergedException($"{what} became {value}", step, _lastFinite, learningRate, cause?.Invoke());
    }

    public void Dispose()
    {
        _accumulated?.Dispose();
        _accumulatedNorm?.Dispose();
    }

    // Both at once: a device is waited for once.
    private float[] Accumulated()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return (_accumulatedNorm is null ? _accumulated! : Tensor.Stack([_accumulated!, _accumulatedNorm])).ToArray<float>();
    }

    private void Add(LossReading reading)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        _accumulated = Sum(_accumulated, reading.AccumulatedLoss());
        if (reading.NormTensor is { } norm)
            _accumulatedNorm = Sum(_accumulatedNorm, norm);
        _unread++;
    }

    private static Tensor Sum(Tensor? before, Tensor value)
    {
        var sum = TensorScope.Own(before is null ? value.Clone() : before + value);
        before?.Dispose();
        return sum;
    }
}
