using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Local;

/// <summary>A model in this process as a teacher: frozen, in evaluation mode, without gradients.</summary>
public sealed class LocalTeacher : IFeatureTeacher, IChunkedHeadTeacher, ICarriesState
{
    private readonly Model _model;
    private readonly bool _owns;
    private readonly OutputHead? _head;
    private readonly RecurrentState? _state;
    private readonly Tensor[] _views = [];
    private FeaturePaths? _features;

    /// <summary>Freezes a model and makes it teach.</summary>
    /// <param name="model">The model; its dropout is switched off and its parameters take no gradients from now on.</param>
    /// <param name="classNames">The classes in the order of its logits; empty where the task has none.</param>
    /// <param name="tokenizerHash">The hash of the tokenizer that it reads text with; null for other inputs.</param>
    /// <param name="owns">Disposes the model with the teacher; true.</param>
    /// <param name="vocabulary">
    /// V, how many tokens the tokenizer of a language model has. Published models have more rows than that, filled up to a round number: those are left out of the
    /// answer. Null: all are kept.
    /// </param>
    /// <param name="carriesState">Whether a recurrent model keeps its state from one batch to the next; false.</param>
    /// <exception cref="DecantException">The model answers with another number of classes, or with fewer tokens than there are.</exception>
    public LocalTeacher(Model model, IReadOnlyList<string> classNames, string? tokenizerHash = null, bool owns = true, int? vocabulary = null, bool carriesState = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count > 0 && model.Classes != classNames.Count)
            throw new DecantException($"The teacher has {model.Classes} outputs, but {classNames.Count} classes are named.");
        if (vocabulary > model.Classes)
            throw new DecantException($"The teacher has {model.Classes} output tokens, and its tokenizer has {vocabulary}: they do not belong together.");
        _model = model;
        _owns = owns;
        _state = carriesState ? new RecurrentState() : null;
        _head = (model as ChunkedHeadModel)?.Head;
        if (vocabulary < model.Classes && _head is { } whole)
        {
            using var suspended = TensorScope.Suspend(); // the views live as long as the teacher
            _head = whole.First(vocabulary.Value);
            _views = [_head.Value.Weight, .. _head.Value.Bias is { } bias ? new[] { bias } : []];
        }

        _model.Eval();
        _model.RequireGrad(false);
        Offer = new TeacherOffer(model is IForeignModel ? SignalKinds.DenseLogits : SignalKinds.DenseLogits | SignalKinds.Features, classNames, tokenizerHash) { Outputs = vocabulary ?? model.Classes };
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <summary>The model, where it is one that can write texts; null: it is not.</summary>
    internal ICausalModel? Writer => _model as ICausalModel;

    /// <summary>The model's.</summary>
    public Device? Device => _model.Device;

    /// <summary>Whether answering reads weights and writes nothing, as it does where no state is carried and no other library computes the model.</summary>
    public bool IsConcurrent => _state is null && _model is not IForeignModel;

    /// <inheritdoc/>
    internal OutputHead? Head => _head;

    /// <inheritdoc/>
    OutputHead? IChunkedHeadTeacher.Head => Head;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => Asked(
        input => _head is { } head ? IChunkedHeadTeacher.AnswerOf(StatesOf(batch, input), head) : new DenseLogits(_model.Forward(input)), batch, cancellationToken);

    /// <inheritdoc/>
    internal ChunkedHeadLogits States(Batch batch, CancellationToken cancellationToken = default) => _head is { } head
        ? Asked(input => new ChunkedHeadLogits(StatesOf(batch, input), head), batch, cancellationToken)
        : throw new InvalidOperationException($"'{_model.Kind}' has no head apart from its states.");

    /// <inheritdoc/>
    ChunkedHeadLogits IChunkedHeadTeacher.States(Batch batch, CancellationToken cancellationToken) => States(batch, cancellationToken);

    /// <inheritdoc/>
    public FeatureMap Features(Batch batch) => FeatureMap.Of("The teacher", _model, batch);

    /// <inheritdoc/>
    public void RequestFeatures(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _features = paths.Count == 0 ? null : new FeaturePaths(_model, paths);
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => _state?.Restore(state);

    // Features are those of whole batches.
    private Tensor StatesOf(Batch batch, ModelInput input) => _features is null ? LengthGroups.States((ChunkedHeadModel)_model, batch, input) : ((ChunkedHeadModel)_model).States(input);

    private T Asked<T>(Func<ModelInput, T> answer, Batch batch, CancellationToken cancellationToken)
        where T : TeacherSignal
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_model.IsTrainingAnywhere)
            throw new InvalidOperationException("The teacher was switched to training mode while it taught.");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();                // hands out the answer, and nothing that was made on the way
        using var recorder = _features?.Record();
        var given = answer(batch.ToInput(_state));
        foreach (var tensor in given.Tensors)
            scope.Keep(tensor);
        return given with
        {
            StateAfter = Remembered(scope),
            Features = recorder?.Features.ToDictionary(f => f.Key, f => scope.Keep(f.Value), StringComparer.Ordinal) ?? [],
        };
    }

    private Dictionary<string, Tensor> Remembered(TensorScope scope) =>
        _state?.Named.ToDictionary(s => s.Key, s => scope.Keep(s.Value.Clone()), StringComparer.Ordinal) ?? [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _state?.Dispose();
        foreach (var view in _views)
            view.Dispose();
        if (_owns)
            _model.Dispose();
    }
}
