using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.ResNet;

/// <summary>
/// Wide residual network (Zagoruyko 2016): <c>conv1</c>, three stages <c>block1</c> … <c>block3</c>, <c>bn1</c>, global mean, <c>fc</c>.
/// Names and initialisation (normal, √(2 ÷ fan-out)) are those of xternalz/WideResNet-pytorch, which the distillation literature uses.
/// </summary>
internal sealed class WideResNet : Model, IConfigured
{
    private readonly ResNetConfig _config;
    private readonly Conv2d _stem;
    private readonly List<WideStage> _stages = [];
    private readonly List<WideBlock> _blocks = [];
    private readonly BatchNorm2d _norm;
    private readonly Linear _output;

    internal WideResNet(ResNetConfig config, Generator? generator, WideResNet? trunk = null)
    {
        _config = config;
        _stem = RegisterModule("conv1", trunk?._stem ?? Convolution(config.NumChannels, config.EmbeddingSize, 3, 1, generator));
        var inputs = config.EmbeddingSize;
        for (var stage = 0; stage < config.HiddenSizes.Count; stage++)
        {
            var blocks = RegisterModule($"block{stage + 1}", trunk?._stages[stage] ?? new WideStage(config, inputs, stage, generator));
            _stages.Add(blocks);
            _blocks.AddRange(blocks.Blocks);
            inputs = config.HiddenSizes[stage];
        }

        _norm = RegisterModule("bn1", trunk?._norm ?? new BatchNorm2d(inputs));
        _output = RegisterModule("fc", new Linear(inputs, config.Outputs, generator: generator));
        Initialise.Zero(_output.Bias!);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "resnet";

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
        var x = _stem.Forward(ImageLayout.Of(input.Values));
        foreach (var block in _blocks)
            x = block.Forward(x);
        x = _norm.Forward(x).Relu();
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

    internal static Conv2d Convolution(long inputs, long outputs, long kernel, long stride, Generator? generator)
    {
        var convolution = new Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, bias: false, generator: generator);
        Initialise.He(convolution.Weight, outputs * kernel * kernel, generator);
        return convolution;
    }

    /// <summary>Blocks under the published name <c>layer</c>.</summary>
    private sealed class WideStage : Module
    {
        public WideStage(ResNetConfig config, long inputs, int stage, Generator? generator)
        {
            var outputs = config.HiddenSizes[stage];
            Blocks = RegisterModule("layer", new ModuleList<WideBlock>(Enumerable.Range(0, config.BlocksPerStage).Select(i =>
                new WideBlock(i == 0 ? inputs : outputs, config.InnerOf(stage), outputs, stage > 0 && i == 0 ? 2 : 1, config.Dropout, generator))));
        }

        public ModuleList<WideBlock> Blocks { get; }
    }
}
