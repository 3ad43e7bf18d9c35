using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>A record, sorted by what a reader looks for: the settings, the arms, the results.</summary>
internal sealed class RunView
{
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
        Continued = [.. events.OfType<Continued>().GroupBy(c => (c.Prompt, c.IsOfTest)).Select(g => g.Last())];
        TextsCompared = [.. events.OfType<TextsCompared>().GroupBy(c => (c.A, c.B, c.Metric)).Select(g => g.Last())];
        TextsJudged = [.. events.OfType<TextsJudged>().GroupBy(c => (c.A, c.B)).Select(g => g.Last())];
        TeacherSaid = events.OfType<TeacherSaid>().LastOrDefault();
        Cascade = events.OfType<CascadeChosen>().LastOrDefault();
        Exports = [.. events.OfType<ExportMeasured>().GroupBy(e => (e.Arm, e.Form)).Select(g => g.Last())];
        Licences = events.OfType<LicencesStated>().LastOrDefault();
        Notes = [.. events.OfType<RunNote>().Select(n => n.Text).Distinct()];
        Problems = record.Problems;
        Stages = [.. Names(events).Where(n => Arms.OwnerOf(n) is not null).Select(n => new ArmView(n, events))];
        var comparisons = events.OfType<Comparison>().ToArray();
        Verdict = comparisons.LastOrDefault(c => c.A == Arms.Student && c.B == Arms.Control);
        Baselines = [.. comparisons.Where(c => c is { A: Arms.Student, B: Arms.AllLabels or Arms.FromScratch or Arms.Untrained } or { A: Arms.AllLabels, B: Arms.Control } or { A: Arms.Control, B: Arms.FromScratch })
            .GroupBy(c => (c.A, c.B)).Select(g => g.Last())];
        Sharing = comparisons.LastOrDefault(c => c.A == Arms.Student && c.B == Arms.Single);
        Gap = comparisons.LastOrDefault(c => c.A == Arms.Teacher && c.B == Arms.Student);
        string[] names = [.. Names(events).Where(n => Arms.OwnerOf(n) is null && n is not (Arms.Teacher or Arms.Student or Arms.Single) && !Arms.IsBaseline(n))];
        Members = [.. names.Where(n => Arms.MemberName(n) is not null).Select(name => new ArmView(name, events))];
        Between = [.. names.Where(n => Arms.MemberName(n) is null).Select(name => new ArmView(name, events, StagesOf(name)))];
        ArmView[] order = [.. Members, new(Arms.Teacher, events), .. Between, new(Arms.Student, events, StagesOf(Arms.Student)), new(Arms.Control, events), new(Arms.AllLabels, events), new(Arms.FromScratch, events), new(Arms.Untrained, events), new(Arms.Single, events)];
        Models = [.. order.Where(a => !a.IsEmpty)];
        Models = [.. Models.Select(a => Arms.IsBaseline(a.Name) ? AsStudent(a, events) : a)];
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

    /// <summary>The texts that the models wrote after test prompts, two by two.</summary>
    public IReadOnlyList<TextsCompared> TextsCompared { get; }

    /// <summary>Whose texts a judge preferred.</summary>
    public IReadOnlyList<TextsJudged> TextsJudged { get; }

    /// <summary>What a teacher behind an API said of a few texts; null: there is no such teacher.</summary>
    public TeacherSaid? TeacherSaid { get; }

    /// <summary>The cascade of student and teacher; null: none was asked for.</summary>
    public CascadeChosen? Cascade { get; }

    /// <summary>What was exported, as it was measured in ONNX Runtime: the teacher, the student, each form of it.</summary>
    public IReadOnlyList<ExportMeasured> Exports { get; }

    /// <summary>The licences of what the student was made of; null where nothing was exported.</summary>
    public LicencesStated? Licences { get; }

    /// <summary>The task.</summary>
    public TaskLook Task => MainMetric == "ndcg@10" ? TaskLook.Ranking : TaskLook.For(Data?.Task ?? Started?.Task);

