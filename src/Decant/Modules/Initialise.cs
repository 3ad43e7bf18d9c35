using Decant.Torch;

namespace Decant.Modules;

/// <summary>First values of weights, drawn from a generator; null is libtorch's own.</summary>
internal static class Initialise
{
    /// <summary>Evenly from ±1/√fanIn: what PyTorch's Linear and Conv draw (<c>kaiming_uniform_</c> with a = √5) for weights and biases.</summary>
    public static Tensor FanIn(long[] shape, long fanIn, Generator? generator) => Uniform(shape, fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0, generator);

    /// <summary>Evenly from [−bound, bound).</summary>
    public static Tensor Uniform(long[] shape, double bound, Generator? generator)
    {
        var tensor = Tensor.Empty(shape);
        tensor.UniformInPlace(-bound, bound, generator);
        return tensor;
    }

    /// <summary>Normally, mean 0.</summary>
    public static Tensor Normal(long[] shape, double deviation, Generator? generator)
    {
        var tensor = Tensor.Empty(shape);
        tensor.NormalInPlace(0, deviation, generator);
        return tensor;
    }

    /// <summary>
    /// Draws a parameter again: normally, mean 0, deviation √(2 ÷ fan), for layers followed by a ReLU (He et al. 2015, equation 10).
    /// </summary>
    public static void He(Tensor parameter, long fan, Generator? generator) => Redraw(parameter, Math.Sqrt(2.0 / fan), generator);

    /// <summary>Draws a parameter again: normally, mean 0.</summary>
    public static void Redraw(Tensor parameter, double deviation, Generator? generator)
    {
        using var noGrad = Autograd.NoGrad();
        parameter.NormalInPlace(0, deviation, generator);
    }

    /// <summary>Sets a parameter to 0.</summary>
    public static void Zero(Tensor parameter)
    {
        using var noGrad = Autograd.NoGrad();
        parameter.ZeroInPlace();
    }
}
