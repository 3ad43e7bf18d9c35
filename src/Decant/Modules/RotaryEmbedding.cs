using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Positions as rotations (Su 2021): the pair of numbers i and i + r ÷ 2 of a head is turned by position·base^(−2i ÷ r). It has no weights.
/// </summary>
/// <remarks>Angles are float32 products, as the published models compute them. The tables grow when longer texts come, and belong to the module.</remarks>
/// <param name="frequencies">How fast every pair turns.</param>
internal sealed class RotaryEmbedding(RotaryFrequencies frequencies) : Module
{
    private const long FirstRows = 256;
    private readonly Lock _gate = new();
    private readonly List<Tensor> _tables = [];
    private (Tensor Cosines, Tensor Sines)? _newest;

    /// <summary>How fast every pair turns.</summary>
    public RotaryFrequencies Frequencies => frequencies;

    /// <summary>The positions from start on, the same for every sample.</summary>
    /// <param name="start">The first position.</param>
    /// <param name="count">T.</param>
    /// <param name="device">Where the heads are.</param>
    public Rotation At(long start, long count, Device device = default)
    {
        var (cosines, sines) = Tables(start + count, device);
        return new Rotation(cosines.Narrow(0, start, count), sines.Narrow(0, start, count));
    }

    /// <summary>Positions that every sample has of its own.</summary>
    /// <param name="positions">[B, T] int64.</param>
    /// <param name="most">The length of the longest text, above every position.</param>
    public Rotation At(Tensor positions, long most)
    {
        ArgumentNullException.ThrowIfNull(positions);
        using var scope = TensorScope.Open();
        var (cosines, sines) = Tables(most, positions.Device);
        var flat = positions.Reshape(-1);
        return new Rotation(scope.Keep(Rows(cosines)), scope.Keep(Rows(sines)));

        Tensor Rows(Tensor table) => table.IndexSelect(0, flat).View(positions.Size(0), 1, positions.Size(1), -1);
    }

    /// <summary>Makes the tables large enough for a number of positions at once, so that they stay the same tensors.</summary>
    /// <exception cref="DecantException">The angles of all positions depend on how many there are, so that there is no such table.</exception>
    public void Reserve(long positions)
    {
        if (frequencies.LengthFor(positions) > 0)
            throw new DecantException($"The angles of rotary positions depend on the length of the text beyond the one trained on ({frequencies.GetType().Name}); there is no one table for all lengths. Lower max_position_embeddings to the length trained on.");
        _ = Tables(positions, Device.Cpu);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        foreach (var table in _tables)
            table.Dispose();
    }

    // Belong to the module, or to the caller's scope where the length changes them with every token.
    private (Tensor Cosines, Tensor Sines) Tables(long positions, Device device)
    {
        if (frequencies.LengthFor(positions) is > 0 and var length)
            return Make(positions, length, device);
        lock (_gate)
        {
            if (_newest is { } newest && newest.Cosines.Size(0) >= positions && newest.Cosines.Device == device)
                return newest;
            using var suspended = TensorScope.Suspend();
            var (cosines, sines) = Make(Math.Max(positions, 2 * (_newest?.Cosines.Size(0) ?? (FirstRows / 2))), 0, device);
            _tables.AddRange([cosines, sines]); // older ones stay: another thread may be reading them
            _newest = (cosines, sines);
            return (cosines, sines);
        }
    }

    private (Tensor Cosines, Tensor Sines) Make(long rows, long length, Device device)
    {
        var speeds = frequencies.Speeds(length);
        var (half, width) = (speeds.Length, 2 * speeds.Length);
        if (ShapesOnly.IsOpen)
            return (Tensor.Empty([rows, width]), Tensor.Empty([rows, width]));
        var (cosines, sines) = (new float[rows * width], new float[rows * width]);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(row * speeds[i]);
                var at = (row * width) + i;
                cosines[at] = cosines[at + half] = (float)(cosine * frequencies.Magnitude);
                sines[at + half] = (float)(sine * frequencies.Magnitude);
                sines[at] = -sines[at + half];
            }
        }

        return (On(device, cosines, rows), On(device, sines, rows));
    }

    private static Tensor On(Device device, float[] values, long rows)
    {
        var table = Tensor.From(values, rows, values.Length / rows);
        if (device.Kind == DeviceKind.Cpu)
            return table;
        using var near = table;
        return near.To(device);
    }
}
