using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// softmax(Q·Kᵀ ÷ √d + mask)·V over several heads (Vaswani 2017, equation 1): modules <c>query</c>, <c>key</c>, <c>value</c> and, unless left out,
/// <c>output</c>.
/// </summary>
/// <remarks>The softmax is computed in float32 whatever the weights' type.</remarks>
public sealed class MultiHeadAttention : Module
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear? _output;
    private readonly Dropout _dropout;

    /// <summary>Attention with drawn weights.</summary>
    /// <param name="width">H, of what comes in and goes out.</param>
    /// <param name="heads">A, a divisor of H; every head has d = H ÷ A.</param>
    /// <param name="dropout">The probability that a weight of attention is dropped in training; 0.</param>
    /// <param name="output">With a last linear layer; BERT names that one elsewhere. True.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public MultiHeadAttention(long width, long heads, double dropout = 0, bool output = true, Generator? generator = null)
    {
        if (heads < 1 || width % heads != 0)
            throw new ArgumentException($"{heads} heads do not divide a width of {width}.", nameof(heads));
        (Width, Heads) = (width, heads);
        _query = RegisterModule("query", new Linear(width, width, generator: generator));
        _key = RegisterModule("key", new Linear(width, width, generator: generator));
        _value = RegisterModule("value", new Linear(width, width, generator: generator));
        _output = output ? RegisterModule("output", new Linear(width, width, generator: generator)) : null;
        _dropout = RegisterModule("dropout", new Dropout(dropout));
    }

    /// <summary>H.</summary>
    public long Width { get; }

    /// <summary>A.</summary>
    public long Heads { get; }

    /// <summary>Every position of the input looks at every position of the memory.</summary>
    /// <param name="input">[B, T, H].</param>
    /// <param name="bias">Added to the scores: [B·A, 1 or T, S], as <see cref="TokenMask.ToAttentionBias"/> makes it; null: nothing.</param>
    /// <param name="memory">[B, S, H]; null: the input itself.</param>
    /// <returns>[B, T, H].</returns>
    public Tensor Forward(Tensor input, Tensor? bias = null, Tensor? memory = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = TensorScope.Open();
        memory ??= input;
        var weights = Weights(Split(_query.Forward(input)), Split(_key.Forward(memory)), bias); // [B·A, T, S]
        var context = Join(weights.BatchMatMul(Split(_value.Forward(memory))), input.Size(0));
        return scope.Keep(_output?.Forward(context) ?? context);
    }

    /// <summary>Floating-point operations for one sample that looks at itself.</summary>
    public long Flops(long length) => ((_output is null ? 3 : 4) * _query.Flops(length)) + (2 * 2 * length * length * Width);

    private Tensor Weights(Tensor query, Tensor key, Tensor? bias)
    {
        var scale = 1 / Math.Sqrt(Width / Heads);
        var (batch, length, keys) = (query.Size(0), query.Size(1), key.Size(1));
        key = key.Transpose(1, 2); // [B·A, d, S]
        // With a mask, one call scales, multiplies and adds it. Without one, baddbmm with beta = 0 would do, but libtorch 1.13 reads
        // what it should not for small matrices and gives NaN.
        var scores = bias is null
            ? query.Mul(scale).BatchMatMul(key)
            : bias.Expand(batch, length, keys).AddBatchMatMul(query, key, scale);
        return _dropout.Forward(Softmax(scores));
    }

    private static Tensor Softmax(Tensor scores) =>
        scores.DType == DType.Float32 ? scores.Softmax(-1) : scores.To(DType.Float32).Softmax(-1).To(scores.DType);

    // [B, T, H] to [B·A, T, d]
    private Tensor Split(Tensor input)
    {
        var (batch, length) = (input.Size(0), input.Size(1));
        return input.View(batch, length, Heads, Width / Heads).Transpose(1, 2).Reshape(batch * Heads, length, Width / Heads);
    }

    // [B·A, T, d] to [B, T, H]
    private Tensor Join(Tensor input, long batch)
    {
        var length = input.Size(1);
        return input.View(batch, Heads, length, Width / Heads).Transpose(1, 2).Reshape(batch, length, Width);
    }
}
