using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Mlp;

/// <summary>
/// Multilayer perceptron: linear layers <c>layers.0</c>, <c>layers.1</c>, …, the last of which gives the logits; PyTorch's default initialisation.
/// </summary>
internal sealed class MlpClassifier : Model, IConfigured
{
    private readonly MlpConfig _config;
    private readonly ModuleList<Linear> _layers;
    private readonly Activation _activation;
    private readonly Dropout _dropout;
    private readonly Dropout _inputDropout;

    internal MlpClassifier(MlpConfig config, Generator? generator, MlpClassifier? trunk = null)
    {
        _config = config;
        _layers = RegisterModule("layers", new ModuleList<Linear>(Stack(config, generator, trunk)));
        _activation = RegisterModule("activation", new Activation(config.HiddenAct));
        _dropout = RegisterModule("dropout", new Dropout(config.Dropout));
        _inputDropout = RegisterModule("input_dropout", new Dropout(config.InputDropout));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "mlp";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, null, _layers.Take(_layers.Count - 1));

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static MlpClassifier Create(MlpOptions options, ModelContext context, Generator? generator = null) =>
        (MlpClassifier)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Shape(input.Values, _config.InputShape, Kind);
        using var scope = TensorScope.Open();
        var x = _inputDropout.Forward(input.Values.Flatten(1)); // [B, D]
        for (var i = 0; i < _layers.Count - 1; i++)
            x = _dropout.Forward(_activation.Forward(_layers[i].Forward(x)));
        return scope.Keep(_layers[^1].Forward(RecordActivation(x, Representation)));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _layers.Sum(layer => layer.Flops());

    internal static MlpConfig Configure(MlpOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(options.Dimensions),
        InputShape = context.RequireNumbers("mlp"),
        HiddenSizes = options.Hidden,
        Dropout = options.Dropout,
        InputDropout = options.InputDropout,
        HiddenAct = options.Activation,
    };

    private static IEnumerable<Linear> Stack(MlpConfig config, Generator? generator, MlpClassifier? trunk)
    {
        var width = config.InputShape.Aggregate(1L, (product, size) => product * size);
        for (var i = 0; i < config.HiddenSizes.Count; i++)
        {
            yield return trunk?._layers[i] ?? new Linear(width, config.HiddenSizes[i], generator: generator);
            width = config.HiddenSizes[i];
        }

        yield return new Linear(width, config.Outputs, generator: generator);
    }
}
