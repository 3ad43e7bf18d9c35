using Decant.Torch;

namespace Decant.Training;

/// <summary>The sums of an update's objectives, on the device until they are read: reading waits for it.</summary>
internal sealed class LossReading : IDisposable
{
    private readonly NamedObjective[] _objectives;
    private readonly long[] _counts;
    private readonly Tensor _sums; // [objectives that counted]
    private readonly IReadOnlyList<NamedObjective> _all;
    private IReadOnlyDictionary<string, double>? _settings;
    private float[]? _values; // the sums, and the norm behind them where there is one

    /// <summary>A reading to come.</summary>
    /// <param name="objectives">Those that counted something.</param>
    /// <param name="counts">What each of them counted, over the whole update.</param>
    /// <param name="sums">Their sums, [objectives]; taken over.</param>
    /// <param name="all">All objectives, as they were in this update.</param>
    public LossReading(NamedObjective[] objectives, long[] counts, Tensor sums, IReadOnlyList<NamedObjective> all) =>
        (_objectives, _counts, _sums, _all) = (objectives, counts, TensorScope.Own(sums), all);

    /// <summary>Σ wᵢ·sumᵢ ÷ Nᵢ.</summary>
    public double Total
    {
        get
        {
            var total = 0.0;
            for (var i = 0; i < _objectives.Length; i++)
                total += _objectives[i].Weight * Mean(i);
            return total;
        }
    }

    /// <summary>Each objective's mean before its weight.</summary>
    public IReadOnlyDictionary<string, double> Parts
    {
        get
        {
            var parts = new Dictionary<string, double>(_objectives.Length, StringComparer.Ordinal);
            for (var i = 0; i < _objectives.Length; i++)
                parts[_objectives[i].Name] = Mean(i);
            return parts;
        }
    }

    /// <summary>What changes over the training, as it was in this update, such as <c>soft-targets/temperature</c>.</summary>
    public IReadOnlyDictionary<string, double> Settings
    {
        get
        {
            if (_settings is null && _sums.IsDisposed)
                throw new InvalidOperationException("The settings of an update can be read only while the observer is notified of it; afterwards they are those of another.");
            return _settings ??= new Dictionary<string, double>(_all.SelectMany(o => o.Settings()), StringComparer.Ordinal);
        }
    }

    /// <summary>Whether the numbers were read already.</summary>
    public bool IsRead => _values is not null;

    /// <summary>The norm of the gradients, on its device; null where it is not asked for.</summary>
    public Tensor? NormTensor { get; private set; }

    /// <summary>The norm of the gradients, read together with the sums.</summary>
    public double Norm => Values[^1];

    private float[] Values
    {
        get
        {
            if (_values is not null)
                return _values;
            if (_sums.IsDisposed)
                throw new InvalidOperationException("The loss of an update can be read only while the observer is notified of it; afterwards it is released.");
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            return _values = (NormTensor is { } norm ? Tensor.Cat([_sums, norm.To(DType.Float32).Unsqueeze(0)]) : _sums).ToArray<float>();
        }
    }

    /// <summary>Takes the norm of the gradients over, to be read with the sums: one reading for both.</summary>
    public void Take(Tensor norm) => NormTensor = TensorScope.Own(norm);

    /// <summary>One number that is finite only if all sums are, still on the device.</summary>
    public Tensor AccumulatedLoss() => _sums.Sum();

    /// <summary>Releases the tensors; what was read stays readable.</summary>
    public void Dispose()
    {
        _sums.Dispose();
        NormTensor?.Dispose();
    }

    private double Mean(int index) => (double)Values[index] / _counts[index];
}
