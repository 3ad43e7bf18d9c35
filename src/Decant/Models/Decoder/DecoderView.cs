using Decant.Modules;
using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Models.Decoder;

/// <summary>What the tokens of one batch may see, and where they stand: worked out once, for all layers.</summary>
internal sealed class DecoderView
{
    private const long Unlimited = long.MaxValue;
    private readonly long _queries;
    private readonly long _keys;
    private readonly Tensor? _visible; // [B, T, S]; null: all that is not to the right
    private readonly DType _dtype;
    private readonly Device _device;
    private readonly Dictionary<long, Tensor?> _biases = [];

    /// <summary>The view of the last T of S positions.</summary>
    public DecoderView(long queries, long keys, Tensor? mask, Tensor? segments, DType dtype, Device device)
    {
        (_queries, _keys, _dtype, _device) = (queries, keys, dtype, device);
        if (mask is null && segments is null)
            return;
        _visible = AttentionBias.Visible(mask, segments, queries);
        var one = Tensor.Ones([], DType.Int64, device);
        Positions = _visible.Sum(-1).Maximum(one).Sub(one); // as many as are seen come before, padding not counted
    }

    /// <summary>[B, T] int64; null: the last T of S, for every sample.</summary>
    public Tensor? Positions { get; }

    /// <summary>How queries and keys are turned.</summary>
    public Rotation? Rotation { get; private set; }

    /// <summary>Works out the rotation.</summary>
    public void Turn(RotaryEmbedding rotary) =>
        Rotation = Positions is null ? rotary.At(_keys - _queries, _queries, _device) : rotary.At(Positions, _keys);

    /// <summary>Works out what <see cref="Bias"/> gives, in the current scope.</summary>
    public void Limit(IEnumerable<long?> windows)
    {
        foreach (var window in windows.Select(Effective).Distinct())
            _biases[window] = Make(window == Unlimited ? null : window);
    }

    /// <summary>What is added to the scores of a layer with that window.</summary>
    public Tensor? Bias(long? window) => _biases[Effective(window)];

    private long Effective(long? window) => window is { } w && (w < _keys || OperatorRecorder.IsOpen) ? w : Unlimited;

    private Tensor? Make(long? window) =>
        _visible is null ? AttentionBias.Causal(_queries, _keys, window, _dtype, _device) : AttentionBias.Of(_visible, window, _dtype);
}
