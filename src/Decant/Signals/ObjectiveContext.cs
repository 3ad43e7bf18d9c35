using Decant.Torch;

namespace Decant.Signals;

/// <summary>The training that an objective is made for: its models and sizes.</summary>
public sealed record ObjectiveContext
{
    private readonly Lazy<FeatureMap> _student = new(() => FeatureMap.None("The student"));
    private readonly Lazy<FeatureMap> _teacher = new(() => FeatureMap.None("The teacher"));

    /// <summary>A training that nothing is known of.</summary>
    public ObjectiveContext()
    {
    }

    /// <summary>A training.</summary>
    /// <param name="student">Finds the student's inner values when an objective first looks.</param>
    /// <param name="teacher">Finds the teacher's.</param>
    public ObjectiveContext(Func<FeatureMap> student, Func<FeatureMap> teacher) => (_student, _teacher) = (new(student), new(teacher));

    /// <summary>The inner values of the student.</summary>
    public FeatureMap Student => _student.Value;

    /// <summary>The inner values of the teacher.</summary>
    public FeatureMap Teacher => _teacher.Value;

    /// <summary>
    /// How many labelled training samples (or labelled words) each class has in an epoch, in the order of the classes: what is drawn, where sampling draws classes more
    /// often or less. Empty where there are no classes.
    /// </summary>
    public IReadOnlyList<long> ClassCounts { get; init; } = [];

    /// <summary>How many samples the student learns from; 0 where unknown.</summary>
    public int Samples { get; init; }

    /// <summary>How many numbers the student and the teacher answer with; null where unknown.</summary>
    public (int Student, int Teacher)? Outputs { get; init; }

    /// <summary>The teacher's answers [R, D] float32 for the first samples, as many as asked for or all; the caller disposes them. Null: there is no teacher to ask.</summary>
    public Func<int, Tensor>? TeacherAnswers { get; init; }

    /// <summary>The least and the greatest number that the training samples want, over all outputs; null where they want none.</summary>
    public (double Least, double Most)? Numbers { get; init; }

    /// <summary>Where weights of the objective's own are drawn from; null: libtorch's generator.</summary>
    public Generator? Generator { get; init; }
}
