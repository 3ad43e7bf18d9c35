using Decant.Modules;

namespace Decant.Runs.Planning;

/// <summary>A model that the student is compared with: the control, or a baseline beside it.</summary>
/// <param name="Name">Its arm.</param>
/// <param name="New">Makes it as it begins, of the seed and the teacher of the student's first generation; the caller disposes it.</param>
/// <param name="Training">How such a model is trained, of the seed, the model and the student's teacher; null where it is measured as it is.</param>
internal sealed record BaselineArm(string Name, Func<long, Model, Model> New, Func<long, Model, Model, Arm?> Training);
