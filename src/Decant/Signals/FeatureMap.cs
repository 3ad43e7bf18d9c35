using Decant.Data.Batching;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>The features (intermediate activations) that a model can give, by path, with their shapes.</summary>
public sealed class FeatureMap
{
    private readonly Module? _model;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<long>> _shapes;

    private FeatureMap(string owner, Module? model, ModelLayers layers, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes) =>
        (Owner, _model, Layers, _shapes) = (owner, model, layers, shapes);

    /// <summary>The model that has the values, as a sentence begins: "The student".</summary>
    public string Owner { get; }

    /// <summary>Where the model's layers are.</summary>
    public ModelLayers Layers { get; }

    /// <summary>Whether it reads texts from left to right, so that no token sees those behind it.</summary>
    public bool IsCausal { get; private init; }

    /// <summary>The paths of all values that a forward pass made, with the shape that each had for the batch that was tried.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => _shapes;

    /// <summary>A model that gives logits only.</summary>
    public static FeatureMap None(string owner) => new(owner, null, ModelLayers.None, new Dictionary<string, IReadOnlyList<long>>());

    /// <summary>Values without a model behind them.</summary>
    internal static FeatureMap Of(string owner, ModelLayers layers, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, bool isCausal = false) =>
        new(owner, null, layers, shapes) { IsCausal = isCausal };

    /// <summary>What a model makes of a batch; one forward pass in evaluation mode, of which only shapes are kept.</summary>
    /// <param name="owner">The model that has the values, as a sentence begins.</param>
    /// <param name="model">The model; it is in the mode afterwards in which it was.</param>
    /// <param name="batch">Any batch.</param>
    public static FeatureMap Of(string owner, Model model, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        var there = batch.To(model.Device);
        using var copy = ReferenceEquals(there, batch) ? null : there;
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var wasTraining = model.IsTraining;
        model.Eval();
        try
        {
            using var recorder = new FeaturePaths(model, FeaturePaths.Of(model)).Record();
            _ = model.Forward(there.ToInput());
            return new FeatureMap(owner, model, model.Layers, recorder.Features.ToDictionary(f => f.Key, f => (IReadOnlyList<long>)f.Value.Shape.ToArray(), StringComparer.Ordinal))
            {
                IsCausal = model is ICausalModel,
            };
        }
        finally
        {
            model.Train(wasTraining);
        }
    }

    /// <summary>The shape of a value for the batch that was tried; the first size is that of the batch, or R.</summary>
    /// <exception cref="DecantException">It gives logits only, has no such path, or nothing ran there.</exception>
    public IReadOnlyList<long> ShapeOf(string path)
    {
        if (_shapes.TryGetValue(path, out var shape))
            return shape;
        if (_model is null)
            throw new DecantException($"{Owner} gives logits only, and '{path}' was asked of it: use objectives of logits, or one that runs here as a model.");
        var known = FeaturePaths.Of(_model).ToArray();
        if (!known.Contains(path, StringComparer.Ordinal))
            throw new DecantException(FeaturePaths.Unknown(Owner, path, known));
        var below = _shapes.Keys.Where(k => k.StartsWith(path + ".", StringComparison.Ordinal)).ToArray();
        throw new DecantException(below.Length > 0
            ? $"{Owner}'s '{path}' is a group without an answer of its own; in it there are {string.Join(", ", below.Take(4).Select(b => $"'{b}'"))}{(below.Length > 4 ? " …" : "")}."
            : $"{Owner}'s '{path}' did not run in a forward pass: its weights are used by another module, or not for this task. 'decant inspect' lists what runs.");
    }
}
