using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;

namespace Decant.Runs.Planning;

/// <summary>What the steps of a plan hand to each other.</summary>
internal interface IStepInputs
{
    /// <summary>A model as it is by now: made, or with the weights that earlier steps gave it. It stays its owner's.</summary>
    Model this[ModelKey key] { get; }

    /// <summary>The teacher of a student in one of its stages, as an <see cref="AskStep"/> has it ready.</summary>
    ITeacher Answers(string step, DistillSection stage);

    /// <summary>Takes a remark on how a model was made.</summary>
    void Note(ModelKey key, string text);
}

/// <summary>How a model of a plan is made.</summary>
/// <param name="Key">Which model.</param>
/// <param name="Make">Makes it as it begins, the same each time.</param>
internal sealed record PlannedModel(ModelKey Key, Func<IStepInputs, Model> Make)
{
    /// <summary>The models that it is made of, which live as long as it does.</summary>
    public IReadOnlyList<ModelKey> Parts { get; init; } = [];

    /// <summary>Releases what is its own; its parts are released by themselves.</summary>
    public Action<Model> Release { get; init; } = model => model.Dispose();

    /// <summary>Whether it is a teacher's, so that the one that was made for a look at the plan is the one that the run begins with.</summary>
    public bool IsTeacher { get; init; }

    /// <summary>The task that it is for; null: several.</summary>
    public PreparedTask? Task { get; init; }
}
