using Decant.Evaluation;
using Decant.Evaluation.Language;
using Decant.Evaluation.Tokens;
using Decant.Evaluation.Verdicts;
using Decant.Runs.Comparing;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>Made-up runs of the tasks other than classification: what was answered is made up, every figure is measured by the real metrics.</summary>
internal sealed record MadeUpTask(string Name, string Task, string About, Func<int, TaskAnswers> Answers)
{
    public static IReadOnlyList<MadeUpTask> All { get; } =
    [
        new("wikitext-lstm", "causal-lm", "A two-layer LSTM teaches a smaller one to write.", MadeUpTexts.Language),
        new("wnut17-ner", "token-classification", "Which words name a person, a place, a group, a work or a product?", MadeUpTexts.Tags),
        new("sts-b", "regression", "How alike are two sentences, from 0 to 5?", MadeUpTexts.Numbers),
        new("sentence-space", "embedding", "Sentences into the teacher's space.", MadeUpTexts.Vectors),
    ];

    public RunRecord ToRecord() => RunRecord.From(Events().Select((e, i) => e with { Time = MadeUpRun.Begin.AddSeconds(i) }));

    private IEnumerable<RunEvent> Events()
    {
        yield return new RunStarted
        {
            Name = Name,
            About = About,
            Task = Task,
            Seeds = [1],
            DecantVersion = "0.1.0",
            Command = $"decant distill recipes/language/{Name}.yaml",
            Recipe = $"name: {Name}\ntask: {Task}\n",
            Machine = new Machine { Cpu = "AMD EPYC 7763", Cores = 2, Threads = 2, Os = "Debian GNU/Linux 12", Libtorch = "1.13.1", Blas = "OpenBLAS 0.3.21 (pthread)" },
        };
        var teacher = Answers(0);
        yield return new DataDescribed
        {
            Source = $"data/{Name}",
            Classes = Task == "token-classification" ? MadeUpTexts.TagNames : [],
            Splits = new Dictionary<string, long> { ["train"] = 20_000, ["validation"] = 1_000, ["test"] = teacher.Count },
        };
        yield return new ModelDescribed { Role = Arms.Teacher, Kind = "encoder", Summary = "6 layers of 256", Parameters = 5_312_020, Bytes = 21_248_080, Flops = 304_000_000 };
        yield return new ModelDescribed { Role = Arms.Student, Kind = "encoder", Summary = "2 layers of 128", Parameters = 562_452, Bytes = 2_249_808, Flops = 4_700_000 };
        string[] arms = [Arms.Teacher, Arms.Student, Arms.Control];
        foreach (var (arm, k) in arms.Select((a, k) => (a, k)))
            foreach (var e in Training(arm, Answers(k)))
                yield return e;
        var answers = arms.Select((a, k) => Answers(k)).ToArray();
        foreach (var (arm, k) in arms.Select((a, k) => (a, k)))
        {
            yield return answers[k].Evaluate(k == 0 ? null : teacher).ToEvent(arm, 1, "test") with { Scatter = Scatter.Of(answers[k]) };
            var ms = k == 0 ? 5.83 : 0.62;
            yield return new LatencyResult(arm, LatencyStats.From([ms * 0.97, ms, ms * 1.12]), LatencyStats.From([ms * 11])).ToEvent();
        }

        var verdict = PairedDifference.Of([answers[1]], [answers[2]]);
        yield return verdict.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(verdict));
        var gap = PairedDifference.Of([answers[0]], [answers[1]]);
        yield return gap.ToEvent(Arms.Teacher, Arms.Student, VerdictSentence.Kept(gap));
        if (teacher is TokenAnswers)
            yield return ChangedSentences.Of(arms.Select((a, k) => (a, k)).ToDictionary(a => a.a, a => new List<TaskAnswers> { answers[a.k] }), id => MadeUpTexts.Sentence((int)id));
        if (teacher is LanguageAnswers)
            foreach (var continued in MadeUpTexts.Continuations)
                yield return continued;
        yield return new RunFinished { Seconds = 1341.7 };
    }

    private static IEnumerable<RunEvent> Training(string arm, TaskAnswers end)
    {
        const int Epochs = 6, Steps = 100;
        yield return new ArmStarted { Arm = arm, Seed = 1, Epochs = Epochs, Steps = Steps * Epochs, Objectives = arm == Arms.Student ? "0.9 · soft-targets + 0.1 · labels" : "1 · labels" };
        for (var step = 10; step <= Steps * Epochs; step += 10)
        {
            var left = Math.Exp(-step / 120.0);
            yield return new StepTaken { Arm = arm, Seed = 1, Step = step, Epoch = Math.Ceiling(step / 100.0), Loss = 1.2 + 4 * left + 0.03 * (step * 7 % 11), LearningRate = 0.001, SamplesPerSecond = 900 };
            if (step % Steps == 0)
                yield return new Validated { Arm = arm, Seed = 1, Step = step, Epoch = step / 100.0, Metrics = end.Metrics().ToDictionary(m => m.Key, m => m.Value * (Metric.Find(m.Key).HigherIsBetter ? 1 - 0.6 * left : 1 + 0.5 * left)) };
        }

        yield return new ArmFinished { Arm = arm, Seed = 1, Seconds = 410, BestStep = 600, BestMetric = end.Metrics()[end.Headline.Name], MetricName = end.Headline.Name, Stopped = "all epochs were done" };
    }
}
