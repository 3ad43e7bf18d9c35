using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Σ |weight · gradient| over units' weights, summed over batches: how much the loss would change without the unit, to first order.</summary>
internal sealed class TaylorScores : IScoreCollector, IDisposable
{
    private readonly KeyValuePair<string, Tensor>[] _parameters;
    private readonly bool[] _required;
    private readonly ModelTask _task;
    private readonly IWeightSums _sums;

    /// <summary>Of a model; until it is disposed, the model's parameters gather gradients.</summary>
    /// <exception cref="DecantException">The task has no loss of its own.</exception>
    public TaylorScores(Model model, IWeightSums sums, ModelConfig config)
    {
        (_task, _sums) = (config.Task, sums);
        if (_task == ModelTask.Embedding)
            throw new DecantException("student.from-teacher.importance: 'taylor' takes the gradient of a loss, and a model of vectors has no loss without another to compare with. Say importance: activation or magnitude.");
        _parameters = [.. model.NamedParameters()];
        _required = Array.ConvertAll(_parameters, p => p.Value.RequiresGrad);
        model.RequireGrad(true);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Paths => [];

    /// <inheritdoc/>
    public bool NeedsGradients => true;

    /// <inheritdoc/>
    public void Add(IReadOnlyDictionary<string, Tensor> features, Tensor logits, Batch batch)
    {
        using var scope = TensorScope.Open();
        (_task switch { ModelTask.Regression => SquaredError(logits, batch), ModelTask.MultiLabel => BinaryCrossEntropy(logits, batch), _ => CrossEntropy(logits, batch) }).Backward();
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, weight) in _parameters)
        {
            using var inner = TensorScope.Open();
            if (weight.Grad is not { } gradient)
                continue;
            _sums.Add(name, weight.Mul(gradient).Abs());
            weight.Grad = null;
        }
    }

    /// <inheritdoc/>
    public UnitScores AddTo(UnitScores scores)
    {
        var measured = _sums.ToScores(sum => sum);
        return measured with { Layers = scores.Layers };
    }

    /// <summary>The parameters are as they were before.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            _parameters[i].Value.Grad = null;
            _parameters[i].Value.RequiresGrad = _required[i];
        }
    }

    // [R, C] and [R]; a row without a label takes the likeliest class.
    private static Tensor CrossEntropy(Tensor logits, Batch batch)
    {
        var isLabelled = batch.Labels.NotEqualTo(Batch.NoLabel);
        var classes = Tensor.Where(isLabelled, batch.Labels, logits.Detach().ArgMax(1));
        return logits.LogSoftmax(1).Gather(1, classes.Unsqueeze(1)).Mean().Neg();
    }

    // [R, C] twice; a row without labels takes those that it is likelier to have than not.
    private static Tensor BinaryCrossEntropy(Tensor logits, Batch batch)
    {
        var wanted = Tensor.Where(batch.Labels.IsNaN(), logits.Detach().Greater(0).To(DType.Float32), batch.Labels);
        return (logits.Softplus() - (logits * wanted)).Mean();
    }

    // [R, C] twice; what is not a number has no label.
    private static Tensor SquaredError(Tensor predicted, Batch batch)
    {
        if (batch.LabelledCount == 0)
            throw new DecantException("student.from-teacher.importance: 'taylor' takes the gradient of a regression's error, and the calibration samples have no labels. Say importance: activation or magnitude.");
        var isMissing = batch.Labels.IsNaN();
        return predicted.Sub(Tensor.Where(isMissing, predicted.Detach(), batch.Labels)).Square().Sum().Div(batch.LabelledCount);
    }
}
