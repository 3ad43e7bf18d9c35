using Decant.Evaluation;
using Decant.Evaluation.Verdicts;
using Decant.Runs.Comparing;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>A made-up run whose figures hang together: three models simulated on one test set, measured by the real metrics.</summary>
internal sealed record MadeUpRun
{
    public static readonly DateTimeOffset Begin = new(2026, 3, 14, 9, 26, 0, TimeSpan.Zero);

    public string Name { get; init; } = "quickstart";

    public string About { get; init; } = "Which .NET assembly does this piece of API documentation come from?";

    public string[] Classes { get; init; } = MadeUpWords.Assemblies;

    public string[] Texts { get; init; } = MadeUpWords.Summaries;

    public string Source { get; init; } = "dotnet-docs, the reference packs of SDK 10.0";

    public int TestSamples { get; init; } = 2400;

    public int Epochs { get; init; } = 6;

    public long[] Seeds { get; init; } = [1];

    public bool WithControl { get; init; } = true;

    public bool WithTeacher { get; init; } = true;

    public bool Images { get; init; }

    /// <summary>The training samples of each class, where they are very unequal.</summary>
    public int[] Counts { get; init; } = [];

    public double TeacherSkill { get; init; } = 5.3;

    public double StudentSkill { get; init; } = 5.0;

    public double ControlSkill { get; init; } = 4.9;

    public RunRecord ToRecord() => RunRecord.From(Events().Select((e, i) => e with { Time = Begin.AddSeconds(i) }));

    public IEnumerable<RunEvent> Events()
    {
        yield return Started();
        yield return new DataDescribed
        {
            Source = Source,
            Classes = Classes,
            DuplicatesRemoved = 4211,
            StudentLabels = 1000,
            Splits = new Dictionary<string, long> { ["train"] = 14_280, ["validation"] = 1_680, ["test"] = TestSamples },
        };
        foreach (var e in Models().Concat(Training()).Concat(Results()))
            yield return e;
        yield return new RunNote { Text = "The test split has no sample of 1 of 20 classes (17): ROC AUC leaves it out." };
        yield return new TeacherSaid { Teacher = "a-model at api.example.com", Answered = 4_821, Abstained = 2, Texts = [new("What is <b>this</b>?", "definition 91 %, number 6 %", null), new("这是什么？", "I would rather not say.", "prose")] };
        yield return new Resumed { Arm = Arms.Student, Seed = 1, Step = 1200, Command = "decant distill --resume runs/x" };
        yield return new RunFinished { Seconds = 341.7 };
    }

    private RunStarted Started() => new()
    {
        Name = Name,
        About = About,
        Task = "classification",
        Seeds = Seeds,
        DecantVersion = "0.1.0",
        Command = $"decant distill recipes/{Name}.yaml --set seed=1",
        Recipe = MadeUpWords.Recipe,
        Machine = new Machine { Cpu = "AMD EPYC 7763", Cores = 2, Threads = 2, Os = "Debian GNU/Linux 12", Libtorch = "1.13.1", Blas = "OpenBLAS 0.3.21 (pthread)" },
    };

    private IEnumerable<string> ArmNames() => new[] { Arms.Teacher, Arms.Student, Arms.Control }.Where(a => (a != Arms.Control || WithControl) && (a != Arms.Teacher || WithTeacher));

    private IEnumerable<RunEvent> Models()
    {
        if (WithTeacher)
            yield return new ModelDescribed { Role = Arms.Teacher, Kind = "encoder", Summary = "encoder, 4 layers of 256", Parameters = 5_312_020, Bytes = 21_248_080, Flops = 304_000_000 };
        yield return new ModelDescribed { Role = Arms.Student, Kind = "textcnn", Summary = "text CNN, 64 filters of 3, 4, 5", Parameters = 562_452, Bytes = 2_249_808, Flops = 4_700_000 };
    }

    private IEnumerable<RunEvent> Training()
    {
        foreach (var arm in ArmNames())
            foreach (var seed in arm == Arms.Teacher ? Seeds[..1] : Seeds)
            {
                var random = new Random(((int)seed * 31) + arm.Length);
                var end = arm == Arms.Teacher ? 0.94 : arm == Arms.Student ? 0.915 : 0.885;
                var objectives = arm == Arms.Student ? "0.9 soft-targets (τ = 2) + 0.1 labels" : "labels";
                if (arm == Arms.Student)
                    yield return new AnswersAsked { Purpose = AnswersAsked.TeacherAnswers, Arm = arm, Seed = seed, Samples = 7168, Total = 7168, Seconds = 9.5, IsComplete = true };
                yield return new ArmStarted { Arm = arm, Seed = seed, Epochs = Epochs, Steps = 224 * Epochs, Objectives = objectives };
                for (var step = 8; step <= 224 * Epochs; step += 8)
                {
                    var t = step / (224.0 * Epochs);
                    var loss = (arm == Arms.Student ? 2.2 : 2.9) * Math.Exp(-4 * t) + 0.18 + 0.09 * random.NextDouble();
                    yield return new StepTaken
                    {
                        Arm = arm,
                        Seed = seed,
                        Step = step,
                        Epoch = Math.Ceiling(step / 224.0),
                        Loss = loss,
                        LearningRate = 0.002 * (1 - t),
                        SamplesPerSecond = 5200,
                        Parts = new Dictionary<string, double> { ["soft-targets"] = loss * 0.8, ["labels"] = loss * 1.4 },
                        Settings = arm == Arms.Student ? new Dictionary<string, double> { ["soft-targets/temperature"] = 8 - 6 * t } : new Dictionary<string, double>(),
                    };
                    if (step % 224 == 0)
                        yield return Validation(arm, seed, step, end - 0.35 * Math.Exp(-5 * t) + 0.008 * (random.NextDouble() - 0.5), t);
                }
                yield return new ArmFinished { Arm = arm, Seed = seed, Seconds = 96, BestStep = 224 * Epochs, BestMetric = end, MetricName = "accuracy", Stopped = "all epochs done" };
            }
    }

