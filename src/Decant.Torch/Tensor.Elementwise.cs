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

    /// <summary>e to the power of every element.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>log(1 + x), exact for small x.</summary>
    public Tensor Log1p() => s_log1p.Call(this);

    /// <summary>exp(x) − 1, exact for small x.</summary>
    public Tensor Expm1() => s_expm1.Call(this);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>1 ÷ the square root.</summary>
    public Tensor Rsqrt() => s_rsqrt.Call(this);

    /// <summary>The absolute value.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>−1, 0 or 1.</summary>
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

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => s_relu.Call(this);

    /// <summary>x·sigmoid(x), also called swish.</summary>
    public Tensor Silu() => s_silu.Call(this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => s_erf.Call(this);

    /// <summary>The largest integer not above.</summary>
    public Tensor Floor() => s_floor.Call(this);

    /// <summary>The nearest integer; halves to the even one.</summary>
    public Tensor Round() => s_round.Call(this);

    /// <summary>Limits every element to [min, max]; null is no limit.</summary>
    public Tensor Clamp(double? min = null, double? max = null) => s_clamp.Call(this, min, max);

    /// <summary>x·Φ(x) with the exact normal distribution, or its tanh approximation (as GPT-2 uses).</summary>
    public Tensor Gelu(bool tanh = false) => tanh ? s_gelu.Call(this, "tanh") : s_gelu.Call(this);

    /// <summary>log(1 + exp(x)).</summary>
    public Tensor Softplus() => s_softplus.Call(this);

    /// <summary>log(sigmoid(x)), without underflow.</summary>
    public Tensor LogSigmoid() => s_logSigmoid.Call(this);

    /// <summary>x where positive, slope·x elsewhere.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => s_leakyRelu.Call(this, slope);
}
