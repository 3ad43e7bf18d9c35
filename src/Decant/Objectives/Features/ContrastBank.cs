using Decant.Data;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Which rows of the banks a batch is held against.</summary>
/// <param name="Ids">The samples of the batch.</param>
/// <param name="Positives">[B] int64: their own rows.</param>
/// <param name="Negatives">[K] int64: the rows of others, the same for the whole batch.</param>
/// <param name="IsOwn">[B, K] bool: where a negative is the sample itself, which has no part.</param>
/// <param name="Count">K as it counts: how many others a sample meets.</param>
internal sealed record ContrastDraw(IReadOnlyList<SampleId> Ids, Tensor Positives, Tensor Negatives, Tensor IsOwn, long Count);

/// <summary>What both models last said of every sample: two banks of N vectors, rows by the sample's id in the order in which samples were first seen.</summary>
internal sealed class ContrastBank : IDisposable
{
    private const long MostBytes = 1L << 30;
    private const int Used = 0, Draws = 1;

    private readonly Dictionary<ulong, int> _rows = [];
    private readonly Tensor[] _banks;
    private readonly Tensor _ids;      // stays on the CPU, where it is read in place
    private readonly Tensor _counters; // this too
    private readonly bool[] _isNormalizerKnown = new bool[2];
    private readonly ulong _seed;
    private Tensor _normalizers;

    /// <summary>Banks of random vectors.</summary>
    /// <param name="samples">N.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="generator">Where they are drawn from.</param>
    /// <exception cref="DecantException">N is not known, is 1, or is too large.</exception>
    public ContrastBank(int samples, int dimensions, Generator? generator)
    {
        if (samples < 2)
            throw new DecantException($"it holds a sample against others, and {(samples == 0 ? "how many there are is not known" : "there is one")}.");
        if (2L * samples * dimensions * sizeof(float) is > MostBytes and var bytes)
        {
            throw new DecantException(
                $"the banks of {samples:N0} samples × {dimensions} dimensions for two models take {bytes >> 20:N0} MiB, and at most {MostBytes >> 20:N0} are allowed. Choose fewer 'dimensions', or another objective.");
        }

        Samples = samples;
        _banks = [Random(samples, dimensions, generator), Random(samples, dimensions, generator)];
        using var suspended = TensorScope.Suspend();
        (_ids, _counters, _normalizers) = (Tensor.Zeros([samples], DType.Int64), Tensor.Zeros([2], DType.Int64), Tensor.Zeros([2]));
        using var drawn = Tensor.Rand([2], generator);
        _seed = (ulong)drawn.ToArray<float>().Aggregate(0.0, (seed, x) => (seed * (1 << 24)) + (x * (1 << 24)));
    }

    /// <summary>N.</summary>
    public int Samples { get; }

    /// <summary>All of it: banks [N, D], ids [N] int64, counters [2] int64 (rows used, draws made), log Z of both [2], 0 where it is not known yet.</summary>
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>
    {
        ["student-bank"] = _banks[0],
        ["teacher-bank"] = _banks[1],
        ["ids"] = _ids,
        ["counters"] = _counters,
        ["normalizers"] = _normalizers,
    };

    /// <summary>Restores a saved state.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, own) in State)
        {
            if (!state.TryGetValue(name, out var saved) || !saved.Shape.AsSpan().SequenceEqual(own.Shape))
                throw new DecantException($"The checkpoint's state '{name}' of contrastive-representation is not of this training: it had other samples or dimensions.");
        }

