using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// x·Vᵀ·Uᵀ + b: a linear layer whose matrix U·V is of a low rank r, in two factors that are trained: <c>reduce.weight</c> V [r, in], <c>expand.weight</c> U [out, r] and
/// <c>expand.bias</c> b [out].
/// </summary>
internal sealed class LowRankLinear : Module, ILinear
{
    /// <summary>The name of the first factor.</summary>
    public const string Reduce = "reduce";

    /// <summary>The name of the second factor, which has the bias.</summary>
    public const string Expand = "expand";

    private readonly Linear _reduce;
    private readonly Linear _expand;

    /// <summary>A layer with drawn weights.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <param name="rank">r, the width between the factors.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public LowRankLinear(long inputs, long outputs, long rank, bool bias = true, Generator? generator = null)
    {
        _reduce = RegisterModule(Reduce, new Linear(inputs, rank, bias: false, generator));
        _expand = RegisterModule(Expand, new Linear(rank, outputs, bias, generator));
    }

    /// <summary>r.</summary>
    public long Rank => _reduce.Outputs;

    /// <summary>A linear layer, in two factors where there is a rank.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <param name="rank">r; null: it is whole.</param>
    /// <param name="bias">With a bias; true.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public static Module Make(long inputs, long outputs, long? rank, bool bias = true, Generator? generator = null) =>
        rank is { } width ? new LowRankLinear(inputs, outputs, width, bias, generator) : new Linear(inputs, outputs, bias, generator);

    /// <summary>[…, in] to […, out].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(_expand.Forward(_reduce.Forward(input))));
    }

    /// <summary>Floating-point operations for a number of rows.</summary>
    public long Flops(long rows = 1) => _reduce.Flops(rows) + _expand.Flops(rows);

    /// <summary>Draws both factors again, normally, so that the entries of their product have a standard deviation; the bias is 0.</summary>
    /// <param name="deviation">That of the entries of U·V: the factors' is √(deviation ÷ √r).</param>
    /// <param name="generator">Where they are drawn from; null is libtorch's own.</param>
    public void Redraw(double deviation, Generator? generator)
    {
        var each = Math.Sqrt(deviation / Math.Sqrt(Rank));
        Initialise.Redraw(_reduce.Weight, each, generator);
        Initialise.Redraw(_expand.Weight, each, generator);
        if (_expand.Bias is { } bias)
            Initialise.Zero(bias);
    }
}