    public IReadOnlyList<string> Notes { get; }

    public IReadOnlyList<string> Problems { get; }

    /// <summary>The members of an ensemble, teacher, those between, student, control and the baselines beside it, and the student of this task alone: those that there are.</summary>
    public IReadOnlyList<ArmView> Models { get; }

    /// <summary>The teachers that the teacher is made of; empty where it is one.</summary>
    public IReadOnlyList<ArmView> Members { get; }

    /// <summary>Assistants and earlier generations, in the order in which they learned.</summary>
    public IReadOnlyList<ArmView> Between { get; }

    /// <summary>The stages before an arm's last one.</summary>
    public IReadOnlyList<ArmView> Stages { get; }

    public ArmView? Teacher => Arm(Arms.Teacher);

    /// <summary>What the teacher is called within a sentence.</summary>
    public string TeacherWord => Teacher is { IsEnsemble: true } ? "ensemble" : "teacher";

    public ArmView? Student => Arm(Arms.Student);

    public ArmView? Control => Arm(Arms.Control);

    /// <summary>The same student on all labels, without the teacher; null where none are hidden.</summary>
    public ArmView? AllLabels => Arm(Arms.AllLabels);

    /// <summary>Of a student that begins with its teacher's weights: a control with newly drawn ones.</summary>
    public ArmView? FromScratch => Arm(Arms.FromScratch);

    /// <summary>The control and the baselines beside it that were trained, in the order of their curves.</summary>
    public IEnumerable<ArmView> Trained => new[] { Control, AllLabels, FromScratch }.OfType<ArmView>();

    /// <summary>The comparisons with what stands beside the control: student against all-labels, from-scratch and untrained, and what these are against the control.</summary>
    public IReadOnlyList<Comparison> Baselines { get; }

    /// <summary>The student trained on this task alone; null where there is one task.</summary>
    public ArmView? Single => Arm(Arms.Single);

    /// <summary>The student of several tasks against that of this one alone.</summary>
    public Comparison? Sharing { get; }

    /// <summary>Student against control.</summary>
    public Comparison? Verdict { get; }

    /// <summary>Teacher against student.</summary>
    public Comparison? Gap { get; }

    /// <summary>The metric that the run is about.</summary>
    public string MainMetric =>
        Verdict?.Metric ?? Gap?.Metric ?? Models.SelectMany(a => a.Finished).Select(f => f.MetricName).OfType<string>().FirstOrDefault() ?? "accuracy";

    /// <summary>A class's name, or its number where the record names none.</summary>
    public string ClassName(int index) =>
        Data is not null && (uint)index < (uint)Data.Classes.Count && Data.Classes[index].Length > 0
            ? Data.Classes[index]
            : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private ArmView? Arm(string name) => Models.FirstOrDefault(a => a.Name == name);

    /// <summary>The stages of an arm but its last, in training order.</summary>
    public IReadOnlyList<ArmView> StagesOf(string arm) => [.. Stages.Where(s => Arms.OwnerOf(s.Name) == arm)];

    /// <summary>All arms that were trained or measured, in the order of the record.</summary>
    private static IEnumerable<string> Names(IReadOnlyList<RunEvent> events) => events.Select(e => e switch
    {
        ArmStarted started => started.Arm,
        ModelDescribed described => described.Role,
        Evaluated evaluated => evaluated.Arm,
        _ => null,
    }).OfType<string>().Distinct();

    /// <summary>The control and its like are the same student, and learn as long: what is known of the one's model and length holds for the others'.</summary>
    private ArmView AsStudent(ArmView control, IReadOnlyList<RunEvent> events) => new(control.Name, events)
    {
        Model = control.Model ?? Student?.Model,
        Length = StagesOf(Arms.Student).Count > 0 && Student!.Length.Steps == control.Length.Steps ? Student.Length : control.Length,
    };
}
