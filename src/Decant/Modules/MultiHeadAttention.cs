using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Modules;

/// <summary>
/// softmax(Q·Kᵀ ÷ √d + bias)·V over several heads (Vaswani 2017, equation 1), for encoders and decoders: heads of keys and values may be fewer than those of
/// queries, queries and keys may be normed and rotated, keys and values of earlier positions may come from a cache.
/// </summary>
/// <remarks>The softmax is computed in float32 for weights of any type. Keys and values that several heads share are not repeated.</remarks>
internal sealed class MultiHeadAttention : Module
{
    /// <summary>The name under which attention without rotation and cache is one operator to whoever records it: queries, keys, values, bias of padding or none, heads, scale.</summary>
    internal const string OperatorName = "decant::attention";

    private readonly AttentionProjections _projections;
    private readonly ILinear? _output;
    private readonly RmsNorm? _queryNorm;
    private readonly RmsNorm? _keyNorm;
    private readonly Dropout _dropout;
    private readonly double _scale;
    private readonly long _keyHeads;
    private readonly long _headWidth;

    /// <summary>Attention with drawn weights.</summary>
    /// <param name="width">H, of input and output.</param>
    /// <param name="heads">A, a divisor of H; every head has d = H ÷ A.</param>
    /// <param name="dropout">The probability that a weight of attention is dropped in training; 0.</param>
    /// <param name="output">With a last linear layer; BERT names that one elsewhere. True.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public MultiHeadAttention(long width, long heads, double dropout = 0, bool output = true, Generator? generator = null)
        : this(new AttentionOptions { Width = width, Heads = heads, Dropout = dropout, Names = output ? new() : new() { Output = null } }, generator)
    {
    }

    /// <summary>Attention with drawn weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    /// <exception cref="ArgumentException">The heads do not divide the width, or those of the keys not those of the queries.</exception>
    public MultiHeadAttention(AttentionOptions options, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Heads < 1 || (options.HeadWidth is null && options.Width % options.Heads != 0))
            throw new ArgumentException($"{options.Heads} heads do not divide a width of {options.Width}.", nameof(options));
        (Width, Heads, _keyHeads) = (options.Width, options.Heads, options.KeyValueHeads ?? options.Heads);
        if (_keyHeads < 1 || Heads % _keyHeads != 0)
            throw new ArgumentException($"{_keyHeads} heads of keys and values do not divide {Heads} heads of queries.", nameof(options));
        _headWidth = options.HeadWidth ?? (Width / Heads);
        _scale = options.Scale ?? (1 / Math.Sqrt(_headWidth));
        _projections = new AttentionProjections(options, _keyHeads, _headWidth, generator);
        foreach (var (name, layer) in _projections.Layers)
            RegisterModule(name, layer);
        if (options.Names.Output is { } output)
            _output = (ILinear)RegisterModule(output, AttentionProjections.Layer(options, output, Heads * _headWidth, Width, options.OutputBias, generator));
        if (options.HeadNorm is { } epsilon)
        {
            _queryNorm = RegisterModule(options.Names.QueryNorm, new RmsNorm(_headWidth, epsilon));
            _keyNorm = RegisterModule(options.Names.KeyNorm, new RmsNorm(_headWidth, epsilon));
        }

        _dropout = RegisterModule("dropout", new Dropout(options.Dropout));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => AttentionParts.All;

    /// <summary>H.</summary>
    public long Width { get; }

    /// <summary>A.</summary>
    public long Heads { get; }

    /// <summary>Every position of the input attends to every position of the memory that the bias does not mask.</summary>
    /// <param name="input">[B, T, H].</param>
    /// <param name="bias">
    /// Added to the scores, one for all layers: [1, T, S] where all samples have the same; [B, 1, T, S] where each has its own (<see cref="AttentionBias"/>); or
    /// [B·A, 1 or T, S], as <see cref="TokenMask.ToAttentionBias"/> makes it, where keys have as many heads as queries. Null: nothing.
    /// </param>
    /// <param name="memory">[B, S, H]; null: the input itself.</param>
    /// <param name="rotation">How queries and keys are turned by their positions; null: they are not.</param>
    /// <param name="cache">The keys and values of earlier positions, to which those of the memory are added; null: there are none.</param>
    /// <returns>[B, T, H].</returns>
    public Tensor Forward(Tensor input, Tensor? bias = null, Tensor? memory = null, Rotation? rotation = null, KeyValueCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = TensorScope.Open();
        var (batch, length) = (input.Size(0), input.Size(1));
        if (OperatorRecorder.IsOpen && IsPlain(bias) && rotation is null && cache is null)
        {
            var one = AttendAsOne(_projections.Flat(input, memory), bias, batch, length);
            return RecordActivation(scope.Keep(_output?.Forward(one) ?? one));
        }

        var (query, key, value) = _projections.Forward(input, memory); // [B·A, T, d], [B·KV, S, d] twice
        (query, key) = (_queryNorm?.Forward(query) ?? query, _keyNorm?.Forward(key) ?? key);
        if (rotation is not null)
            (query, key) = (rotation.Turn(query, batch), rotation.Turn(key, batch));
        if (cache is not null)
            (key, value) = cache.Append(key, value);
        RecordHeads(AttentionParts.Queries, query, batch);
        RecordHeads(AttentionParts.Keys, key, batch);
        RecordHeads(AttentionParts.Values, value, batch);
        var context = RecordActivation(Attend(query, key, value, bias, batch, length), AttentionParts.Context);
        return RecordActivation(scope.Keep(_output?.Forward(context) ?? context));
    }

