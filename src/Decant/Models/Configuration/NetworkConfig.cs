using System.Text.Json.Serialization;

namespace Decant.Models.Configuration;

/// <summary>Settings of the networks that have no published layout: the last linear layer answers with classes, with numbers, or with a vector.</summary>
internal abstract record NetworkConfig : ModelConfig
{
    private static readonly ModelTask[] s_tasks = [ModelTask.Classification, ModelTask.MultiLabel, ModelTask.Regression, ModelTask.Embedding];

    /// <summary>D, how many numbers an embedding has; 0 in other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int OutputSize { get; init; }

    /// <inheritdoc/>
    public override string Architecture => Task switch
    {
        ModelTask.Classification => Network,
        ModelTask.Regression => Network + ModelTasks.RegressionSuffix,
        ModelTask.MultiLabel => Network + ArchitectureTask.MultiLabelSuffix,
        _ => Network + Task.Suffix(),
    };

    /// <summary>The network's name in architectures, like <c>Mlp</c>.</summary>
    internal abstract string Network { get; }

    /// <summary>How many numbers the last layer answers with.</summary>
    internal int Outputs => Task.HasClasses() ? Classes : OutputSize;

    private protected override IReadOnlyList<ModelTask> Tasks => s_tasks;

    private protected override void CheckTask(ConfigFaults faults) => faults.Unless(
        (Task == ModelTask.Embedding) == (OutputSize > 0),
        Task == ModelTask.Embedding ? $"output_size, the width of an embedding, is {OutputSize}; at least 1 is needed: say 'dimensions', or give a teacher whose width it takes"
            : $"output_size is {OutputSize}, but it is for embeddings; leave it out");
}
