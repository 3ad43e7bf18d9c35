using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>The settings of an <see cref="ImageNetResNetClassifier"/>.</summary>
internal sealed record ImageNetResNetConfig : NetworkConfig
{
    private const int Stages = 4;
    private static readonly Dictionary<int, int[]> s_depths = new() { [18] = [2, 2, 2, 2], [34] = [3, 4, 6, 3], [50] = [3, 4, 6, 3] };

    /// <summary>How many blocks each of the four stages has: 2, 2, 2, 2 of ResNet-18.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>The kind of block: two convolutions of ResNet-18 and 34, three of ResNet-50.</summary>
    public required ImageNetBlock LayerType { get; init; }

    /// <summary>The channels of an image.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>The channels of the first convolution and of the first stage's blocks.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>The channels that the blocks of each stage give, where they were cut; null: <see cref="EmbeddingSize"/> times 1, 2, 4 and 8, and of three convolutions 4 times that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>The channels between the convolutions of the blocks of each stage, where they were cut; null: <see cref="EmbeddingSize"/> times 1, 2, 4 and 8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? InnerSizes { get; init; }

    /// <summary>Whether an embedding is the mean of the last stage itself; false: a linear layer makes it of that. Says nothing in other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PooledFeatures { get; init; }

    /// <inheritdoc/>
    public override string ModelType => "imagenet-resnet";

    /// <inheritdoc/>
    public override string Summary => $"ResNet-{2 + Depths.Sum(d => (long)d * ConvolutionsPerBlock)}{(HiddenSizes is { } cut ? $", channels {string.Join(", ", cut)}" : EmbeddingSize == 64 ? "" : $", width {EmbeddingSize}")}";

    internal override string Network => "ImageNetResNet";

    /// <summary>Whether blocks have three convolutions, of which the last widens.</summary>
    internal bool HasBottlenecks => LayerType == ImageNetBlock.Bottleneck;

    /// <summary>The channels that the last stage ends with.</summary>
    internal long Features => OutputsOf(Stages - 1);

    /// <summary>The channels that a stage's blocks give.</summary>
    internal long OutputsOf(int stage) => HiddenSizes?[stage] ?? ((long)EmbeddingSize << stage) * (HasBottlenecks ? BottleneckBlock.Expansion : 1L);

    /// <summary>The channels between the convolutions of a stage's blocks.</summary>
    internal long InnerOf(int stage) => InnerSizes?[stage] ?? (long)EmbeddingSize << stage;

    /// <summary>Whether the last layer is left out.</summary>
    internal bool EndsPooled => PooledFeatures && Task == ModelTask.Embedding;

    private int ConvolutionsPerBlock => HasBottlenecks ? 3 : 2;

    internal static ImageNetResNetConfig From(ImageNetResNetOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(),
        Depths = DepthsOf(options.Depth),
        LayerType = options.Depth >= 50 ? ImageNetBlock.Bottleneck : ImageNetBlock.Basic,
        NumChannels = checked((int)context.RequireImage("imagenet-resnet")[0]),
        EmbeddingSize = options.Width,
    };

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(Depths.Count == Stages && Depths.All(d => d >= 1), $"depths is [{ConfigFaults.Shown(Depths)}]; four numbers of at least 1 are needed");
        foreach (var depth in Depths)
            faults.UnlessLayers(depth, "a number in depths");
        faults.UnlessPositive(NumChannels, "the number of the image's channels");
        faults.UnlessPositive(EmbeddingSize, "width");
        foreach (var (name, sizes) in new[] { ("hidden_sizes", HiddenSizes), ("inner_sizes", InnerSizes) })
            faults.Unless(sizes is null || (sizes.Count == Stages && sizes.All(w => w >= 1)), $"{name} is [{ConfigFaults.Shown(sizes ?? [])}]; four numbers of at least 1 are needed, or none");
        faults.Throw();
        faults.Unless(
            !EndsPooled || OutputSize == Features,
            $"output_size is {OutputSize}, but the last stage ends with {Features} channels, which are the embedding; correct one of them, or take pooled_features out");
    }

    private static int[] DepthsOf(int depth) => s_depths.GetValueOrDefault(depth) ?? throw new DecantException($"A model of kind 'imagenet-resnet' has {string.Join(", ", s_depths.Keys)} layers; depth: {depth} came.");

    private protected override Model Make(Generator? generator) => new ImageNetResNetClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new ImageNetResNetClassifier(this, generator, (ImageNetResNetClassifier)other);
}
