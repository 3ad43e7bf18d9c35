using Decant.Modules;

namespace Decant.Signals;

/// <summary>
/// An objective with weights of its own, such as a projection from the student's width to the teacher's: trained with the student by the same optimizer, clipped and
/// decayed with it, written into checkpoints, and left behind when the student is exported.
/// </summary>
public interface ITrainedObjective : IObjective
{
    /// <summary>The weights.</summary>
    Module Trained { get; }
}
