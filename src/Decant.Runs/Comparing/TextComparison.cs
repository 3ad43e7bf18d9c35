using Decant.Evaluation;
using Decant.Evaluation.Texts;
using Decant.Evaluation.Verdicts;
using Decant.Models.Generation;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Comparing;

/// <summary>What the language models of a run write after prompts of the test split: measured, compared over the seeds, and judged. Of the models only their texts are kept.</summary>
/// <param name="task">The task.</param>
/// <param name="session">The run.</param>
/// <param name="asking">How a judge is reached.</param>
internal sealed class TextComparison(PreparedTask task, RunSession session, ChatAsking asking)
{
    private const int Shown = 4;

    private readonly Recipe _recipe = task.Recipe;
    private readonly RunLog _log = session.Log.For(task.Name);
    private readonly Dictionary<string, List<WrittenTexts>> _texts = [];
    private TextWriting? _writing;

    /// <summary>The task, where there are several.</summary>
    public string? Task => task.Name;

    private TextWriting Writing => _writing ??= new(task.Data, _recipe.Evaluate.Generation!);

    private PairedOptions Options => new() { Resamples = _recipe.Evaluate.Bootstrap, Confidence = _recipe.Evaluate.ConfidenceLevel, Seed = (ulong)_recipe.RunSeeds()[0] };

    /// <summary>Lets a model write, and writes its figures; a run that is resumed after that reads the texts that were left.</summary>
    public void Write(GenerateStep step, IStepInputs models, CancellationToken cancellationToken)
    {
        var (arm, file, isNew) = (step.Model.Arm, Path.Combine(session.Folder.Root, step.File), false);
        WrittenTexts? texts = null;
        session.Once(step.Id, () =>
        {
            (texts, isNew) = (Generate(step, models, cancellationToken), true);
            if (texts is null)
                return;
            TextsFile.Write(file, texts);
            Describe(arm, step.Model.Seed, texts);
        });
        texts ??= isNew ? null : TextsFile.Read(file, Writing.Prompts.Prompts) ?? Generate(step, models, cancellationToken);
        if (texts is null)
            return; // the record says so
        if (!_texts.TryGetValue(arm, out var seeds))
            _texts[arm] = seeds = [];
        seeds.Add(texts);
    }

    /// <summary>Compares the student's texts with those of its control and its teacher, and shows some texts of all.</summary>
    public void Compare()
    {
        if (_texts.Count == 0)
            return;
        foreach (var prompt in Enumerable.Range(0, Math.Min(Shown, Writing.Prompts.Prompts.Count)).Select(i => i * Writing.Prompts.Prompts.Count / Math.Min(Shown, Writing.Prompts.Prompts.Count)))
        {
            var (words, truth) = Writing.Prompts.Prompts[prompt];
            _log.Write(new Continued { Prompt = words, Truth = truth, IsOfTest = true, Continuations = _texts.ToDictionary(t => t.Key, t => t.Value[0].Texts[prompt].Text) });
        }

        foreach (var (a, b) in new[] { (Arms.Student, Arms.Control), (Arms.Teacher, Arms.Student) })
        {
            if (_texts.TryGetValue(a, out var first) && _texts.TryGetValue(b, out var second))
                foreach (var metric in WrittenTexts.Compared)
                    _log.Write(Comparison(a, b, metric, PairedDifference.Of(Scores(first, metric), Scores(second, metric), Options) with { Metric = metric }));
        }
    }

    /// <summary>Asks the judge.</summary>
    public void Judge(JudgeTextsStep step, CancellationToken cancellationToken)
    {
        if (!_texts.TryGetValue(step.A, out var first) || !_texts.TryGetValue(step.B, out var second))
            return;
        var judge = TextJudge.Of(step.Judge, asking);
        var watch = new AnswerProgress(_log.Show, new() { Purpose = $"{AnswersAsked.Judged} {step.B}", Arm = step.A, Seed = _recipe.RunSeeds()[0] });
        var said = judge.Judge(first[0], second[0], (done, all) => watch.Report(done, all, done / (double)all), cancellationToken);
        foreach (var remark in said.Remarks)
            _log.Note(remark);
        var confidence = _recipe.Evaluate.ConfidenceLevel;
        var (low, high) = said.Rate.Interval(confidence);
        _log.Write(new TextsJudged
        {
            Judge = judge.Name,
            A = step.A,
            B = step.B,
            Wins = said.Rate.Wins,
            Ties = said.Rate.Ties,
            Losses = said.Rate.Losses,
            Identical = said.Identical,
            Disagreed = said.Disagreed,
            Unusable = said.Unusable,
            Unasked = said.Unasked,
            Rate = said.Rate.Count == 0 ? null : said.Rate.Rate,
            Low = low,
            High = high,
            Confidence = confidence,
            Sentence = WinSentence.Of(step.A, step.B, said.Rate, confidence),
        });
    }

    private WrittenTexts? Generate(GenerateStep step, IStepInputs models, CancellationToken cancellationToken)
    {
        var (model, measured) = (models[step.Model], step.Measured);
        using var rounded = Rounding.ToEvaluate(model, measured.Of.Data, measured.RoundedAs, measured.Folder is { } folder ? Path.Combine(session.Folder.Root, folder) : null);
        var texts = Writing.Write(model, new(_log.Show, new() { Purpose = AnswersAsked.Texts, Arm = step.Model.Arm, Seed = step.Model.Seed }), cancellationToken);
        if (texts is null)
            _log.Note($"evaluate.generation: the {step.Model.Arm}, {(model is Decant.Modules.IForeignModel ? "which another program runs" : $"of kind '{model.Kind}'")}, does not write texts here: its column lacks the figures of generated texts.");
        return texts;
    }

    private void Describe(string arm, long seed, WrittenTexts texts)
    {
        var options = _recipe.Evaluate.Generation!;
        var limited = texts.Texts.Count(t => t.End == GenerationEnd.MaxTokens);
        _log.Write(new TextsMeasured
        {
            Arm = arm,
            Seed = seed,
            Samples = texts.Texts.Count,
            Empty = texts.Empty,
            AtModelLimit = limited,
            MaxNewTokens = options.MaxNewTokens,
            SamplingTemperature = options.SamplingTemperature,
            Metrics = texts.Metrics(),
        });
        if (texts.Empty > 0)
            _log.Note(FormattableString.Invariant($"{arm}, seed {seed}: {(texts.Empty == texts.Texts.Count ? $"all {texts.Empty:N0}" : $"{texts.Empty:N0} of {texts.Texts.Count:N0}")} generated texts are empty: the model ended them at once, or wrote white space alone."));
        if (limited > 0)
            _log.Note(FormattableString.Invariant($"{arm}, seed {seed}: {limited:N0} of {texts.Texts.Count:N0} generated texts end before evaluate.generation.max-new-tokens ({options.MaxNewTokens:N0}), for the model reads no more with their prompts."));
    }

    private static double[][] Scores(List<WrittenTexts> seeds, Metric metric) => [.. seeds.Select(texts => texts.Scores(metric))];

    private static TextsCompared Comparison(string a, string b, Metric metric, PairedDifference difference) => new()
    {
        A = a,
        B = b,
        Metric = metric.Name,
        Difference = difference.Difference,
        Low = difference.Low,
        High = difference.High,
        Confidence = difference.Confidence,
        Seeds = difference.Seeds,
        Samples = difference.Samples,
        Verdict = difference.Verdict.Name(),
        Sentence = $"Generated texts: {VerdictSentence.Models(difference, a, b)}",
    };
}
