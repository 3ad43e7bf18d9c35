using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Makes a model and trains it, or one stage of that, or takes it as it was loaded.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Model">The model.</param>
/// <param name="Name">Its name in the record: that of the arm, or of one of its stages.</param>
internal sealed record TrainStep(string Id, ModelKey Model, string Name) : RunStep(Id)
{
    /// <summary>The task of the model; null of one that learns several at once.</summary>
    public PreparedTask? Of { get; init; }

    /// <summary>What is trained, given the models that the step uses; nothing where the model stays as it was made.</summary>
    public required Func<IStepInputs, TrainedArm?> Training { get; init; }

    /// <summary>Whether the model is a teacher's.</summary>
    public bool IsTeacher { get; init; }

    /// <summary>Whether all seeds have the same model.</summary>
    public bool IsShared { get; init; }

    /// <summary>Where the weights lie afterwards, relative to the run's folder.</summary>
    public required string Weights { get; init; }

    /// <summary>The models of the result that it leaves, of one task or of several; none after a stage with others behind it.</summary>
    public IReadOnlyList<SavedModel> Saves { get; init; } = [];

    /// <summary>The arm that the weights begin as a part of; null: they are its own.</summary>
    public string? StartsFrom { get; init; }

    /// <summary>What its checkpoints and its weights are kept under.</summary>
    public string Key => TrainedArm.KeyOf(Task, Name);

    public override string Words => $"train the {Key}";
}

/// <summary>A model that is written as a folder of the result.</summary>
/// <param name="Task">What it is for.</param>
/// <param name="Model">Which model.</param>
/// <param name="Folder">Where, relative to the run's folder.</param>
internal sealed record SavedModel(PreparedTask Task, ModelKey Model, string Folder);
