using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Cnn;

/// <summary>
/// Convolutions <c>conv1</c>, <c>conv2</c>, … with ReLU, max-pooling, dropout and two linear layers <c>fc1</c> and <c>fc2</c>: PyTorch's classic
/// MNIST example, with parameters. PyTorch's default initialisation.
/// </summary>
internal sealed class CnnClassifier : Model, IConfigured
{
    private readonly CnnConfig _config;
    private readonly List<Conv2d> _convolutions = [];
    private readonly MaxPool2d _pool;
    private readonly Linear _hidden;
    private readonly Linear _output;
    private readonly Dropout _featureDropout;
    private readonly Dropout _dropout;

    internal CnnClassifier(CnnConfig config, Generator? generator, CnnClassifier? trunk = null)
    {
        _config = config;
        var channels = config.InputShape[0];
        foreach (var next in config.Channels)
        {
            var convolution = trunk?._convolutions[_convolutions.Count] ?? new Conv2d(channels, next, config.KernelSize, padding: config.Padding, generator: generator);
            _convolutions.Add(RegisterModule($"conv{_convolutions.Count + 1}", convolution));
            channels = next;
        }

        var features = channels * config.FeatureSize(config.InputShape[1])!.Value * config.FeatureSize(config.InputShape[2])!.Value;
        _pool = RegisterModule("pool", new MaxPool2d(config.PoolSize));
        _featureDropout = RegisterModule("dropout1", new Dropout(config.FeatureDropout));
        _hidden = RegisterModule("fc1", trunk?._hidden ?? new Linear(features, config.HiddenSize, generator: generator));
        _dropout = RegisterModule("dropout2", new Dropout(config.Dropout));
        _output = RegisterModule("fc2", new Linear(config.HiddenSize, config.Outputs, generator: generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "cnn";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, null, _convolutions);

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static CnnClassifier Create(CnnOptions options, ModelContext context, Generator? generator = null) =>
        (CnnClassifier)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Shape(input.Values, _config.InputShape, Kind);
        using var scope = TensorScope.Open();
        var x = ImageLayout.Of(input.Values); // [B, C, H, W]
        for (var i = 0; i < _convolutions.Count; i++)
        {
            x = _convolutions[i].Forward(x).Relu();
            if (_config.PoolsAfter(i))
                x = _pool.Forward(x);
        }

        x = _featureDropout.Forward(x).Flatten(1); // [B, features]
        x = _dropout.Forward(RecordActivation(_hidden.Forward(x).Relu(), Representation));
        return scope.Keep(_output.Forward(x));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var (height, width, flops) = (_config.InputShape[1], _config.InputShape[2], _hidden.Flops() + _output.Flops());
        for (var i = 0; i < _convolutions.Count; i++)
        {
            flops += _convolutions[i].Flops(height, width);
            (height, width) = (_convolutions[i].OutputSize(height), _convolutions[i].OutputSize(width));
            if (_config.PoolsAfter(i))
                (height, width) = (_pool.OutputSize(height), _pool.OutputSize(width));
        }

        return flops;
    }

    internal static CnnConfig Configure(CnnOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(options.Dimensions),
        InputShape = context.RequireImage("cnn"),
        Channels = options.Channels,
        KernelSize = options.Kernel,
        Padding = options.Padding,
        PoolSize = options.Pool,
        PoolEvery = options.PoolEvery,
        HiddenSize = options.Hidden,
        FeatureDropout = context.DropoutOf(options.FeatureDropout, family: 0.25),
        Dropout = context.DropoutOf(options.Dropout, family: 0.5),
    };
}
