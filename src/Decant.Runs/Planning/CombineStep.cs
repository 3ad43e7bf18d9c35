using Decant.Runs.Preparing;

namespace Decant.Runs.Planning;

/// <summary>Makes trained teachers one: learns how much each counts where that is learned, and describes the ensemble.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Model">The ensemble.</param>
/// <param name="Of">The task.</param>
/// <param name="Members">Its members, with the folder of each.</param>
/// <param name="Folder">Where it is described, relative to the run's folder.</param>
internal sealed record CombineStep(string Id, ModelKey Model, PreparedTask Of, IReadOnlyList<(string Arm, string Folder)> Members, string Folder) : RunStep(Id)
{
    /// <summary>What the ensemble is made of; the models lie in folders of their own.</summary>
    public const string FileName = "ensemble.json";

    /// <summary>The gate's weights.</summary>
    public const string GateName = "gate.safetensors";

    public override string Words => "combine the teachers";
}
