using Decant.Evaluation;
using Decant.Evaluation.Texts;
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
/// <param name="judge">Who prefers one of two texts; null: nobody does.</param>
internal sealed class TextComparison(PreparedTask task, RunSession session, TextJudge? judge)
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
            {
                _log.Note($"evaluate.generation: the {arm}, of kind '{models[step.Model].Kind}', does not write texts here: its column lacks the figures of generated texts.");
                return;
            }

            TextsFile.Write(file, texts);
            _log.Write(TextEvents.Of(arm, step.Model.Seed, texts, _recipe.Evaluate.Generation!));
            foreach (var remark in TextEvents.Remarks($"{arm}, seed {step.Model.Seed}", texts, _recipe.Evaluate.Generation!))
                _log.Note(remark);
        });
        texts ??= isNew ? null : TextsFile.Read(file, Writing.Prompts.Prompts) ?? Generate(step, models, cancellationToken);
        if (texts is null)
            return;
        if (!_texts.TryGetValue(arm, out var seeds))
            _texts[arm] = seeds = [];
        seeds.Add(texts);
    }

    /// <summary>Compares the student's texts with those of its control and its teacher, and shows some texts of all.</summary>
    public void Compare()
    {
        if (_texts.Count == 0)
            return;
        var prompts = Writing.Prompts.Prompts;
        var shown = Math.Min(Shown, prompts.Count);
        foreach (var prompt in Enumerable.Range(0, shown).Select(i => (int)((long)i * prompts.Count / shown)))
        {
            var (words, truth) = prompts[prompt];
            _log.Write(new Continued { Prompt = words, Truth = truth, IsOfTest = true, Continuations = _texts.ToDictionary(t => t.Key, t => t.Value[0].Texts[prompt].Text) });
        }

        foreach (var (a, b) in new[] { (Arms.Student, Arms.Control), (Arms.Teacher, Arms.Student) })
        {
            if (_texts.TryGetValue(a, out var first) && _texts.TryGetValue(b, out var second))
                foreach (var compared in TextEvents.Compare(a, first, b, second, Options, TeacherText.IsTest(_recipe) ? $"; {TeacherText.Remark}" : ""))
                    _log.Write(compared);
        }
    }

    /// <summary>Asks the judge.</summary>
    public void Judge(JudgeTextsStep step, CancellationToken cancellationToken)
    {
        if (!_texts.TryGetValue(step.A, out var first) || !_texts.TryGetValue(step.B, out var second))
            return;
        var watch = new AnswerProgress(_log.Show, new() { Purpose = $"{AnswersAsked.Judged} {step.B}", Arm = step.A, Seed = _recipe.RunSeeds()[0] });
        var said = judge!.Judge(first[0], second[0], (done, all) => watch.Report(done, all, done / (double)all), cancellationToken);
        foreach (var remark in said.Remarks)
            _log.Note(remark);
        _log.Write(TextEvents.Of(judge.Name, step.A, step.B, said, _recipe.Evaluate.ConfidenceLevel));
    }

    private WrittenTexts? Generate(GenerateStep step, IStepInputs models, CancellationToken cancellationToken)
    {
        var (model, measured) = (models[step.Model], step.Measured);
        using var rounded = Rounding.ToEvaluate(model, measured.Of.Data, measured.RoundedAs, measured.Folder is { } folder ? Path.Combine(session.Folder.Root, folder) : null);
        // A teacher may read with its own tokenizer, the prompts being the same texts, or with a context of its own.
        var (own, options) = (measured.Of.Data, _recipe.Evaluate.Generation!);
        var writing = own.Privileged is not null ? new TextWriting(own, options) : own.Tokenizer == task.Data.Tokenizer ? Writing : new TextWriting(own, options, Writing.Prompts);
        return writing.Write(model, new(_log.Show, new() { Purpose = AnswersAsked.Texts, Arm = step.Model.Arm, Seed = step.Model.Seed }), cancellationToken);
    }
}
