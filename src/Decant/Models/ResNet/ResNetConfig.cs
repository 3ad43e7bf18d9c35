using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ResNet;

/// <summary>The settings of a <see cref="ResNetClassifier"/> or <see cref="WideResNet"/>.</summary>
internal sealed record ResNetConfig : NetworkConfig
{
    private const int BaseWidth = 16;

    /// <summary>The number of layers.</summary>
    public required int Depth { get; init; }

    /// <summary>The channels of an image.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>The channels of the first convolution.</summary>
    public int EmbeddingSize { get; init; } = BaseWidth;

    /// <summary>The channels of the three stages.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [BaseWidth, 2 * BaseWidth, 4 * BaseWidth];

    /// <summary>The channels between the two convolutions of the blocks of each stage, where they were cut; null: those of the stage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? InnerSizes { get; init; }

    /// <summary>How blocks that change the size are passed.</summary>
    public ResNetShortcut Shortcut { get; init; } = ResNetShortcut.Pad;

    /// <summary>Which kind of block.</summary>
    public ResNetVariant Variant { get; init; } = ResNetVariant.Basic;

    /// <summary>The probability of dropout inside the wide variant's blocks.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override string ModelType => Variant == ResNetVariant.Wide ? "wide-resnet" : "cifar-resnet";

    internal override string Network => Variant == ResNetVariant.Wide ? "WideResNet" : "CifarResNet";

    /// <inheritdoc/>
    public override string Summary =>
        Variant == ResNetVariant.Wide ? $"WRN-{Depth}, widths {string.Join(", ", HiddenSizes)}" : HiddenSizes[0] == BaseWidth && InnerSizes is null ? $"ResNet-{Depth}" : $"ResNet-{Depth}, widths {string.Join(", ", HiddenSizes)}";

    /// <summary>Blocks per stage.</summary>
    internal int BlocksPerStage => (Depth - Extra) / 6;

    // Layers that belong to no block of two.
    private int Extra => Variant == ResNetVariant.Wide ? 4 : 2;

    /// <summary>The channels between the convolutions of a stage's blocks.</summary>
    internal int InnerOf(int stage) => InnerSizes?[stage] ?? HiddenSizes[stage];

    internal static ResNetConfig From(ResNetOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(options.Dimensions),
        Depth = options.Depth,
        NumChannels = checked((int)context.RequireImage("resnet")[0]),
        EmbeddingSize = options.Stem ?? (options.Variant == ResNetVariant.Wide ? BaseWidth : BaseWidth * options.Width),
        HiddenSizes = [BaseWidth * options.Width, 2 * BaseWidth * options.Width, 4 * BaseWidth * options.Width],
        Shortcut = options.Variant == ResNetVariant.Wide ? ResNetShortcut.Conv : options.Shortcut,
        Variant = options.Variant,
        Dropout = options.Dropout,
    };

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(
            Depth > Extra && (Depth - Extra) % 6 == 0,
            $"depth is {Depth}; 6n + {Extra} is needed, like {6 * Math.Max(1, (Depth - Extra) / 6) + Extra} or {6 * (Math.Max(0, (Depth - Extra) / 6) + 1) + Extra}");
        faults.UnlessLayers(Depth, "depth");
        faults.UnlessPositive(NumChannels, "the number of the image's channels");
        faults.UnlessPositive(EmbeddingSize, "stem");
        faults.UnlessFew(HiddenSizes, "hidden_sizes");
        faults.Unless(
            HiddenSizes.Count == 3 && HiddenSizes.All(w => w >= 1),
            $"hidden_sizes is [{ConfigFaults.Shown(HiddenSizes)}]; three numbers of at least 1 are needed");
        faults.Unless(
            InnerSizes is null || (InnerSizes.Count == 3 && InnerSizes.All(w => w >= 1)),
            $"inner_sizes is [{ConfigFaults.Shown(InnerSizes ?? [])}]; three numbers of at least 1 are needed, or none");
        faults.UnlessDropout(Dropout, "dropout");
        faults.Unless(
            Variant == ResNetVariant.Wide || Dropout == 0,
            $"dropout is {Dropout}, but only blocks of the wide variant have any; set variant: wide or leave dropout out");
        faults.Unless(
            Shortcut == ResNetShortcut.Conv || HiddenSizes.Prepend(EmbeddingSize).Zip(HiddenSizes).All(p => p.First <= p.Second),
            $"channels shrink along {EmbeddingSize}, {ConfigFaults.Shown(HiddenSizes)}, which zeros cannot pass; set shortcut: conv");
    }

    private protected override Model Make(Generator? generator) =>
        Variant == ResNetVariant.Wide ? new WideResNet(this, generator) : new ResNetClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) =>
        Variant == ResNetVariant.Wide ? new WideResNet(this, generator, (WideResNet)other) : new ResNetClassifier(this, generator, (ResNetClassifier)other);
}
