namespace Decant.Reports;

/// <summary>A record, sorted by what a reader asks: what was it, who took part, what came out.</summary>
internal sealed class RunView
{
    private static readonly string[] Order = [Arms.Teacher, Arms.Student, Arms.Control, Arms.Single];

    public RunView(RunRecord record)
    {
        var events = record.Events;
        Started = events.OfType<RunStarted>().LastOrDefault();
        Begin = events.OfType<RunStarted>().FirstOrDefault()?.Time;
        Finished = events.OfType<RunFinished>().LastOrDefault();
        Resumed = [.. events.OfType<Resumed>()];
        Data = events.OfType<DataDescribed>().LastOrDefault();
        ClassGroups = events.OfType<ClassGroupsCompared>().LastOrDefault();
        Changed = events.OfType<SamplesChanged>().LastOrDefault();
        ChangedSentences = events.OfType<SentencesChanged>().LastOrDefault();
        Continued = [.. events.OfType<Continued>().GroupBy(c => c.Prompt).Select(g => g.Last())];
        Notes = [.. events.OfType<Noted>().Select(n => n.Text).Distinct()];
        Problems = record.Problems;
        WarmUp = new ArmView(Arms.WarmUp, events);
        var comparisons = events.OfType<Compared>().ToArray();
        Verdict = comparisons.LastOrDefault(c => c.A == Arms.Student && c.B == Arms.Control);
        Sharing = comparisons.LastOrDefault(c => c.A == Arms.Student && c.B == Arms.Single);
        Gap = comparisons.LastOrDefault(c => c.A == Arms.Teacher && c.B == Arms.Student);
        Members = [.. events.Select(ArmOf).OfType<string>().Where(name => Arms.MemberName(name) is not null).Distinct().Select(name => new ArmView(name, events))];
        Models = [.. Members, .. Order.Select(name => new ArmView(name, events)).Where(a => !a.IsEmpty)];
        Control = WithStudentsModel(Arm(Arms.Control), events);
        if (Control is not null)
            Models = [.. Models.Select(a => a.Name == Control.Name ? Control : a)];
    }

    public RunStarted? Started { get; }

    public DateTimeOffset? Begin { get; }

    public RunFinished? Finished { get; }

    /// <summary>Each time that the run went on after it was stopped.</summary>
    public IReadOnlyList<Resumed> Resumed { get; }

    public DataDescribed? Data { get; }

    /// <summary>Frequent and rare classes; null where they are about equal.</summary>
    public ClassGroupsCompared? ClassGroups { get; }

    public SamplesChanged? Changed { get; }

    public SentencesChanged? ChangedSentences { get; }

    /// <summary>How the models went on from each prompt.</summary>
    public IReadOnlyList<Continued> Continued { get; }

    /// <summary>What was learnt.</summary>
    public TaskLook Task => TaskLook.For(Data?.Task ?? Started?.Task);

    public IReadOnlyList<string> Notes { get; }

    public IReadOnlyList<string> Problems { get; }

    /// <summary>The members of an ensemble, teacher, student, control, and the student of this task alone: those that there are.</summary>
    public IReadOnlyList<ArmView> Models { get; }

    /// <summary>The teachers that the teacher is made of; empty where it is one.</summary>
    public IReadOnlyList<ArmView> Members { get; }

    public ArmView WarmUp { get; }

    public ArmView? Teacher => Arm(Arms.Teacher);

    /// <summary>What the teacher is called within a sentence.</summary>
    public string TeacherWord => Teacher is { IsEnsemble: true } ? "ensemble" : "teacher";

    public ArmView? Student => Arm(Arms.Student);

    public ArmView? Control { get; }

    /// <summary>The student that learnt this task alone; null where there is one task.</summary>
    public ArmView? Single => Arm(Arms.Single);

    /// <summary>The student of several tasks against that of this one alone.</summary>
    public Compared? Sharing { get; }

    /// <summary>Student against control.</summary>
    public Compared? Verdict { get; }

    /// <summary>Teacher against student.</summary>
    public Compared? Gap { get; }

    /// <summary>The metric that the run is about.</summary>
    public string MainMetric =>
        Verdict?.Metric ?? Gap?.Metric ?? Models.SelectMany(a => a.Finished).Select(f => f.MetricName).OfType<string>().FirstOrDefault() ?? "accuracy";

    /// <summary>A class's name, or its number where the record names none.</summary>
    public string ClassName(int index) =>
        Data is not null && (uint)index < (uint)Data.Classes.Count && Data.Classes[index].Length > 0
            ? Data.Classes[index]
            : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string? ArmOf(RunEvent happened) => happened switch
    {
        ModelDescribed model => model.Role,
        ArmStarted started => started.Arm,
        _ => null,
    };

    private ArmView? Arm(string name) => Models.FirstOrDefault(a => a.Name == name);

    /// <summary>The control is the same student: what is known of the one's model holds for the other's.</summary>
    private ArmView? WithStudentsModel(ArmView? control, IReadOnlyList<RunEvent> events) =>
        control is null || control.Model is not null ? control : new ArmView(control.Name, events) { Model = Student?.Model };
}
