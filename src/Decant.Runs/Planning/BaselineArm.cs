using Decant.Modules;

namespace Decant.Runs.Planning;

/// <summary>A model that the student is compared with: the control, or a baseline beside it.</summary>
/// <param name="Name">Its arm.</param>
/// <param name="New">Makes it as it begins; the caller disposes it.</param>
/// <param name="Training">How such a model is trained; null where it is measured as it is.</param>
internal sealed record BaselineArm(string Name, Func<Model> New, Func<Model, Arm?> Training);
