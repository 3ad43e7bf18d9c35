namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_exp = new("aten::exp");
    private static readonly Operator s_log = new("aten::log");
    private static readonly Operator s_log1p = new("aten::log1p");
    private static readonly Operator s_expm1 = new("aten::expm1");
    private static readonly Operator s_sqrt = new("aten::sqrt");
    private static readonly Operator s_rsqrt = new("aten::rsqrt");
    private static readonly Operator s_abs = new("aten::abs");
    private static readonly Operator s_sign = new("aten::sign");
    private static readonly Operator s_square = new("aten::square");
    private static readonly Operator s_sigmoid = new("aten::sigmoid");
    private static readonly Operator s_tanh = new("aten::tanh");
    private static readonly Operator s_sin = new("aten::sin");
    private static readonly Operator s_cos = new("aten::cos");
    private static readonly Operator s_relu = new("aten::relu");
    private static readonly Operator s_silu = new("aten::silu");
    private static readonly Operator s_erf = new("aten::erf");
    private static readonly Operator s_floor = new("aten::floor");
    private static readonly Operator s_round = new("aten::round");
    private static readonly Operator s_clamp = new("aten::clamp");
    private static readonly Operator s_gelu = new("aten::gelu");
    private static readonly Operator s_softplus = new("aten::softplus");
    private static readonly Operator s_leakyRelu = new("aten::leaky_relu");
    private static readonly Operator s_logSigmoid = new("aten::log_sigmoid");

    // Of integers and bools the functions that are not whole give float32.

    /// <summary>e to the power of every element.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>The natural logarithm; −∞ for 0, NaN below.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>log(1 + x), exact for small x.</summary>
    public Tensor Log1p() => s_log1p.Call(this);

    /// <summary>exp(x) − 1, exact for small x.</summary>
    public Tensor Expm1() => s_expm1.Call(this);

    /// <summary>The square root; NaN below 0. The gradient at 0 is infinite.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>1 ÷ the square root; ∞ for 0, NaN below.</summary>
    public Tensor Rsqrt() => s_rsqrt.Call(this);

    /// <summary>The absolute value; the gradient at 0 is 0.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>−1, 0 or 1; the gradient is 0.</summary>
    public Tensor Sign() => s_sign.Call(this);

    /// <summary>Every element times itself.</summary>
    public Tensor Square() => s_square.Call(this);

    /// <summary>1 ÷ (1 + exp(−x)).</summary>
    public Tensor Sigmoid() => s_sigmoid.Call(this);

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor Tanh() => s_tanh.Call(this);

    /// <summary>The sine, of radians.</summary>
    public Tensor Sin() => s_sin.Call(this);

    /// <summary>The cosine, of radians.</summary>
    public Tensor Cos() => s_cos.Call(this);

    /// <summary>max(x, 0); the gradient at 0 is 0.</summary>
    public Tensor Relu() => s_relu.Call(this);

    /// <summary>x·sigmoid(x), also called swish.</summary>
    public Tensor Silu() => s_silu.Call(this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => s_erf.Call(this);

    /// <summary>The largest whole number not above, in the same dtype; the gradient is 0.</summary>
    public Tensor Floor() => s_floor.Call(this);

    /// <summary>The nearest whole number, halves to the even one, in the same dtype; the gradient is 0.</summary>
    public Tensor Round() => s_round.Call(this);

    /// <summary>Limits every element to [min, max]; null is no limit, but not twice. The gradient is 0 beyond the limits.</summary>
    public Tensor Clamp(double? min = null, double? max = null) => s_clamp.Call(this, min, max);

    /// <summary>x·Φ(x) with the exact normal distribution, or its tanh approximation (as GPT-2 uses); exact by default.</summary>
    public Tensor Gelu(bool tanh = false) => tanh ? s_gelu.Call(this, "tanh") : s_gelu.Call(this);

    /// <summary>log(1 + exp(x)), without overflow; x itself above 20, as PyTorch.</summary>
    public Tensor Softplus() => s_softplus.Call(this);

    /// <summary>log(sigmoid(x)), without underflow.</summary>
    public Tensor LogSigmoid() => s_logSigmoid.Call(this);

    /// <summary>x where positive, slope·x elsewhere; 0.01 by default.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => s_leakyRelu.Call(this, slope);
}