    // [B·A, T, d] and twice [B·KV, S, d] to [B, T, A·d]
    private Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? bias, long batch, long length)
    {
        if (Heads != _keyHeads)
            query = query.Reshape(batch * _keyHeads, Heads / _keyHeads * length, _headWidth); // the heads that share keys, one below the other
        var scores = Scores(query, key.Transpose(1, 2), bias, batch, length); // [B·KV, A/KV·T, S]
        ShowPairs(AttentionParts.Scores, scores, batch, length);
        var probabilities = Softmax(scores);
        ShowPairs(AttentionParts.Probabilities, probabilities, batch, length);
        return Join(_dropout.Forward(probabilities).BatchMatMul(value), batch, length);
    }

    // What other runtimes have as one operator: heads of their own, no norm, and no bias but that of padding.
    private bool IsPlain(Tensor? bias) => _projections.AreApart && _queryNorm is null && Heads == _keyHeads && bias is null or { Dimensions: 3, Shape: [_, 1, _] };

    private Tensor AttendAsOne((Tensor Query, Tensor Key, Tensor Value) flat, Tensor? bias, long batch, long length) => CompositeOperator.Call(
        OperatorName,
        [flat.Query, flat.Key, flat.Value, bias, Heads, _scale],
        () =>
        {
            var (query, key, value) = _projections.Split(flat);
            return [Attend(query, key, value, bias, batch, length)];
        })[0]!;

    /// <summary>Floating-point operations for the self-attention of one sample.</summary>
    public long Flops(long length) => _projections.Flops(length) + (_output?.Flops(length) ?? 0) + (2 * 2 * length * length * Heads * _headWidth);

    // [B·heads, T, d] as [B, heads, T, d]
    private void RecordHeads(string part, Tensor heads, long batch)
    {
        if (IsAsked(part))
            RecordActivation(heads.View(batch, -1, heads.Size(1), _headWidth), part);
    }

    // [B·KV, A/KV·T, S] as [B, A, T, S]
    private void ShowPairs(string part, Tensor pairs, long batch, long length)
    {
        if (IsAsked(part))
            RecordActivation(pairs.View(batch, Heads, length, pairs.Size(2)), part);
    }

    // [B·KV, A/KV·T, d]·[B·KV, d, S]
    private Tensor Scores(Tensor query, Tensor key, Tensor? bias, long batch, long length)
    {
        // With one bias for all, one call scales, multiplies and adds it. Without one, baddbmm with beta = 0 would do, but libtorch 1.13 reads
        // what it should not for small matrices and gives NaN.
        var (rows, keys) = (query.Size(1), key.Size(2));
        if (bias is { Dimensions: 3 })
            return ForEveryHead(bias, length).Expand(query.Size(0), rows, keys).AddBatchMatMul(query, key, _scale);
        var scores = query.Mul(_scale).BatchMatMul(key);
        return bias is null ? scores : scores.View(batch, Heads, length, keys).Add(bias).View(-1, rows, keys);
    }

    // [1, T, S] to [1, A/KV·T, S] where heads share keys.
    private Tensor ForEveryHead(Tensor bias, long length) => Heads == _keyHeads || bias.Size(1) == 1
        ? bias
        : bias.Expand(Heads / _keyHeads, length, bias.Size(2)).Reshape(1, -1, bias.Size(2));

    private static Tensor Softmax(Tensor scores) =>
        scores.DType == DType.Float32 ? scores.Softmax(-1) : scores.To(DType.Float32).Softmax(-1).To(scores.DType);

    // [B·KV, A/KV·T, d] to [B, T, A·d]
    private Tensor Join(Tensor input, long batch, long length) =>
        input.View(batch, Heads, length, _headWidth).Transpose(1, 2).Reshape(batch, length, Heads * _headWidth);
}
