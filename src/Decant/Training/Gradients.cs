using Decant.Torch;

namespace Decant.Training;

/// <summary>The gradients of one update, summed over its batches.</summary>
internal sealed class Gradients(Tensor[] parameters)
{
    private const double Tiny = 1e-6;

    private Tensor?[]? _sum;

    /// <summary>Per parameter; null where a parameter took no part.</summary>
    public Tensor?[] Sum => _sum ?? throw new InvalidOperationException("No loss was differentiated.");

    /// <summary>Adds the gradients of one batch's share; they move to the scope around the batch's.</summary>
    public void Add(Tensor loss, TensorScope batchScope)
    {
        var gradients = Autograd.Grad([loss], parameters, allowUnused: true);
        if (_sum is null)
        {
            foreach (var gradient in gradients)
                _ = gradient is null ? null : batchScope.Keep(gradient);
            _sum = gradients;
            return;
        }

        using var noGrad = Autograd.NoGrad();
        for (var i = 0; i < gradients.Length; i++)
        {
            if (_sum[i] is { } sum && gradients[i] is { } more)
                sum.AddInPlace(more);
            else if (gradients[i] is { } first)
                _sum[i] = batchScope.Keep(first);
        }
    }

    /// <summary>Adds λ·sign(θ) for tensors of two dimensions and more.</summary>
    public void AddL1(double lambda)
    {
        using var noGrad = Autograd.NoGrad();
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Dimensions >= 2)
                Sum[i]?.AddInPlace(parameters[i].Sign(), lambda);
        }
    }

    /// <summary>Scales all down together so that their Euclidean norm is at most the limit. As <c>torch.nn.utils.clip_grad_norm_</c>.</summary>
    public void Clip(double limit)
    {
        using var noGrad = Autograd.NoGrad();
        var present = Sum.Where(g => g is not null).Select(g => g!).ToArray();
        var norm = Tensor.Stack(Foreach.Norm(present)).Norm().Item();
        if (norm > limit)
            Foreach.Mul(present, limit / (norm + Tiny));
    }
}
