using System.Globalization;
using System.Text;
using Decant.Data;
using Decant.Data.Splitting;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Files;
using Decant.Inference.Cascades;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Cascades;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Record;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Cascades;

/// <summary>Chooses from which confidence on a student answers instead of its teacher, and writes that beside the student.</summary>
/// <param name="catalog">What recipes may name.</param>
internal sealed class CascadeJob(Catalog catalog)
{
    /// <summary>The policy's file, in the student's folder.</summary>
    public const string PolicyName = "cascade.json";

    /// <summary>The page with the curves, beside it.</summary>
    public const string ChartName = "cascade.html";

    /// <summary>Chooses the policy on the validation split, or on a file, and looks at the test split once.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">There is no such student, teacher or split, or they have other classes.</exception>
    public CascadeResult Run(CascadeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var options = request.Options.Checked();
        var path = EvaluateJob.ModelPath(request.Student);
        var recipe = request.Recipe?.Recipe ?? new EvaluateJob(catalog).FindRecipe(path);
        MachineFacts.Prepare(recipe?.Threads);
        var (rows, test, identity, remarks) = request.On is { } file ? OnFile(request, path, file, cancellationToken) : OnSplits(request, path, recipe, cancellationToken);
        var policy = CascadeSelection.Choose(CascadeRow.HeldOut(rows, request.Truth, request.On ?? "the validation split"), identity, options);
        RealisedRisk? realised = null;
        if (test is { Count: > 0 })
        {
            var local = CascadeRow.HeldOut(test, request.Truth, "the test split");
            realised = new(local.Count, local.Count(r => policy.IsLocal(r.Confidence)), local.Count(r => r.IsWrong && policy.IsLocal(r.Confidence)));
        }

        if (request.RowsFile is { } numbers)
            CascadeRow.Write(numbers, rows);
        var (policyFile, chartFile) = (Path.Combine(path, PolicyName), Path.Combine(path, ChartName));
        policy.Save(policyFile);
        AtomicFile.Write(chartFile, Encoding.UTF8.GetBytes(CascadePage.ToHtml(policy)));
        return new(policy, policyFile, chartFile, realised, policy.Remark is { } why ? [.. remarks, why] : remarks);
    }

    private static Gathered OnFile(CascadeRequest request, string path, string file, CancellationToken cancellationToken)
    {
        var teacher = TeacherFolder(request, path);
        var classes = Classes(path);
        Require(path, classes, teacher, Classes(teacher));
        return new(CascadeFile.Rows(path, teacher, file, request.Options.Score, cancellationToken), null, Identity(request, path, teacher, classes), []);
    }

    private Gathered OnSplits(CascadeRequest request, string path, Recipe? recipe, CancellationToken cancellationToken)
    {
        if (recipe is null)
            throw new DecantException($"No recipe.yaml stands above {path}, so there is no validation split to choose on: give a recipe with --recipe, or a file of held-out texts with --on.");
        if (recipe.Task != ModelTask.Classification)
            throw new DecantException($"{recipe.Name} has the task {recipe.Task}: a cascade is chosen for classification. For generated text choose the policy in C# with CascadeSelection.");
        var isChat = request.Teacher is null && recipe.Teacher?.Chat is not null;
        using var data = isChat ? DataPreparation.Prepare(catalog, recipe, cancellationToken) : null;
        using var splits = DataPreparation.Open(catalog, recipe, cancellationToken);
        if (splits.Validation is not { } validation)
            throw new DecantException($"The recipe {recipe.Name} has no validation split to choose on, and the test split is not for that: set data.split.validation, or give a file of held-out texts with --on.");
        using var student = Loaded.Open(path, splits, recipe);
        if (isChat)
        {
            var chat = data!.Chat!;
            if (chat.Unasked > 0)
                throw new DecantException($"{chat.Unasked} texts have no stored answer of {chat.Teacher}, and nothing is asked here: run 'decant distill' to its end first, or name a teacher's folder with --teacher.");
            return Gather(student, split => Said(chat, split), chat.Teacher, [.. Abstentions(chat, validation)]);
        }

        var folder = TeacherFolder(request, path);
        using var teacher = Loaded.Open(folder, splits, recipe);
        return Gather(student, split => CascadeRows.Said(teacher.Ask(split, cancellationToken)), folder, []);

        Gathered Gather(Loaded loaded, Func<Dataset, IReadOnlyDictionary<ulong, int>> said, string name, IReadOnlyList<string> remarks)
        {
            var rows = Of(validation);
            return new(rows, splits.Test is { } test ? Of(test) : null, Identity(request, path, name, splits.Classes), remarks);

            IReadOnlyList<CascadeRow> Of(Dataset split) => CascadeRows.Of(loaded.Ask(split, cancellationToken), said(split), split, request.Options.Score);
        }
    }