        using var noGrad = Autograd.NoGrad();
        foreach (var (name, own) in State)
            own.CopyInPlace(state[name]);
        _rows.Clear();
        var ids = _ids.AsSpan<long>();
        for (var row = 0; row < Counter(Used); row++)
            _rows[(ulong)ids[row]] = row;
        var normalizers = _normalizers.ToArray<float>();
        for (var bank = 0; bank < normalizers.Length; bank++)
            _isNormalizerKnown[bank] = normalizers[bank] != 0;
    }

    /// <summary>Finds the rows of a batch, and draws those of others: all of them where as many are wanted.</summary>
    /// <param name="ids">The samples of the batch.</param>
    /// <param name="negatives">K.</param>
    /// <param name="device">Where the vectors are that are held against the banks, which move there.</param>
    public ContrastDraw Draw(IReadOnlyList<SampleId> ids, int negatives, Device device)
    {
        MoveTo(device);
        var isAll = negatives >= Samples - 1;
        var positives = Tensor.From(RowsOf(ids), device);
        var others = isAll ? Tensor.Arange(0, Samples, device: device) : Tensor.From(Drawn(negatives), device);
        return new(ids, positives, others, others.Unsqueeze(0).EqualTo(positives.Unsqueeze(1)), isAll ? Samples - 1 : negatives);
    }

    /// <summary>Rows of a bank, copied: [n, D].</summary>
    public Tensor Rows(int bank, Tensor rows) => _banks[bank].IndexSelect(0, rows);

    /// <summary>
    /// log c·Z of a bank, 0-dimensional: c = K ÷ N, Z = N · the mean of exp over the first batch that was held against it, and that ever after. In float64 up to the last
    /// step, and never read from the device.
    /// </summary>
    public Tensor LogShare(int bank, Tensor own, Tensor others, ContrastDraw draw)
    {
        var remembers = Autograd.IsEnabled; // a trial teaches nothing
        using var noGrad = Autograd.NoGrad();
        var place = _normalizers.Narrow(0, bank, 1);
        var logZ = _isNormalizerKnown[bank] ? place.Squeeze(0).To(DType.Float64) : LogNormalizer(own.Detach(), others.Detach(), draw);
        if (remembers && !_isNormalizerKnown[bank])
        {
            place.CopyInPlace(logZ.Unsqueeze(0));
            _isNormalizerKnown[bank] = true;
        }

        return (logZ + Math.Log(draw.Count / (double)Samples)).To(DType.Float32);
    }

    /// <summary>Mixes what both models say now into the rows of a batch, as vectors of length 1.</summary>
    public void Remember(ContrastDraw draw, Tensor student, Tensor teacher, double momentum)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        for (var i = 0; i < draw.Ids.Count; i++)
            Mix(Take(draw.Ids[i]), i, [student, teacher], momentum);
        _counters.AsSpan<long>()[Draws]++;
    }

    public void Dispose()
    {
        foreach (var tensor in State.Values)
            tensor.Dispose();
    }

    private Tensor LogNormalizer(Tensor own, Tensor others, ContrastDraw draw)
    {
        var all = Tensor.Cat([own, others.MaskedFill(draw.IsOwn, double.NegativeInfinity).Reshape(-1)]);
        return all.LogSumExp(0).To(DType.Float64) - Math.Log(own.Size(0) * (double)(1 + draw.Count)) + Math.Log(Samples);
    }

    private void MoveTo(Device device)
    {
        if (_banks[0].Device.Matches(device))
            return;
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        for (var bank = 0; bank < _banks.Length; bank++)
            _banks[bank] = Moved(_banks[bank], device);
        _normalizers = Moved(_normalizers, device);
    }

    private static Tensor Moved(Tensor tensor, Device device)
    {
        using (tensor)
            return tensor.To(device);
    }

    private void Mix(int row, int sample, Tensor[] vectors, double momentum)
    {
        for (var bank = 0; bank < _banks.Length; bank++)
        {
            var kept = _banks[bank].Narrow(0, row, 1);
            kept.CopyInPlace(Directions.Unit((kept * momentum) + (vectors[bank].Narrow(0, sample, 1) * (1 - momentum)), -1));
        }
    }

    // A sample that was not seen before takes the next free row, which is its own once its vector is stored.
    private long[] RowsOf(IReadOnlyList<SampleId> ids)
    {
        var next = _rows.Count;
        var fresh = new Dictionary<ulong, int>();
        return [.. ids.Select(id =>
        {
            if (_rows.TryGetValue(id.Value, out var row) || fresh.TryGetValue(id.Value, out row))
                return (long)row;
            if (next >= Samples)
                throw new DecantException($"contrastive-representation was made for {Samples:N0} samples, and sample {id} is one more: ids must stay the same from epoch to epoch.");
            return fresh[id.Value] = next++;
        })];
    }

    private int Take(SampleId id)
    {
        if (_rows.TryGetValue(id.Value, out var row))
            return row;
        row = _rows[id.Value] = _rows.Count;
        _ids.AsSpan<long>()[row] = unchecked((long)id.Value);
        _counters.AsSpan<long>()[Used]++;
        return row;
    }

    private long[] Drawn(int negatives)
    {
        var random = Rng.For(_seed, (ulong)Counter(Draws));
        var rows = new long[negatives];
        for (var i = 0; i < negatives; i++)
            rows[i] = random.Next(Samples);
        return rows;
    }

    private long Counter(int which) => _counters.AsSpan<long>()[which];

    // As the authors': evenly from ±√(3 ÷ D), about 1 long.
    private static Tensor Random(int samples, int dimensions, Generator? generator)
    {
        using var scope = TensorScope.Open();
        return TensorScope.Own(((Tensor.Rand([samples, dimensions], generator) * 2) - 1) * Math.Sqrt(3.0 / dimensions));
    }
}
