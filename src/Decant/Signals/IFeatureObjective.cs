namespace Decant.Signals;

/// <summary>An objective that compares inner values of both models.</summary>
public interface IFeatureObjective : IObjective
{
    /// <summary>The paths that it reads of the student; <see cref="StudentOutput.Features"/> has them.</summary>
    IReadOnlyList<string> StudentFeatures { get; }

    /// <summary>The paths that it reads of the teacher; <see cref="TeacherSignal.Features"/> has them.</summary>
    IReadOnlyList<string> TeacherFeatures { get; }
}
