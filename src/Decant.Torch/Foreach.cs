namespace Decant.Torch;

/// <summary>
/// Updates of many tensors by one call each: what optimizers are made of. Lists are not empty and as long as each other, pairs of one shape.
/// </summary>
/// <remarks>What is changed in place and requires gradients is changed under <see cref="Autograd.NoGrad"/>.</remarks>
internal static class Foreach
{
    private static readonly Operator s_add = new("aten::_foreach_add_", "List");
    private static readonly Operator s_addScalar = new("aten::_foreach_add_", "Scalar");
    private static readonly Operator s_mulScalar = new("aten::_foreach_mul_", "Scalar");
    private static readonly Operator s_addcmul = new("aten::_foreach_addcmul_", "Scalar");
    private static readonly Operator s_addcdiv = new("aten::_foreach_addcdiv_", "Scalar");
    private static readonly Operator s_sqrt = new("aten::_foreach_sqrt");
    private static readonly Operator s_norm = new("aten::_foreach_norm", "Scalar");
    private static readonly Operator s_addOut = new("aten::add", "out");
    private static readonly Operator s_lerp = new("aten::lerp_", "Scalar");
    private static readonly Operator s_zero = new("aten::_foreach_zero_");

    /// <summary>targetᵢ += alpha·otherᵢ; alpha is 1 by default.</summary>
    public static void Add(Tensor[] targets, Tensor[] others, double alpha = 1) => s_add.Run(targets, others, alpha);

    /// <summary>targetᵢ += value.</summary>
    public static void Add(Tensor[] targets, double value) => s_addScalar.Run(targets, value);

    /// <summary>targetᵢ ·= value.</summary>
    public static void Mul(Tensor[] targets, double value) => s_mulScalar.Run(targets, value);

    /// <summary>targetᵢ = factor·targetᵢ + otherᵢ. On the CPU, where memory is what counts, in one pass over each.</summary>
    public static void MulAdd(Tensor[] targets, double factor, Tensor[] others)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(others);
        if (targets[0].Device.Kind != DeviceKind.Cpu)
        {
            Mul(targets, factor);
            Add(targets, others);
            return;
        }

        for (var i = 0; i < targets.Length; i++)
            s_addOut.Run(others[i], targets[i], factor, targets[i]);
    }

    /// <summary>targetᵢ += weight·(otherᵢ − targetᵢ). On the CPU in one pass over each.</summary>
    public static void Lerp(Tensor[] targets, Tensor[] others, double weight)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(others);
        if (targets[0].Device.Kind != DeviceKind.Cpu)
        {
            Mul(targets, 1 - weight);
            Add(targets, others, weight);
            return;
        }

        for (var i = 0; i < targets.Length; i++)
            s_lerp.Run(targets[i], others[i], weight);
    }

    /// <summary>targetᵢ += value·firstᵢ·secondᵢ.</summary>
    public static void AddProduct(Tensor[] targets, Tensor[] first, Tensor[] second, double value) => s_addcmul.Run(targets, first, second, value);

    /// <summary>targetᵢ += value·firstᵢ ÷ secondᵢ.</summary>
    public static void AddQuotient(Tensor[] targets, Tensor[] first, Tensor[] second, double value) => s_addcdiv.Run(targets, first, second, value);

    /// <summary>The square roots, as new tensors.</summary>
    public static Tensor[] Sqrt(Tensor[] tensors) => s_sqrt.CallMany(tensors)!;

    /// <summary>The Euclidean norm of each, 0-dimensional.</summary>
    public static Tensor[] Norm(Tensor[] tensors) => s_norm.CallMany(tensors, 2.0)!;

    /// <summary>Sets all to 0.</summary>
    public static void Zero(Tensor[] tensors) => s_zero.Run(tensors);
}
