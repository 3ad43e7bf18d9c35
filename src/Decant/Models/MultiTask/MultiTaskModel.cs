using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.MultiTask;

/// <summary>
/// Several models, one per task, around one trunk: a batch passes through the trunk and the head of its task (Caruana 1997; Liu 2019, "Multi-Task Deep Neural
/// Networks for Natural Language Understanding", section 3). Each of the models is a plain one of its family, and is measured and saved as such.
/// </summary>
/// <remarks>A parameter of the trunk stands once, under the name that the first task's model gives it.</remarks>
internal sealed class MultiTaskModel : Model
{
    private readonly OrderedDictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>A model of models that share a trunk.</summary>
    /// <param name="models">A model per task, at least one; the second and those after it as <see cref="ModelConfig.BuildOn"/> made them of the first. Owned from now on.</param>
    /// <exception cref="ArgumentException">There is no model, or they share nothing.</exception>
    public MultiTaskModel(IEnumerable<KeyValuePair<string, Model>> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        foreach (var (task, model) in models)
            _models.Add(task, RegisterModule(task, model));
        if (_models.Count == 0)
            throw new ArgumentException("There is no task.", nameof(models));
        SharedParameterCount = Shared([.. _models.Values]);
        if (SharedParameterCount == 0)
            throw new ArgumentException($"The models of {string.Join(", ", _models.Keys)} share no parameter: they have no trunk in common.", nameof(models));
    }

    /// <summary>The tasks in order.</summary>
    public IReadOnlyList<string> Tasks => _models.Keys;

    /// <summary>How many parameters all tasks have in common; <see cref="Module.ParameterCount"/> counts them once.</summary>
    public long SharedParameterCount { get; }

    /// <inheritdoc/>
    public override string Kind => _models.GetAt(0).Value.Kind;

    /// <summary>The classes of all tasks together.</summary>
    public override int Classes => _models.Values.Sum(m => m.Classes);

    /// <summary>The plain model of a task: the trunk and its head. Stays this model's.</summary>
    /// <exception cref="ArgumentException">There is no such task.</exception>
    public Model Of(string task) => _models.TryGetValue(task, out var model)
        ? model
        : throw new ArgumentException($"There is no task '{task}'; there are {string.Join(", ", _models.Keys)}.", nameof(task));

    /// <summary>The logits of a batch of one task.</summary>
    /// <param name="input">With its <see cref="ModelInput.Task"/>.</param>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Of(input.Task ?? throw new ArgumentException("A model of several tasks needs to know which of them a batch is of.", nameof(input))).Forward(input);
    }

    /// <summary>Operations of one sample of the costliest task.</summary>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var most = 0L;
        foreach (var model in _models.Values)
            most = Math.Max(most, model.FlopsPerSample(sampleShape));
        return most;
    }

    private static long Shared(IReadOnlyList<Model> models)
    {
        var common = new HashSet<Tensor>(models[0].NamedParameters().Select(p => p.Value), ReferenceEqualityComparer.Instance);
        foreach (var model in models.Skip(1))
            common.IntersectWith(model.NamedParameters().Select(p => p.Value).ToHashSet<Tensor>(ReferenceEqualityComparer.Instance));
        return common.Sum(p => p.ElementCount);
    }
}
