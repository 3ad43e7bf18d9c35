using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.TextCnn;

/// <summary>
/// Convolutional text classifier (Kim 2014): <c>embedding</c>, one convolution <c>convs.0</c>, <c>convs.1</c>, … per width, the largest answer of
/// every
/// filter over all windows, ReLU, dropout, <c>classifier</c>. PyTorch's default initialisation, but for embeddings: see <see cref="TokenEmbedding"/>.
/// </summary>
/// <remarks>
/// Only windows that lie inside the text count, so a text has the same logits in every batch. A text shorter than a window has one
/// window, filled up with padding.
/// </remarks>
internal sealed class TextCnnClassifier : Model, IConfigured
{
    private readonly TextCnnConfig _config;
    private readonly int _widest;
    private readonly Embedding _embedding;
    private readonly ModuleList<Conv1d> _convolutions;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    internal TextCnnClassifier(TextCnnConfig config, Generator? generator, TextCnnClassifier? trunk = null)
    {
        _config = config;
        _widest = config.FilterWidths.Max();
        _embedding = RegisterModule(
            "embedding", trunk?._embedding ?? new Embedding(config.VocabSize, config.EmbeddingSize, config.PadTokenId, TokenEmbedding.Deviation, generator));
        _convolutions = RegisterModule(
            "convs",
            trunk?._convolutions ?? new ModuleList<Conv1d>(config.FilterWidths.Select(w => new Conv1d(config.EmbeddingSize, config.NumFilters, w, generator: generator))));
        _dropout = RegisterModule("dropout", new Dropout(config.Dropout));
        _classifier = RegisterModule("classifier", new Linear((long)config.NumFilters * config.FilterWidths.Count, config.Outputs, generator: generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "textcnn";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, _embedding, []);

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static TextCnnClassifier Create(TextCnnOptions options, ModelContext context, Generator? generator = null) =>
        (TextCnnClassifier)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, long.MaxValue, Kind);
        using var scope = TensorScope.Open();
        var padding = input.AttentionMask?.Not(); // [B, T]
        var tokens = padding is null ? input.Values : input.Values.MaskedFill(padding, _config.PadTokenId);
        var needed = padding is null ? Math.Max(0, _widest - tokens.Size(1)) : _widest - 1;
        if (needed > 0)
            tokens = tokens.Pad([0, needed], _config.PadTokenId); // [B, T + needed]
        var x = _embedding.Forward(tokens).Transpose(1, 2); // [B, E, T + needed]
        var outside = padding is null ? null : Outside(padding);
        var features = _convolutions.Select(c => Largest(c, x, input.Values.Size(1), outside)).ToArray(); // [B, F] each
        return scope.Keep(_classifier.Forward(_dropout.Forward(RecordActivation(Tensor.Cat(features, 1).Relu(), Representation))));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var length = sampleShape[0];
        return _convolutions.Sum(c => c.Flops(Math.Max(length, c.Kernel))) + _classifier.Flops();
    }

    internal static TextCnnConfig Configure(TextCnnOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(options.Dimensions),
        VocabSize = context.RequireVocabulary("textcnn"),
        PadTokenId = context.PadToken,
        EmbeddingSize = options.Embedding,
        FilterWidths = options.Widths,
        NumFilters = options.Filters,
        Dropout = context.DropoutOf(options.Dropout, family: 0.5),
    };

    // Where no window may end: [B, T + widest − 1], true for padding and beyond the text.
    private Tensor Outside(Tensor padding) => padding.Pad([0, _widest - 1], 1);

    // The largest answer over the windows that count: those that end inside the text, and the first one in any case.
    private static Tensor Largest(Conv1d convolution, Tensor input, long length, Tensor? outside)
    {
        if (outside is null)
        {
            var windows = Math.Max(length - convolution.Kernel + 1, 1);
            return convolution.Forward(input.Narrow(2, 0, windows + convolution.Kernel - 1)).Max(2);
        }

        var answers = convolution.Forward(input.Narrow(2, 0, length + convolution.Kernel - 1)); // [B, F, T]
        var later = Tensor.Arange(0, length, device: input.Device).Greater(0); // [T]
        var ignored = outside.Narrow(1, convolution.Kernel - 1, length).And(later); // [B, T]
        return answers.MaskedFill(ignored.Unsqueeze(1), double.NegativeInfinity).Max(2);
    }
}