    private static Dictionary<ulong, int> Said(ChatAnswers chat, Dataset split)
    {
        var said = new Dictionary<ulong, int>();
        for (var i = 0; i < split.Count; i++)
        {
            if (chat.LogitsOf(split[i]) is { } logits)
                said[split.IdOf(i).Value] = Array.IndexOf(logits, logits.Max());
        }

        return said;
    }

    private static IEnumerable<string> Abstentions(ChatAnswers chat, Dataset split)
    {
        var none = Enumerable.Range(0, split.Count).Count(i => chat.LogitsOf(split[i]) is null);
        if (none > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{chat.Teacher} abstained on {none} of {split.Count} validation samples; they are left out.");
    }

    private static string TeacherFolder(CascadeRequest request, string student)
    {
        if (request.Teacher is { } given)
            return Directory.Exists(Path.Combine(given, Arms.Teacher)) ? Path.Combine(given, Arms.Teacher) : EvaluateJob.ModelPath(given);
        var beside = Path.Combine(Path.GetDirectoryName(student) ?? "", Arms.Teacher);
        return File.Exists(Path.Combine(beside, ModelFolder.ConfigName)) ? beside
            : throw new DecantException($"{student}: expected the teacher beside it, came no {beside}: name the teacher's folder with --teacher.");
    }

    private static IReadOnlyList<string> Classes(string path)
    {
        using var model = ModelFolder.Load(path);
        return model is IConfigured { Config: { Task: ModelTask.Classification, ClassNames: var names } } ? names
            : throw new DecantException($"{path}: expected a classifier, came a model of another task.");
    }

    private static void Require(string student, IReadOnlyList<string> its, string teacher, IReadOnlyList<string> others)
    {
        if (!its.ToHashSet().SetEquals(others))
            throw new DecantException($"{student} knows the classes {string.Join(", ", its.Take(8))} ({its.Count}), {teacher} {string.Join(", ", others.Take(8))} ({others.Count}): a cascade needs a student and a teacher with the same classes.");
    }

    private static CascadeIdentity Identity(CascadeRequest request, string student, string teacher, IReadOnlyList<string> classes) =>
        new(student, teacher, [.. classes], request.Truth == CascadeTruth.Labels ? "labels" : "teacher");

    private sealed record Gathered(IReadOnlyList<CascadeRow> Rows, IReadOnlyList<CascadeRow>? Test, CascadeIdentity Identity, IReadOnlyList<string> Remarks);

    /// <summary>A model with the samples as it reads them; the splits stay the caller's.</summary>
    private sealed record Loaded(Model Model, PreparedData Data) : IDisposable
    {
        public static Loaded Open(string path, DataSplits splits, Recipe recipe)
        {
            Require(path, Classes(path), "the validation split", splits.Classes);
            var tokenizer = recipe.Input.Kind == InputKind.Text ? TokenizerFile.Load(path) : null;
            return new(ModelFolder.Load(path), DataPreparation.With(splits, TeacherImages.AsRead(path, splits, recipe), tokenizer));
        }

        public Predictions Ask(Dataset split, CancellationToken cancellationToken) => Predictor.Predict(Model, Data.Once(split), cancellationToken);

        public void Dispose() => Model.Dispose();
    }
}
