using Decant.Compression.Quantization;
using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Measures a model on the test split; only its answers outlive the model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Of">The task.</param>
/// <param name="Model">The model.</param>
/// <param name="Teacher">The teacher that is asked along where answers are compared with its own; null: none is.</param>
internal sealed record EvaluateStep(string Id, PreparedTask Of, ModelKey Model, ModelKey? Teacher) : RunStep(Id)
{
    /// <summary>The form whose numbers the model learned with, if its activations are rounded too; null: it answers with its weights alone.</summary>
    public QuantizationOptions? RoundedAs { get; init; }

    /// <summary>The model's folder, relative to the run's, where ranges of activations lie.</summary>
    public string? Folder { get; init; }

    public override string Words => $"evaluate the {Model.Arm} on the test split";
}

/// <summary>Times the models of a seed in turn.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Of">The task.</param>
/// <param name="Models">Which.</param>
internal sealed record LatencyStep(string Id, PreparedTask Of, IReadOnlyList<ModelKey> Models) : RunStep(Id)
{
    public override string Words => "measure the latency";
}

/// <summary>Lets the language models of a seed continue the recipe's prompts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Of">The task.</param>
/// <param name="Models">Which.</param>
internal sealed record ContinueStep(string Id, PreparedTask Of, IReadOnlyList<ModelKey> Models) : RunStep(Id)
{
    public override string Words => "continue the prompts";
}
