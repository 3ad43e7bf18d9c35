using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Cnn;

/// <summary>The settings of a <see cref="CnnClassifier"/>; see <see cref="CnnOptions"/> for what they mean.</summary>
internal sealed record CnnConfig : NetworkConfig
{
    /// <summary>[C, H, W] of an image.</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>The channels of every convolution.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>The side of the convolutions' window.</summary>
    public int KernelSize { get; init; } = 3;

    /// <summary>Zeros around the image before every convolution.</summary>
    public int Padding { get; init; }

    /// <summary>The side of the max-pooling window.</summary>
    public int PoolSize { get; init; } = 2;

    /// <summary>After how many convolutions there is a pooling.</summary>
    public int PoolEvery { get; init; } = 2;

    /// <summary>The width of the linear layer before the logits.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>The probability of dropout behind the last pooling.</summary>
    public double FeatureDropout { get; init; } = 0.25;

    /// <summary>The probability of dropout before the logits.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override string ModelType => "cnn";

    internal override string Network => "Cnn";

    /// <inheritdoc/>
    public override string Summary =>
        $"CNN, convolutions of {ConfigFaults.Shown(Channels)}";

    /// <summary>Whether there is a pooling behind the convolution of that index.</summary>
    internal bool PoolsAfter(int index) => PoolSize > 1 && ((index + 1) % PoolEvery == 0 || index == Channels.Count - 1);

    /// <summary>The size of one side behind every convolution and its pooling, or null where something does not fit.</summary>
    internal long? FeatureSize(long size)
    {
        for (var i = 0; i < Channels.Count && size > 0; i++)
        {
            size = Window.OutputSize(size, KernelSize, 1, Padding);
            if (PoolsAfter(i))
                size = Window.OutputSize(size, PoolSize, PoolSize, 0);
        }

        return size > 0 ? size : null;
    }

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(
            InputShape.Count == 3 && InputShape.All(s => s is >= 1 and <= 1 << 20),
            $"the image's shape is [{string.Join(", ", InputShape)}]; [channels, height, width] is needed");
        faults.UnlessFew(Channels, "channels");
        faults.Unless(
            Channels.Count > 0 && Channels.All(c => c >= 1),
            $"channels is [{ConfigFaults.Shown(Channels)}]; at least one number of at least 1 is needed");
        faults.UnlessPositive(KernelSize, "kernel");
        faults.Unless(Padding >= 0 && Padding < KernelSize, $"padding is {Padding}; from 0 to below the kernel's {KernelSize} is needed");
        faults.UnlessPositive(PoolSize, "pool");
        faults.UnlessPositive(PoolEvery, "pool-every");
        faults.UnlessPositive(HiddenSize, "hidden");
        faults.UnlessDropout(FeatureDropout, "feature-dropout");
        faults.UnlessDropout(Dropout, "dropout");
        faults.Throw();
        faults.Unless(
            InputShape.Skip(1).All(side => FeatureSize(side) is not null),
            $"an image of {InputShape[1]}×{InputShape[2]} is used up before the last of {Channels.Count} convolutions of {KernelSize}×{KernelSize} " +
            $"and poolings of {PoolSize}×{PoolSize}; take fewer channels, a larger pool-every, or padding {KernelSize / 2}");
    }

    private protected override Model Make(Generator? generator) => new CnnClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new CnnClassifier(this, generator, (CnnClassifier)other);
}
