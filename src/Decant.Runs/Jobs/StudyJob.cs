using System.Text;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Files;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Jobs;

/// <summary>How a study is run, beside what it says.</summary>
internal sealed record StudyOptions
{
    /// <summary>The study's folder; runs that are done in it are not run again.</summary>
    public required string Out { get; init; }

    /// <summary>The seeds to run now, for others may run elsewhere at the same time; null: all of the study's.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>The command as the user typed it, for the reports of the runs.</summary>
    public string Command { get; init; } = "";
}

/// <summary>Runs a recipe in several variants and compares their students with the control and with the first of them, on one test split.</summary>
internal sealed class StudyJob(Catalog catalog)
{
    /// <summary>Runs what is not done yet and compares; null where runs of other seeds are still to be done.</summary>
    /// <param name="study">What is compared.</param>
    /// <param name="options">Where, and which part of it.</param>
    /// <param name="progress">Gets every event of every run, and which run begins.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint; the same command resumes.</param>
    public StudyResult? Run(Study study, StudyOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        using var runs = new StudyRuns(catalog, study, options.Out);
        var now = options.Seeds ?? study.Seeds;
        if (now.FirstOrDefault(s => !study.Seeds.Contains(s), -1) is >= 0 and var unknown)
            throw new DecantException($"The study {study.Name} has no seed {unknown}; it has {string.Join(", ", study.Seeds)}.");
        foreach (var variant in study.Variants)
            StudyRuns.CheckTest(variant, runs.RecipeOf(variant, now[0]), runs.RecipeOf(study.Variants[0], now[0])); // faults of the last variant come before the first is trained

        foreach (var step in StudyPlan.Of(study).Steps.OfType<VariantStep>().Where(s => now.Contains(s.Seed!.Value) && !runs.IsDone(s.Variant, s.Seed.Value)))
        {
            progress?.Report(new RunNote { Text = $"{study.Name}: seed {step.Seed}, variant {step.Number + 1} of {study.Variants.Count}, {step.Variant.Name}" });
            runs.Run(step.Variant, step.Seed!.Value, options.Command, progress, cancellationToken);
        }

        return study.Seeds.All(seed => study.Variants.All(v => runs.IsDone(v, seed))) ? Compare(study, runs, options.Out, progress, cancellationToken) : null;
    }

    private StudyResult Compare(Study study, StudyRuns runs, string root, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var recipe = FetchedModels.Of(catalog.Fetching, runs.RecipeOf(study.Variants[0], study.Seeds[0]), null, cancellationToken);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var others = new List<PreparedData>(); // of variants that read their samples in another way
        try
        {
            return Compare(study, runs, root, recipe, data, DataOf, progress, cancellationToken);
        }
        finally
        {
            others.ForEach(o => o.Dispose());
        }

        PreparedData DataOf(StudyVariant variant)
        {
            var own = FetchedModels.Of(catalog.Fetching, runs.RecipeOf(variant, study.Seeds[0]), null, cancellationToken);
            if (Equals(own.Input, recipe.Input) && Equals(own.Data, recipe.Data))
                return data;
            others.Add(DataPreparation.Prepare(catalog, own, cancellationToken));
            return others[^1];
        }
    }

    private static StudyResult Compare(Study study, StudyRuns runs, string root, Recipe recipe, PreparedData data, Func<StudyVariant, PreparedData> dataOf, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var paired = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.ConfidenceLevel };
        var teacher = recipe.Teachers is null && data.MeasuresTeacher ? Answers(study.Variants[0], Arms.Teacher) : []; // an ensemble is no model of its own
        var reference = new[] { Arms.Control, Arms.Untrained }.FirstOrDefault(arm => runs.Has(study.Variants[0], arm));
        var baselines = Baselines();
        var first = Answers(study.Variants[0], Arms.Student);
        TaskAnswers[][] students = [first, .. study.Variants.Skip(1).Select(variant => Answers(variant, Arms.Student))];
        var compared = study.Variants.Select((variant, i) => (Index: i, Against: reference is null ? null : baselines.FirstOrDefault(b => b.Of == runs.ReferenceOf(variant) && b.Arm == reference).Answers)).Where(c => c.Against is not null).ToArray();
        var againstControl = compared.Select(c => c.Index).Zip(StudyText.Differences([.. compared.Select(c => PairedDifference.Of(students[c.Index], c.Against!, paired))])).ToDictionary(c => c.First, c => c.Second);
        var againstFirst = StudyText.Differences([.. students.Skip(1).Select(s => PairedDifference.Of(s, first, paired))]);
        var result = new StudyResult
        {
            Name = study.Name,
            About = study.About,
            Seeds = study.Seeds,
            Metric = first[0].Headline.Name,
            Teacher = !data.MeasuresTeacher ? null : recipe.Teachers is null ? FigureOf(teacher) : Recorded(Arms.Teacher, first[0].Headline.Name),
            Reference = reference,
            Baselines = baselines.ToDictionary(b => b.Of == study.Variants[0] ? b.Arm : $"{b.Arm}, {b.Of.Name}", b => FigureOf(b.Answers)),
            Confidence = paired.Confidence,
            Remarks = Remarks(),
            Rows = [.. study.Variants.Select((_, i) => Row(i))],
            Sizes = StudySizes.Of(study, variant => runs.Folder(variant, study.Seeds[0]), first[0].Headline.Name),
        };
        AtomicFile.Write(Path.Combine(root, "study.json"), Encoding.UTF8.GetBytes(StudyText.Json(result) + "\n"));
        AtomicFile.Write(Path.Combine(root, "study.md"), Encoding.UTF8.GetBytes(StudyText.Markdown(result)));
        return result;

