using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ImageNetResNet;

/// <summary>
/// Residual network for ImageNet (He 2016a, table 1): <c>conv1</c> of 7×7 and <c>bn1</c>, the largest of 3×3, four stages <c>layer1</c> … <c>layer4</c>, global mean, <c>fc</c>. Names,
/// initialisation and the place of the stride are those of torchvision's <c>resnet18</c>, <c>resnet34</c> and <c>resnet50</c>; their weights load. Images of any size.
/// </summary>
internal sealed class ImageNetResNetClassifier : Model, IConfigured
{
    private const int Stages = 4;

    private readonly ImageNetResNetConfig _config;
    private readonly Conv2d _stem;
    private readonly BatchNorm2d _norm;
    private readonly MaxPool2d _pool = new(3, 2, 1);
    private readonly List<ModuleList<ResidualBlock>> _stages = [];
    private readonly List<ResidualBlock> _blocks = [];
    private readonly Linear? _output;

    internal ImageNetResNetClassifier(ImageNetResNetConfig config, Generator? generator, ImageNetResNetClassifier? trunk = null)
    {
        _config = config;
        _stem = RegisterModule("conv1", trunk?._stem ?? Stem(config, generator));
        _norm = RegisterModule("bn1", trunk?._norm ?? new BatchNorm2d(config.EmbeddingSize));
        long inputs = config.EmbeddingSize;
        for (var stage = 0; stage < Stages; stage++)
        {
            var blocks = trunk?._stages[stage] ?? new ModuleList<ResidualBlock>(Stage(config, inputs, stage, generator));
            _stages.Add(blocks);
            _blocks.AddRange(RegisterModule($"layer{stage + 1}", blocks));
            inputs = config.OutputsOf(stage);
        }

        if (!config.EndsPooled)
            _output = RegisterModule("fc", new Linear(inputs, config.Outputs, generator: generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "imagenet-resnet";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, null, _blocks);

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Channels(input.Values, _config.NumChannels, Kind);
        using var scope = TensorScope.Open();
        var x = _pool.Forward(ConvolutionNorm.Relu(_stem, _norm, ImageLayout.Of(input.Values))); // [B, 64, H ÷ 4, W ÷ 4]
        foreach (var block in _blocks)
            x = block.Forward(x);
        var features = RecordActivation(x.Mean([2, 3]), Representation);                         // [B, 512]
        return scope.Keep(_output?.Forward(features) ?? features);
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var (height, width) = (sampleShape[1], sampleShape[2]);
        var flops = _stem.Flops(height, width) + (_output?.Flops() ?? 0);
        (height, width) = (_pool.OutputSize(_stem.OutputSize(height)), _pool.OutputSize(_stem.OutputSize(width)));
        foreach (var block in _blocks)
        {
            flops += block.Flops(height, width);
            (height, width) = (block.OutputSize(height), block.OutputSize(width));
        }

        return flops;
    }

    private static Conv2d Stem(ImageNetResNetConfig config, Generator? generator) => ResidualBlock.Convolution(config.NumChannels, config.EmbeddingSize, 7, 2, generator);

    private static IEnumerable<ResidualBlock> Stage(ImageNetResNetConfig config, long inputs, int stage, Generator? generator)
    {
        var (between, outputs) = (config.InnerOf(stage), config.OutputsOf(stage));
        for (var i = 0; i < config.Depths[stage]; i++)
        {
            var stride = stage > 0 && i == 0 ? 2 : 1;
            yield return config.HasBottlenecks ? new BottleneckBlock(inputs, between, outputs, stride, generator) : new TwoConvolutionBlock(inputs, between, outputs, stride, generator);
            inputs = outputs;
        }
    }
}
