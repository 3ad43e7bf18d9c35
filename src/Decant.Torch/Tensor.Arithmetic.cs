namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_add = new("aten::add", "Tensor");
    private static readonly Operator s_addScalar = new("aten::add", "Scalar");
    private static readonly Operator s_sub = new("aten::sub", "Tensor");
    private static readonly Operator s_subScalar = new("aten::sub", "Scalar");
    private static readonly Operator s_rsub = new("aten::rsub", "Scalar");
    private static readonly Operator s_mul = new("aten::mul", "Tensor");
    private static readonly Operator s_mulScalar = new("aten::mul", "Scalar");
    private static readonly Operator s_div = new("aten::div", "Tensor");
    private static readonly Operator s_divScalar = new("aten::div", "Scalar");
    private static readonly Operator s_neg = new("aten::neg");
    private static readonly Operator s_pow = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator s_reciprocal = new("aten::reciprocal");
    private static readonly Operator s_addcmul = new("aten::addcmul");
    private static readonly Operator s_lerp = new("aten::lerp", "Scalar");
    private static readonly Operator s_maximum = new("aten::maximum");
    private static readonly Operator s_minimum = new("aten::minimum");

    /// <summary>Element-wise sum self + alpha·other, broadcast; alpha is 1 by default and must be whole for integers.</summary>
    public Tensor Add(Tensor other, double alpha = 1) => alpha == 1 ? s_add.Call(this, other) : s_add.Call(this, other, alpha);

    /// <summary>Adds a number to every element; the number is real, so integers give float32.</summary>
    public Tensor Add(double other) => s_addScalar.Call(this, other);

    /// <summary>Element-wise difference, broadcast.</summary>
    public Tensor Sub(Tensor other) => s_sub.Call(this, other);

    /// <summary>Subtracts a number from every element; the number is real, so integers give float32.</summary>
    public Tensor Sub(double other) => s_subScalar.Call(this, other);

    /// <summary>Element-wise product, broadcast.</summary>
    public Tensor Mul(Tensor other) => s_mul.Call(this, other);

    /// <summary>Multiplies every element by a number; the number is real, so integers give float32.</summary>
    public Tensor Mul(double other) => s_mulScalar.Call(this, other);

    /// <summary>Element-wise quotient, broadcast; integers give float32.</summary>
    public Tensor Div(Tensor other) => s_div.Call(this, other);

    /// <summary>Divides every element by a number; integers give float32.</summary>
    public Tensor Div(double other) => s_divScalar.Call(this, other);

    /// <summary>The negative of every element.</summary>
    public Tensor Neg() => s_neg.Call(this);

    /// <summary>Every element raised to a power.</summary>
    public Tensor Pow(double exponent) => s_pow.Call(this, exponent);

    /// <summary>1 ÷ every element; integers give float32.</summary>
    public Tensor Reciprocal() => s_reciprocal.Call(this);

    /// <summary>self + value·first·second, element-wise, broadcast; value is 1 by default.</summary>
    public Tensor AddProduct(Tensor first, Tensor second, double value = 1) => s_addcmul.Call(this, first, second, value);

    /// <summary>self + weight·(end − self), broadcast; floating-point, both of one dtype.</summary>
    public Tensor Lerp(Tensor end, double weight) => s_lerp.Call(this, end, weight);

    /// <summary>The larger of two elements, broadcast; NaN if one is.</summary>
    public Tensor Maximum(Tensor other) => s_maximum.Call(this, other);

    /// <summary>The smaller of two elements, broadcast; NaN if one is.</summary>
    public Tensor Minimum(Tensor other) => s_minimum.Call(this, other);

    /// <summary>Element-wise sum.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => left.Add(right);

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor left, double right) => left.Add(right);

    /// <summary>Element-wise difference.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => left.Sub(right);

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor left, double right) => left.Sub(right);

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(double left, Tensor right) => s_rsub.Call(right, left);

    /// <summary>The negative of every element.</summary>
    public static Tensor operator -(Tensor value) => value.Neg();

    /// <summary>Element-wise product.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => left.Mul(right);

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor left, double right) => left.Mul(right);

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(double left, Tensor right) => right.Mul(left);

    /// <summary>Element-wise quotient.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => left.Div(right);

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => left.Div(right);
}
