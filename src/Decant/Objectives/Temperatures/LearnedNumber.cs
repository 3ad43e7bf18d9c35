using Decant.Modules;
using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>A number between two bounds that training changes: least + (most − least)·σ(θ).</summary>
internal sealed class LearnedNumber : Module
{
    private readonly double _least;
    private readonly double _range;
    private readonly Tensor _theta;

    public LearnedNumber(string name, double least, double most, double start)
    {
        (_least, _range) = (least, most - least);
        var share = (start - least) / _range;
        _theta = RegisterParameter(name, Tensor.Full([1], Math.Log(share / (1 - share))));
    }

    /// <summary>The number as it stands.</summary>
    public double Number
    {
        get
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            return Value().Item();
        }
    }

    /// <summary>The number [1], for a loss that it is to enlarge: the gradient that comes to it is turned, times a factor.</summary>
    /// <param name="strength">The factor.</param>
    /// <param name="device">Where the loss is.</param>
    public Tensor Against(double strength, Device device)
    {
        var value = Value();
        var turned = value * -strength + value.Detach() * (1 + strength);
        return turned.Device.Matches(device) ? turned : turned.To(device);
    }

    private Tensor Value() => _theta.Sigmoid() * _range + _least;
}

/// <summary>Nothing to train.</summary>
internal sealed class NothingLearned : Module;