        StudyRow Row(int i)
        {
            var figure = FigureOf(students[i]);
            return new StudyRow
            {
                Name = study.Variants[i].Name,
                Figure = figure,
                Text = StudyText.Value(first[0].Headline, figure),
                AgainstControl = againstControl.GetValueOrDefault(i),
                AgainstFirst = i == 0 ? null : againstFirst[i - 1],
                TrainingSeconds = study.Seeds.Average(seed => Seconds(runs.Folder(study.Variants[i], seed))),
            };
        }

        string[] Remarks()
        {
            var trivial = new TrivialAnswerTests(data);
            var control = baselines.FirstOrDefault(b => b.Arm == Arms.Control && b.Of == study.Variants[0]).Answers ?? [];
            foreach (var (arm, seeds) in new[] { (Arms.Teacher, teacher), (Arms.Control, control) })
                foreach (var answers in seeds)
                    _ = trivial.Test(arm, answers);
            return [.. new[] { TeacherText.IsTest(recipe) ? TeacherText.Remark : null, trivial.ShortfallOf(Arms.Teacher)?.Sentence(Arms.Teacher), trivial.ShortfallOf(Arms.Control)?.Sentence(Arms.Control) }.OfType<string>()];
        }

        // Control and baselines of the first variant, then of those that have their own.
        List<(StudyVariant Of, string Arm, TaskAnswers[] Answers)> Baselines() =>
        [
            .. study.Variants.Where(variant => runs.ReferenceOf(variant) == variant)
                .SelectMany(variant => new[] { Arms.Control, Arms.AllLabels, Arms.FromScratch, Arms.Untrained }.Where(arm => runs.Has(variant, arm)).Select(arm => (variant, arm, Answers(variant, arm)))),
        ];

        TaskAnswers[] Answers(StudyVariant variant, string arm)
        {
            var own = dataOf(variant);
            progress?.Report(new RunNote { Text = $"{study.Name}: comparing, {variant.Name}: {arm} on the test split" });
            if (arm == Arms.Teacher && own.Chat is { } said)
            {
                using var answered = own.Answered(said);
                return [.. study.Seeds.Select(_ => Ask(answered, own, isTeacher: false, cancellationToken))];
            }

            return [.. study.Seeds.Select(seed => Ask(Path.Combine(runs.Folder(variant, seed), arm), own, arm == Arms.Teacher, cancellationToken))];
        }

        // The figures that the runs of the first variant wrote.
        Figure Recorded(string arm, string metric) => Figure.Of([.. study.Seeds.Select(seed => RunRecord.Read(RunFolder.Open(runs.Folder(study.Variants[0], seed)).Record).Events.OfType<Evaluated>().Last(e => e.Arm == arm && e.Split == "test").Metrics[metric])]);
    }

    private static TaskAnswers Ask(string folder, PreparedData data, bool isTeacher, CancellationToken cancellationToken)
    {
        using var model = ModelFolder.Load(folder);
        return Ask(model, data, isTeacher, cancellationToken);
    }

    // A teacher may read the samples in a form of its own.
    private static TaskAnswers Ask(Model model, PreparedData data, bool isTeacher, CancellationToken cancellationToken)
    {
        model.Eval();
        var read = isTeacher ? data.OfTeacher : data;
        var questions = EvaluationTasks.OfTest(data, read) with { Thresholds = ChosenThresholds.Of(model, read, null, cancellationToken) };
        return Predictor.Ask(model, read.Once(read.Test), questions, null, cancellationToken);
    }

    private static Figure FigureOf(TaskAnswers[] answers) => Figure.Of([.. answers.Select(a => a.Metrics()[a.Headline.Name])]);

    private static double Seconds(string folder) =>
        RunRecord.Read(RunFolder.Open(folder).Record).Events.OfType<ArmFinished>().Where(e => e.Arm != Arms.Teacher && !Arms.IsBaseline(e.Arm)).Sum(e => e.Seconds);
}
