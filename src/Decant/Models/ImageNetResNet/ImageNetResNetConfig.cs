using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>The settings of an <see cref="ImageNetResNetClassifier"/>.</summary>
internal sealed record ImageNetResNetConfig : NetworkConfig
{
    private static readonly Dictionary<int, int[]> s_blocks = new() { [18] = [2, 2, 2, 2], [34] = [3, 4, 6, 3], [50] = [3, 4, 6, 3] };

    /// <summary>The number of layers.</summary>
    public required int Depth { get; init; }

    /// <summary>The channels of an image.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>The channels of the first convolution and of the first stage's blocks.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>Whether an embedding is the mean of the last stage itself; false: a linear layer makes it of that. Says nothing in other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PooledFeatures { get; init; }

    /// <inheritdoc/>
    public override string ModelType => "imagenet-resnet";

    /// <inheritdoc/>
    public override string Summary => EmbeddingSize == 64 ? $"ResNet-{Depth}" : $"ResNet-{Depth}, width {EmbeddingSize}";

    internal override string Network => "ImageNetResNet";

    /// <summary>Blocks of each stage.</summary>
    internal IReadOnlyList<int> Blocks => s_blocks[Depth];

    /// <summary>Whether blocks have three convolutions, of which the last widens.</summary>
    internal bool HasBottlenecks => HasBottlenecksAt(Depth);

    /// <summary>The channels that the last stage ends with.</summary>
    internal int Features => 8 * EmbeddingSize * (HasBottlenecks ? BottleneckBlock.Expansion : 1);

    /// <summary>Whether the last layer is left out.</summary>
    internal bool EndsPooled => PooledFeatures && Task == ModelTask.Embedding;

    /// <summary>The depths that there are, with the blocks of each stage.</summary>
    internal static IReadOnlyDictionary<int, int[]> Depths => s_blocks;

    internal static bool HasBottlenecksAt(int depth) => depth >= 50;

    internal static ImageNetResNetConfig From(ImageNetResNetOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(),
        Depth = options.Depth,
        NumChannels = checked((int)context.RequireImage("imagenet-resnet")[0]),
        EmbeddingSize = options.Width,
    };

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(s_blocks.ContainsKey(Depth), $"depth is {Depth}; {string.Join(", ", s_blocks.Keys)} are served");
        faults.UnlessPositive(NumChannels, "the number of the image's channels");
        faults.UnlessPositive(EmbeddingSize, "width");
        faults.Unless(
            !EndsPooled || !s_blocks.ContainsKey(Depth) || OutputSize == Features,
            $"output_size is {OutputSize}, but the last stage ends with {Features} channels, which are the embedding; correct one of them, or take pooled_features out");
    }

    private protected override Model Make(Generator? generator) => new ImageNetResNetClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new ImageNetResNetClassifier(this, generator, (ImageNetResNetClassifier)other);
}
