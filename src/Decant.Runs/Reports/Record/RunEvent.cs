using System.Globalization;
using System.Text.Json.Serialization;

namespace Decant.Runs.Reports.Record;

/// <summary>One line of a run's record: something that happened, with everything that a report needs of it.</summary>
/// <remarks>
/// Shares are from 0 to 1, times in seconds unless the name says milliseconds, sizes in bytes. Readers skip events and members that they do not know, so
/// both may be added; none may change its meaning.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(DataDescribed), "data-described")]
[JsonDerivedType(typeof(ModelDescribed), "model-described")]
[JsonDerivedType(typeof(ArmStarted), "arm-started")]
[JsonDerivedType(typeof(StepTaken), "step")]
[JsonDerivedType(typeof(Validated), "validation")]
[JsonDerivedType(typeof(ArmFinished), "arm-finished")]
[JsonDerivedType(typeof(AnswersAsked), "answers")]
[JsonDerivedType(typeof(Evaluated), "evaluation")]
[JsonDerivedType(typeof(LatencyMeasured), "latency")]
[JsonDerivedType(typeof(Comparison), "comparison")]
[JsonDerivedType(typeof(ExportMeasured), "export")]
[JsonDerivedType(typeof(LicencesStated), "licences")]
[JsonDerivedType(typeof(ClassGroupsCompared), "class-groups")]
[JsonDerivedType(typeof(SamplesChanged), "changed-samples")]
[JsonDerivedType(typeof(SentencesChanged), "changed-sentences")]
[JsonDerivedType(typeof(Continued), "continuation")]
[JsonDerivedType(typeof(TextsMeasured), "texts")]
[JsonDerivedType(typeof(TextsCompared), "texts-compared")]
[JsonDerivedType(typeof(TextsJudged), "texts-judged")]
[JsonDerivedType(typeof(TeacherSaid), "teacher-said")]
[JsonDerivedType(typeof(CascadeChosen), "cascade")]
[JsonDerivedType(typeof(RunNote), "note")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(RunFinished), "run-finished")]
public abstract record RunEvent
{
    /// <summary>When it happened, UTC; the writer sets it unless it is set.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }

    /// <summary>The task that it is about, in a run of several; null: the run as a whole.</summary>
    public string? TaskName { get; init; }
}

/// <summary>The names of the arms of a run.</summary>
public static class Arms
{
    /// <summary>The teacher.</summary>
    public const string Teacher = "teacher";

    /// <summary>The student's imitation of the teacher before distillation proper.</summary>
    public const string WarmUp = "warm-up";

    /// <summary>The student, distilled.</summary>
    public const string Student = "student";

    /// <summary>The same student without the teacher.</summary>
    public const string Control = "control";

    /// <summary>The same student without the teacher, on all labels of the training split: on those too that are hidden from student and control.</summary>
    public const string AllLabels = "all-labels";

    /// <summary>Of a student that begins with its teacher's weights: a control with newly drawn weights.</summary>
    public const string FromScratch = "from-scratch";

    /// <summary>Of a student that begins with its teacher's weights: as it is before any training.</summary>
    public const string Untrained = "untrained";

    /// <summary>Whether an arm is a model that the student is compared with: the control, or one that stands beside it.</summary>
    /// <param name="arm">The arm.</param>
    public static bool IsBaseline(string arm) => arm is Control or AllLabels or FromScratch or Untrained;

    /// <summary>In a run of several tasks: the same student, distilled for one task alone.</summary>
    public const string Single = "single";

    /// <summary>A model between teacher and student: <c>assistant-1</c>.</summary>
    /// <param name="number">From 1, from the teacher on.</param>
    public static string Assistant(int number) => string.Create(CultureInfo.InvariantCulture, $"assistant-{number}");

    /// <summary>A student that taught a later one: <c>generation-1</c>.</summary>
    /// <param name="number">From 1.</param>
    public static string Generation(int number) => string.Create(CultureInfo.InvariantCulture, $"generation-{number}");

    /// <summary>What an arm learns before its last stage: <c>student.representations</c>. The last stage has the name of the arm.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="stage">The name of the stage.</param>
    public static string OfStage(string arm, string stage) => arm == Student && stage == WarmUp ? WarmUp : $"{arm}.{stage}";

    /// <summary>The arm that a name is a stage of; null where it is an arm itself.</summary>
    /// <param name="name">Such as <c>student.representations</c>.</param>
    public static string? OwnerOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (MemberName(name) is not null)
            return null;
        return name == WarmUp ? Student : name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? name[..dot] : null;
    }

    private const string MemberPrefix = Teacher + "-";

    /// <summary>One of several teachers; <see cref="Teacher"/> is all of them together.</summary>
    /// <param name="name">Its name in the recipe.</param>
    public static string Member(string name) => MemberPrefix + name;

    /// <summary>The name in the recipe of one of several teachers; null for any other arm.</summary>
    /// <param name="arm">The arm.</param>
    public static string? MemberName(string arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return arm.StartsWith(MemberPrefix, StringComparison.Ordinal) ? arm[MemberPrefix.Length..] : null;
    }
}
