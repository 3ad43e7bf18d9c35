using Decant.Torch;

namespace Decant.Training;

/// <summary>The gradients of one update, summed by autograd over its batches, and gone with it.</summary>
/// <remarks>
/// They are gathered by backward and not by <see cref="Autograd.Grad"/>: what that returns may share memory (both parameters of a + b get one tensor, or an
/// expanded one), and would be clipped and decayed twice in place. Backward gives every leaf a gradient of its own.
/// </remarks>
internal sealed class Gradients : IDisposable
{
    private const double Tiny = 1e-6;

    private readonly Tensor[] _parameters;
    private Tensor?[]? _all;

    public Gradients(Tensor[] parameters)
    {
        _parameters = parameters;
        Clear();
    }

    /// <summary>Per parameter; null where a parameter took no part. Read after the last <see cref="Add"/>; the current scope's.</summary>
    public Tensor?[] All => _all ??= Array.ConvertAll(_parameters, p => p.Grad);

    private Tensor[] Present => [.. All.OfType<Tensor>()];

    /// <summary>Adds the gradients of one batch's share of the loss.</summary>
    public static void Add(Tensor loss) => loss.Backward();

    /// <summary>Adds λ·sign(θ) for tensors of two dimensions and more.</summary>
    public void AddL1(double lambda)
    {
        using var noGrad = Autograd.NoGrad();
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Dimensions >= 2)
                All[i]?.AddInPlace(_parameters[i].Sign(), lambda);
        }
    }

    /// <summary>The Euclidean norm of all of them together, on their device; 0 of none.</summary>
    public Tensor Norm()
    {
        using var noGrad = Autograd.NoGrad();
        return Norm(Present) ?? Tensor.Zeros([], device: _parameters[0].Device);
    }

    /// <summary>Scales all down together so that their Euclidean norm is at most the limit. As <c>torch.nn.utils.clip_grad_norm_</c>.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="reading">Has the norm. Where it was read, nothing more is done for gradients below the limit; else the device is not asked, and all are multiplied.</param>
    public void Clip(double limit, LossReading reading)
    {
        using var noGrad = Autograd.NoGrad();
        if (reading.IsRead)
        {
            var factor = limit / (reading.Norm + Tiny);
            if (factor < 1)
                Foreach.Mul(Present, factor);
            return;
        }

        // The same numbers as above: in float64 up to the factor, which is 1 where there is nothing to scale.
        var wide = reading.NormTensor!.To(DType.Float64) + Tiny;
        var shared = (Tensor.Full([], limit, DType.Float64, wide.Device) / wide).Clamp(max: 1).To(DType.Float32);
        foreach (var gradient in Present)
            gradient.MulInPlace(shared);
    }

    /// <summary>The Euclidean norm of all tensors together; null of none.</summary>
    public static Tensor? Norm(Tensor[] tensors) => tensors.Length == 0 ? null : Tensor.Stack(Foreach.Norm(tensors)).Norm();

    public void Dispose() => Clear();

    private void Clear()
    {
        foreach (var parameter in _parameters)
            parameter.Grad = null;
    }
}
