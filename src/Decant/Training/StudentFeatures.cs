using Decant.Modules;
using Decant.Signals;

namespace Decant.Training;

/// <summary>What the objectives of a training read beside logits: it is requested from both models until this is disposed.</summary>
internal sealed class StudentFeatures : IDisposable
{
    private readonly IFeatureTeacher? _teacher;
    private readonly FeaturePaths? _paths;

    public StudentFeatures(TrainingPlan plan, IEnumerable<NamedObjective> objectives)
    {
        IFeatureObjective[] readers = [.. objectives.Select(o => o.Objective).OfType<IFeatureObjective>()];
        if (readers.Length == 0)
            return;
        _paths = new FeaturePaths(plan.Student, readers.SelectMany(o => o.StudentFeatures));
        _teacher = plan.Teacher as IFeatureTeacher;
        _teacher?.RequestFeatures([.. readers.SelectMany(o => o.TeacherFeatures).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Records the student's forward pass; null where nothing is read of it.</summary>
    public ActivationRecorder? Record() => _paths?.Record();

    public void Dispose() => _teacher?.RequestFeatures([]);
}
