namespace Decant.Objectives.Features;

/// <summary>A value of the student and that of the teacher which it is compared with, by path; of several, a mixture.</summary>
/// <param name="Student">The student's.</param>
/// <param name="Teachers">The teacher's, at least one.</param>
internal sealed record FeaturePair(string Student, IReadOnlyList<string> Teachers)
{
    /// <summary>One with one.</summary>
    public FeaturePair(string student, string teacher) : this(student, [teacher])
    {
    }
}