    private static Validated Validation(string arm, long seed, int step, double accuracy, double t) => new()
    {
        Arm = arm,
        Seed = seed,
        Step = step,
        Epoch = step / 224.0,
        Metrics = new Dictionary<string, double> { ["accuracy"] = accuracy, ["nll"] = 3.2 * (1 - accuracy) + (arm == Arms.Control ? 0.25 * t * t : 0.02) },
    };

    private IEnumerable<RunEvent> Results()
    {
        var models = new MadeUpModels(Classes.Length, TestSamples);
        var teacher = models.Predict(TeacherSkill, seed: 1, model: 1);
        Predictions[] students = [.. Seeds.Select(s => models.Predict(StudentSkill, s, model: 2))];
        Predictions[] controls = [.. Seeds.Select(s => models.Predict(ControlSkill, s, model: 3))];
        var groups = ClassGroup.Of(Counts);
        var answers = new Dictionary<string, List<TaskAnswers>>();
        foreach (var arm in ArmNames())
        {
            var runs = arm == Arms.Teacher ? [teacher] : arm == Arms.Student ? students : controls;
            for (var i = 0; i < runs.Length; i++)
                yield return ModelEvaluation.Of(runs[i], arm == Arms.Teacher || !WithTeacher ? null : teacher).With(groups, runs[i]).ToEvent(arm, Seeds[i], "test");
            answers[arm] = [.. runs];
            var ms = arm == Arms.Teacher ? 5.83 : 0.62;
            yield return new LatencyResult(arm, LatencyStats.From([ms * 0.97, ms, ms * 1.12]), LatencyStats.From([ms * 11])).ToEvent();
        }
        if (WithControl)
        {
            var d = PairedDifference.OfAccuracy(students, controls);
            yield return d.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(d));
        }
        if (WithTeacher)
        {
            var gap = PairedDifference.OfAccuracy([teacher], students);
            yield return gap.ToEvent(Arms.Teacher, Arms.Student, VerdictSentence.Kept(gap));
        }
        if (ClassGroups.Compare(groups, answers, new PairedOptions()) is { } compared)
            yield return compared;
        yield return Changed(teacher, students[0], controls[0]);
    }

    private SamplesChanged Changed(Predictions teacher, Predictions student, Predictions control)
    {
        var all = Enumerable.Range(0, teacher.Count).ToArray();
        int[] lost = [.. all.Where(i => teacher.IsCorrect(i) && !student.IsCorrect(i))];
        int[] won = [.. all.Where(i => student.IsCorrect(i) && !teacher.IsCorrect(i))];
        ChangedSample Sample(int i, int n) => new()
        {
            Text = Images ? null : Texts[n % Texts.Length],
            Image = Images ? MadeUpWords.Picture(i) : null,
            Label = teacher.Labels[i],
            Teacher = WithTeacher ? teacher.Answers[i] : null,
            Student = student.Answers[i],
            Control = WithControl ? control.Answers[i] : null,
        };
        return new SamplesChanged
        {
            Lost = [.. lost.Take(6).Select(Sample)],
            Won = [.. won.Take(6).Select((i, n) => Sample(i, n + 6))],
            LostCount = lost.Length,
            WonCount = won.Length,
        };
    }
}

/// <summary>Models that see the same hard and easy samples, and confuse neighbouring classes.</summary>
internal sealed class MadeUpModels
{
    private readonly int _classes;
    private readonly int[] _labels;
    private readonly double[] _hardness;
    private readonly float[] _common;

    public MadeUpModels(int classes, int samples)
    {
        var random = new Random(31);
        _classes = classes;
        _labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(classes))];
        _hardness = [.. Enumerable.Range(0, samples).Select(i => 2.6 * Math.Pow(random.NextDouble(), 2) + 0.06 * (_labels[i] % 7))];
        _common = [.. Enumerable.Range(0, samples * classes).Select(_ => (float)Normal(random))];
    }

    public Predictions Predict(double skill, long seed, int model)
    {
        var random = new Random((int)(1000 * seed + model));
        var logits = new float[_common.Length];
        for (var i = 0; i < _labels.Length; i++)
            for (var c = 0; c < _classes; c++)
            {
                var near = Math.Abs(c - _labels[i]) == 1 && _classes > 2 ? 1.1 : 0;
                var right = c == _labels[i] ? skill - _hardness[i] - (model == 3 ? 0.25 * (c % 3) : 0) : near;
                logits[i * _classes + c] = (float)(1.7 * (right + 0.8 * _common[i * _classes + c] + 0.6 * Normal(random)));
            }
        return new Predictions(logits, _classes, _labels, [.. Enumerable.Range(0, _labels.Length).Select(i => (ulong)i)]);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
