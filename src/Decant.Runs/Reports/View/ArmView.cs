using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>Everything that a record says of one arm.</summary>
internal sealed class ArmView
{
    /// <param name="name">The arm.</param>
    /// <param name="events">The record.</param>
    /// <param name="before">The stages that it learned in before its last; null: none. Its curve begins with theirs.</param>
    public ArmView(string name, IReadOnlyList<RunEvent> events, IReadOnlyList<ArmView>? before = null)
    {
        Name = name;
        Model = events.OfType<ModelDescribed>().LastOrDefault(m => m.Role == name);
        Started = events.OfType<ArmStarted>().LastOrDefault(a => a.Arm == name);
        Finished = [.. events.OfType<ArmFinished>().Where(a => a.Arm == name)];
        AnswersAsked = [.. events.OfType<AnswersAsked>().Where(a => a.Arm == name && a is { Purpose: Decant.Runs.Reports.Record.AnswersAsked.TeacherAnswers, IsComplete: true })];
        Latency = events.OfType<LatencyMeasured>().LastOrDefault(l => l.Arm == name);
        Tests = [.. LastPer(events.OfType<Evaluated>().Where(e => e.Arm == name && e.Split == "test"), e => e.Seed)];
        Texts = [.. LastPer(events.OfType<TextsMeasured>().Where(t => t.Arm == name), t => t.Seed)];
        // A resumed run repeats the steps since its last checkpoint: what was written last is what the student is made of.
        Steps = [.. LastPer(events.OfType<StepTaken>().Where(s => s.Arm == name), s => (s.Seed, s.Step)).OrderBy(s => s.Step)];
        Validations = [.. LastPer(events.OfType<Validated>().Where(v => v.Arm == name), v => (v.Seed, v.Step)).OrderBy(v => v.Step)];
        var stages = before?.Select(s => s.Started).Append(Started).OfType<ArmStarted>().ToArray() ?? [];
        Length = stages.Length == 0 ? (Started?.Epochs ?? 0, Started?.Steps ?? 0) : (stages.Sum(s => s.Epochs), stages.Sum(s => s.Steps));
        if (before is not { Count: > 0 })
            return;
        Steps = [.. before.SelectMany((s, i) => s.Steps.Select(step => step with { Step = step.Step + StepsOf(before.Take(i), step.Seed) })),
            .. Steps.Select(step => step with { Step = step.Step + StepsOf(before, step.Seed) })];
        Validations = [.. before.SelectMany((s, i) => s.Validations.Select(v => v with { Step = v.Step + StepsOf(before.Take(i), v.Seed) })),
            .. Validations.Select(v => v with { Step = v.Step + StepsOf(before, v.Seed) })];
    }

    public string Name { get; }

    /// <summary>Whether it is several teachers that answer as one.</summary>
    public bool IsEnsemble => Name == Arms.Teacher && Model?.Kind == "ensemble";

    /// <summary>Whether it is a control that begins with the teacher's weights, and so knows what they know.</summary>
    public bool StartsFromTeacher => Name == Arms.Control && Model?.StartsFrom == Arms.Teacher;

    /// <summary>Its name as a heading.</summary>
    public string Title => IsEnsemble ? "Ensemble" : StartsFromTeacher ? $"{Words.Arm(Name)} ({Words.StartsFromTeacher})" : Words.Arm(Name);

    public ModelDescribed? Model { get; init; }

    public ArmStarted? Started { get; }

    public IReadOnlyList<ArmFinished> Finished { get; }

    /// <summary>The teacher's outputs computed for it before it was trained, per seed and, in a run that was resumed, per process.</summary>
    public IReadOnlyList<AnswersAsked> AnswersAsked { get; }

    /// <summary>How long it learns, in all of its stages.</summary>
    public (int Epochs, long Steps) Length { get; init; }

    public LatencyMeasured? Latency { get; init; }

    /// <summary>The evaluation on the test split, one per seed.</summary>
    public IReadOnlyList<Evaluated> Tests { get; }

    /// <summary>What it wrote after test prompts, one per seed.</summary>
    public IReadOnlyList<TextsMeasured> Texts { get; }

    public IReadOnlyList<StepTaken> Steps { get; }

    public IReadOnlyList<Validated> Validations { get; }

    public bool IsEmpty => Model is null && Started is null && Tests.Count == 0 && Validations.Count == 0 && Latency is null;

    /// <summary>Whether a table has anything to say of it.</summary>
    public bool HasFigures => Model is { IsRemote: false } || Tests.Count > 0 || Latency is not null;

    public Figure? Metric(string name)
    {
        double[] values = [.. Tests.Where(t => t.Metrics.ContainsKey(name)).Select(t => t.Metrics[name])];
        return values.Length == 0 ? null : Figure.Of(values);
    }

    public ModelFigures ToFigures() => new()
    {
        Name = Name,
        Title = Title,
        Parameters = Model?.Parameters,
        Bytes = Model?.Bytes,
        Flops = Model?.Flops,
        Metrics = AllMetrics(),
        Latency = Latency?.One,
        SamplesPerSecond = Latency?.SamplesPerSecond,
        Seeds = [.. Tests.Select(t => t.Seed)],
        Rows = Tests.Count > 0 ? Tests[0].Rows : null,
        Shortfall = Shortfall,
    };

    /// <summary>The answer without a model that it is not measurably better than, with some seed; null: none.</summary>
    public string? Shortfall => Tests.Select(t => t.TrivialAnswer).FirstOrDefault(b => b is { Beaten: false })?.Answer;

    private Dictionary<string, Figure> AllMetrics()
    {
        var metrics = new Dictionary<string, Figure>();
        foreach (var name in Tests.SelectMany(t => t.Metrics.Keys).Distinct())
            metrics[name] = Metric(name)!;
        foreach (var name in Texts.SelectMany(t => t.Metrics.Keys).Distinct())
            metrics[name] = Figure.Of([.. Texts.Where(t => t.Metrics.ContainsKey(name)).Select(t => t.Metrics[name])]);
        var agreements = Tests.Select(t => t.Agreement).OfType<TeacherAgreement>().ToArray();
        if (agreements.Length == 0)
            return metrics;
        metrics["same-answer"] = Figure.Of([.. agreements.Select(a => a.SameAnswer)]);
        metrics["mean-kl"] = Figure.Of([.. agreements.Select(a => a.MeanKl)]);
        return metrics;
    }

    /// <summary>The steps that some stages took of a seed; fewer than planned where one ended before its time.</summary>
    private static long StepsOf(IEnumerable<ArmView> stages, long seed) =>
        stages.Sum(s => s.Steps.Where(step => step.Seed == seed).Select(step => step.Step).DefaultIfEmpty(0).Max());

    private static IEnumerable<T> LastPer<T, TKey>(IEnumerable<T> events, Func<T, TKey> key) => events.GroupBy(key).Select(g => g.Last());
}
