using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Mlp;

/// <summary>The settings of an <see cref="MlpClassifier"/>.</summary>
internal sealed record MlpConfig : NetworkConfig
{
    /// <summary>The shape of a sample; flattened.</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>The width of every hidden layer.</summary>
    public required IReadOnlyList<int> HiddenSizes { get; init; }

    /// <summary>The probability of dropout behind every hidden layer.</summary>
    public double Dropout { get; init; }

    /// <summary>The probability of dropout on the input.</summary>
    public double InputDropout { get; init; }

    /// <summary>The function behind every hidden layer.</summary>
    public ActivationKind HiddenAct { get; init; } = ActivationKind.Relu;

    /// <inheritdoc/>
    public override string ModelType => "mlp";

    internal override string Network => "Mlp";

    /// <inheritdoc/>
    public override string Summary =>
        $"perceptron {string.Join("-", HiddenSizes.Take(20).Select(h => (long)h).Prepend(InputShape.Aggregate(1L, (product, size) => product * size)).Append(Outputs))}";

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(
            InputShape.Count > 0 && InputShape.All(s => s >= 1),
            $"the sample's shape is [{ConfigFaults.Shown(InputShape)}]; sizes of at least 1 are needed");
        faults.UnlessFew(HiddenSizes, "hidden");
        faults.Unless(InputShape.Aggregate(1.0, (product, size) => product * size) < 1L << 40, $"the sample's shape is [{ConfigFaults.Shown(InputShape)}]; fewer numbers are read at a time");
        faults.Unless(HiddenSizes.All(h => h >= 1), $"hidden is [{ConfigFaults.Shown(HiddenSizes)}]; widths of at least 1 are needed");
        faults.UnlessDropout(Dropout, "dropout");
        faults.UnlessDropout(InputDropout, "input-dropout");
    }

    private protected override Model Make(Generator? generator) => new MlpClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => HiddenSizes.Count > 0
        ? new MlpClassifier(this, generator, (MlpClassifier)other)
        : throw new DecantException("A perceptron without hidden layers is a head alone: there is no trunk to share; give it hidden layers.");
}
