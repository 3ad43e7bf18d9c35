namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_equal = new("aten::eq", "Tensor");
    private static readonly Operator s_equalScalar = new("aten::eq", "Scalar");
    private static readonly Operator s_notEqual = new("aten::ne", "Tensor");
    private static readonly Operator s_notEqualScalar = new("aten::ne", "Scalar");
    private static readonly Operator s_greater = new("aten::gt", "Tensor");
    private static readonly Operator s_greaterScalar = new("aten::gt", "Scalar");
    private static readonly Operator s_greaterOrEqual = new("aten::ge", "Tensor");
    private static readonly Operator s_greaterOrEqualScalar = new("aten::ge", "Scalar");
    private static readonly Operator s_less = new("aten::lt", "Tensor");
    private static readonly Operator s_lessScalar = new("aten::lt", "Scalar");
    private static readonly Operator s_lessOrEqual = new("aten::le", "Tensor");
    private static readonly Operator s_lessOrEqualScalar = new("aten::le", "Scalar");
    private static readonly Operator s_logicalAnd = new("aten::logical_and");
    private static readonly Operator s_logicalOr = new("aten::logical_or");
    private static readonly Operator s_logicalNot = new("aten::logical_not");
    private static readonly Operator s_isfinite = new("aten::isfinite");
    private static readonly Operator s_isnan = new("aten::isnan");

    /// <summary>Where an element is equal, as bool, broadcast. NaN equals nothing.</summary>
    public Tensor EqualTo(Tensor other) => s_equal.Call(this, other);

    /// <summary>Where an element is equal, as bool.</summary>
    public Tensor EqualTo(double other) => s_equalScalar.Call(this, other);

    /// <summary>Where an element is not equal, as bool, broadcast.</summary>
    public Tensor NotEqualTo(Tensor other) => s_notEqual.Call(this, other);

    /// <summary>Where an element is not equal, as bool.</summary>
    public Tensor NotEqualTo(double other) => s_notEqualScalar.Call(this, other);

    /// <summary>Where an element is greater, as bool, broadcast.</summary>
    public Tensor Greater(Tensor other) => s_greater.Call(this, other);

    /// <summary>Where an element is greater, as bool.</summary>
    public Tensor Greater(double other) => s_greaterScalar.Call(this, other);

    /// <summary>Where an element is greater or equal, as bool, broadcast.</summary>
    public Tensor GreaterOrEqual(Tensor other) => s_greaterOrEqual.Call(this, other);

    /// <summary>Where an element is greater or equal, as bool.</summary>
    public Tensor GreaterOrEqual(double other) => s_greaterOrEqualScalar.Call(this, other);

    /// <summary>Where an element is less, as bool, broadcast.</summary>
    public Tensor Less(Tensor other) => s_less.Call(this, other);

    /// <summary>Where an element is less, as bool.</summary>
    public Tensor Less(double other) => s_lessScalar.Call(this, other);

    /// <summary>Where an element is less or equal, as bool, broadcast.</summary>
    public Tensor LessOrEqual(Tensor other) => s_lessOrEqual.Call(this, other);

    /// <summary>Where an element is less or equal, as bool.</summary>
    public Tensor LessOrEqual(double other) => s_lessOrEqualScalar.Call(this, other);

    /// <summary>Where both are true, as bool, broadcast; numbers other than 0 are true.</summary>
    public Tensor And(Tensor other) => s_logicalAnd.Call(this, other);

    /// <summary>Where one of both is true, as bool, broadcast; numbers other than 0 are true.</summary>
    public Tensor Or(Tensor other) => s_logicalOr.Call(this, other);

    /// <summary>Where it is false, as bool; of numbers, where it is 0.</summary>
    public Tensor Not() => s_logicalNot.Call(this);

    /// <summary>Where an element is neither infinite nor NaN, as bool.</summary>
    public Tensor IsFinite() => s_isfinite.Call(this);

    /// <summary>Where an element is NaN, as bool.</summary>
    public Tensor IsNaN() => s_isnan.Call(this);
}
