using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Normalises every channel (Ioffe 2015), as PyTorch's <c>nn.BatchNorm</c>: <c>weight</c> and <c>bias</c> [C], buffers <c>running_mean</c>,
/// <c>running_var</c> [C] (unbiased) and <c>num_batches_tracked</c>, a scalar.
/// </summary>
public abstract class BatchNorm : Module
{
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly Tensor _batches;

    private protected BatchNorm(long channels, double momentum, double epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Channels = channels;
        Momentum = momentum;
        Epsilon = epsilon;
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
        _mean = RegisterBuffer("running_mean", Tensor.Zeros([channels]));
        _variance = RegisterBuffer("running_var", Tensor.Ones([channels]));
        _batches = RegisterBuffer("num_batches_tracked", Tensor.Zeros([], DType.Int64), optional: true);
    }

    /// <summary>C.</summary>
    public long Channels { get; }

    /// <summary>The share that a batch has in the running statistics.</summary>
    public double Momentum { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>[C].</summary>
    public Tensor Weight { get; }

    /// <summary>[C].</summary>
    public Tensor Bias { get; }

    /// <summary>What it does in evaluation: x·factor + shift of every channel.</summary>
    /// <returns>[C] and [C].</returns>
    internal (Tensor Factor, Tensor Shift) AsAffine()
    {
        var factor = Weight * (_variance + Epsilon).Rsqrt();
        return (factor, Bias - (_mean * factor));
    }

    /// <summary>What it does in training, with what is added and ReLU after it; records nothing.</summary>
    /// <param name="input">As the norm takes it.</param>
    /// <param name="around">Of the input's shape; null: nothing is added.</param>
    internal Tensor TrainRelu(Tensor input, Tensor? around)
    {
        CountBatch(input);
        return Functional.BatchNormRelu(input, around, Weight, Bias, _mean, _variance, Momentum, Epsilon);
    }

    private protected Tensor Normalise(Tensor input)
    {
        if (IsTraining)
            CountBatch(input);
        return RecordActivation(Functional.BatchNorm(input, Weight, Bias, _mean, _variance, IsTraining, Momentum, Epsilon));
    }

    private void CountBatch(Tensor input)
    {
        if (input.ElementCount == Channels)
            throw new OneValuePerChannelException($"{GetType().Name} of {Channels} channels needs more than one value per channel in training, for one value has no variance; {input} came.");
        using var noGrad = Autograd.NoGrad();
        _batches.AddInPlace(1);
    }

    private protected ArgumentException Unfit(Tensor input, string expected) =>
        new($"{GetType().Name} of {Channels} channels expects {expected}; {input} came.", nameof(input));
}
