using Decant.Compression.Quantization.Numbers;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>Rounds activations to uint8 with one scale and one zero point, as QuantizeLinear and DequantizeLinear of the exported file do, to the last bit.</summary>
/// <remarks>
/// x̂ = (clamp(round(x/s) + z, 0, 255) − z)·s. Gradients pass straight through the rounding, and not where a value was cut (Jacob et al. 2018, arXiv:1712.05877). Learned ranges (Esser et al. 2020, arXiv:1902.08153;
/// the zero point as in Bhalgat et al. 2020, arXiv:2004.09576, but an integer, which the file needs): s = s₀·(1 + a) and z = round(z₀ + 255·b), with a and b learned from 0 and their gradients times 1/√(255·N),
/// N the numbers of one sample. LSQ learns s itself; a share of it changes at the same pace whatever the size of an activation.
/// </remarks>
internal sealed class RangeRounding : Module
{
    private const int Highest = 255;
    private const double LeastShare = 0.01;

    private readonly Tensor _scale;
    private readonly Tensor _zero;
    private readonly Tensor? _scaleChange;
    private readonly Tensor? _zeroChange;
    private int _rank;

    /// <summary>A range that is not known yet: every number is rounded to an integer.</summary>
    /// <param name="isLearned">Whether it is learned.</param>
    public RangeRounding(bool isLearned)
    {
        _scale = RegisterBuffer("scale", Tensor.Ones([1]));
        _zero = RegisterBuffer("zero_point", Tensor.Zeros([1]));
        if (!isLearned)
            return;
        _scaleChange = RegisterParameter("scale_change", Tensor.Zeros([1]));
        _zeroChange = RegisterParameter("zero_point_change", Tensor.Zeros([1]));
    }

    /// <summary>The range; what was learned begins anew where it is set.</summary>
    public StaticScale Value
    {
        get
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            var (scale, zero) = Current(1);
            return new StaticScale(new AffineScale((float)scale.Item(), (int)zero.Item(), IntegerRange.UInt8), _rank);
        }

        set
        {
            using var noGrad = Autograd.NoGrad();
            _scale.FillInPlace(value.Affine.Scale);
            _zero.FillInPlace(value.Affine.ZeroPoint);
            _scaleChange?.FillInPlace(0);
            _zeroChange?.FillInPlace(0);
            _rank = value.Rank;
        }
    }

    /// <summary>The rounded numbers, of the same shape.</summary>
    public Tensor Round(Tensor input)
    {
        using var scope = TensorScope.Open();
        var (scale, zero) = Current(Math.Max(1, input.ElementCount / Math.Max(1, input.Size(0))));
        var steps = input.Div(scale);
        var integers = Through(steps, steps.Detach().Round()).Add(zero).Clamp(0, Highest);
        return scope.Keep(integers.Sub(zero).Mul(scale));
    }

    // [1] and [1].
    private (Tensor Scale, Tensor Zero) Current(long numbers)
    {
        if (_scaleChange is null)
            return (_scale, _zero);
        var share = 1 / Math.Sqrt(Highest * (double)numbers);
        var wanted = Slowed(_zeroChange!, share).Mul(Highest).Add(_zero);
        return (_scale.Mul(Slowed(_scaleChange, share).Add(1).Clamp(min: LeastShare)), Through(wanted, wanted.Detach().Round().Clamp(0, Highest)));
    }

    // The number itself, with a share of its gradient.
    private static Tensor Slowed(Tensor value, double share) => Through(value.Mul(share), value);

    private static Tensor Through(Tensor value, Tensor exact) => exact.Detach().Add(value.Sub(value.Detach()));
}
