namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_addIn = new("aten::add_", "Tensor");
    private static readonly Operator s_addScalarIn = new("aten::add_", "Scalar");
    private static readonly Operator s_subIn = new("aten::sub_", "Tensor");
    private static readonly Operator s_mulIn = new("aten::mul_", "Tensor");
    private static readonly Operator s_mulScalarIn = new("aten::mul_", "Scalar");
    private static readonly Operator s_divScalarIn = new("aten::div_", "Scalar");
    private static readonly Operator s_addcmulIn = new("aten::addcmul_");
    private static readonly Operator s_addcdivIn = new("aten::addcdiv_");
    private static readonly Operator s_copyIn = new("aten::copy_");
    private static readonly Operator s_fillIn = new("aten::fill_", "Scalar");
    private static readonly Operator s_zeroIn = new("aten::zero_");
    private static readonly Operator s_normalIn = new("aten::normal_");
    private static readonly Operator s_uniformIn = new("aten::uniform_");
    private static readonly Operator s_bernoulliIn = new("aten::bernoulli_", "float");
    private static readonly Operator s_clampIn = new("aten::clamp_");
    private static readonly Operator s_reluIn = new("aten::relu_");
    private static readonly Operator s_maskedFillIn = new("aten::masked_fill_", "Scalar");
    private static readonly Operator s_lerpIn = new("aten::lerp_", "Scalar");

    // What they write to keeps its shape and dtype: the other arguments are broadcast to it. A leaf that requires gradients is changed under
    // Autograd.NoGrad alone.

    /// <summary>self += alpha·other; alpha is 1 by default.</summary>
    public void AddInPlace(Tensor other, double alpha = 1) => s_addIn.Run(this, other, alpha);

    /// <summary>Sets the elements where the mask (bool) is true.</summary>
    internal void MaskedFillInPlace(Tensor mask, double value) => s_maskedFillIn.Run(this, mask, value);

    /// <summary>Adds a real number to every element; integers are refused.</summary>
    public void AddInPlace(double other) => s_addScalarIn.Run(this, other);

    /// <summary>Adds a whole number to every element, also of integer tensors.</summary>
    public void AddInPlace(long other) => s_addScalarIn.Run(this, other);

    /// <summary>self −= other.</summary>
    public void SubInPlace(Tensor other) => s_subIn.Run(this, other);

    /// <summary>self ·= other.</summary>
    public void MulInPlace(Tensor other) => s_mulIn.Run(this, other);

    /// <summary>Multiplies every element by a real number; integers are refused.</summary>
    public void MulInPlace(double other) => s_mulScalarIn.Run(this, other);

    /// <summary>Divides every element by a number; integers are refused.</summary>
    public void DivInPlace(double other) => s_divScalarIn.Run(this, other);

    /// <summary>self += value·first·second.</summary>
    public void AddProductInPlace(Tensor first, Tensor second, double value) => s_addcmulIn.Run(this, first, second, value);

    /// <summary>self += value·first ÷ second.</summary>
    public void AddQuotientInPlace(Tensor first, Tensor second, double value) => s_addcdivIn.Run(this, first, second, value);

    /// <summary>self += weight·(end − self).</summary>
    public void LerpInPlace(Tensor end, double weight) => s_lerpIn.Run(this, end, weight);

    /// <summary>max(self, 0).</summary>
    public void ReluInPlace() => s_reluIn.Run(this);

    /// <summary>Limits every element to [min, max]; null is no limit, but not twice.</summary>
    public void ClampInPlace(double? min, double? max) => s_clampIn.Run(this, min, max);

    /// <summary>Copies the elements of another tensor, converted, broadcast, and brought over from its device.</summary>
    public void CopyInPlace(Tensor source) => s_copyIn.Run(this, source);

    /// <summary>Sets every element.</summary>
    public void FillInPlace(double value) => s_fillIn.Run(this, value);

    /// <summary>Sets every element to 0.</summary>
    public void ZeroInPlace() => s_zeroIn.Run(this);

    /// <summary>Draws every element from a normal distribution; floating-point.</summary>
    /// <param name="mean">Its mean.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="generator">Null: libtorch's own.</param>
    public void NormalInPlace(double mean = 0, double deviation = 1, Generator? generator = null) => s_normalIn.Run(this, mean, deviation, generator);

    /// <summary>Draws every element evenly from [low, high); floating-point. A null generator is libtorch's own.</summary>
    public void UniformInPlace(double low = 0, double high = 1, Generator? generator = null) => s_uniformIn.Run(this, low, high, generator);

    /// <summary>Draws every element: 1 with the probability (0 to 1), else 0. A null generator is libtorch's own.</summary>
    public void BernoulliInPlace(double probability, Generator? generator = null) => s_bernoulliIn.Run(this, probability, generator);
}
