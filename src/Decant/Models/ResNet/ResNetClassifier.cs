using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ResNet;

/// <summary>
/// Residual network for CIFAR (He 2016a, section 4.2): <c>conv1</c>, <c>bn1</c>, three stages <c>layer1</c> … <c>layer3</c> of blocks, global mean,
/// <c>linear</c>. Names and initialisation (normal, √(2 ÷ fan-in)) are those of akamaster/pytorch_resnet_cifar10; its weights load.
/// </summary>
internal sealed class ResNetClassifier : Model, IConfigured
{
    private readonly ResNetConfig _config;
    private readonly Conv2d _stem;
    private readonly BatchNorm2d _norm;
    private readonly List<ModuleList<BasicBlock>> _stages = [];
    private readonly List<BasicBlock> _blocks = [];
    private readonly Linear _output;

    internal ResNetClassifier(ResNetConfig config, Generator? generator, ResNetClassifier? trunk = null)
    {
        _config = config;
        _stem = RegisterModule("conv1", trunk?._stem ?? Stem(config, generator));
        _norm = RegisterModule("bn1", trunk?._norm ?? new BatchNorm2d(config.EmbeddingSize));
        var inputs = config.EmbeddingSize;
        for (var stage = 0; stage < config.HiddenSizes.Count; stage++)
        {
            var blocks = trunk?._stages[stage] ?? new ModuleList<BasicBlock>(Stage(config, inputs, stage, generator));
            _stages.Add(blocks);
            _blocks.AddRange(RegisterModule($"layer{stage + 1}", blocks));
            inputs = config.HiddenSizes[stage];
        }

        _output = RegisterModule("linear", new Linear(inputs, config.Outputs, generator: generator));
        Initialise.He(_output.Weight, inputs, generator);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "resnet";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, null, _blocks);

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <summary>A model with drawn weights; of the basic or the wide variant, as the options say.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static Model Create(ResNetOptions options, ModelContext context, Generator? generator = null) =>
        ResNetConfig.From(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Channels(input.Values, _config.NumChannels, Kind);
        using var scope = TensorScope.Open();
        var x = ConvolutionNorm.Relu(_stem, _norm, ImageLayout.Of(input.Values));
        foreach (var block in _blocks)
            x = block.Forward(x);
        return scope.Keep(_output.Forward(RecordActivation(x.Mean([2, 3]), Representation))); // [B, C, H, W] to [B, C]
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var (height, width) = (sampleShape[1], sampleShape[2]);
        var flops = _stem.Flops(height, width) + _output.Flops();
        foreach (var block in _blocks)
        {
            flops += block.Flops(height, width);
            (height, width) = (block.OutputSize(height), block.OutputSize(width));
        }

        return flops;
    }

    private static Conv2d Stem(ResNetConfig config, Generator? generator)
    {
        var stem = new Conv2d(config.NumChannels, config.EmbeddingSize, 3, padding: 1, bias: false, generator: generator);
        Initialise.He(stem.Weight, config.NumChannels * 9L, generator);
        return stem;
    }

    private static IEnumerable<BasicBlock> Stage(ResNetConfig config, long inputs, int stage, Generator? generator)
    {
        var outputs = config.HiddenSizes[stage];
        for (var i = 0; i < config.BlocksPerStage; i++)
        {
            yield return new BasicBlock(inputs, config.InnerOf(stage), outputs, stage > 0 && i == 0 ? 2 : 1, config.Shortcut, generator);
            inputs = outputs;
        }
    }
}
