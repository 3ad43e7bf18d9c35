using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Objectives;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class TeacherChecks
{
    public static IEnumerable<RecipeFinding> Weights(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, teacher) in recipe.LargeModels().Where(t => t.Section is { Gguf: null } and not (TeacherSection { Chat: not null } or TeacherSection { Embeddings: not null } or TeacherSection { Scores: not null })))
            foreach (var finding in Weights(path, teacher, kinds))
                yield return finding;
    }

    private static IEnumerable<RecipeFinding> Weights(string path, LargeModelSection teacher, IKindRegistry kinds)
    {
        if (teacher.Load is null && teacher.Train is null && (teacher.Model is null || kinds.Find(Sections.Model, teacher.Model)?.HasWeights is not true)) yield return new(path, $"the teacher has no weights: give {path}.train or {path}.load");
        if (teacher.Load is null && teacher.Model is null) yield return new(path, $"the teacher has no network: give {path}.model");
        if (teacher.NewHead && teacher.Load is null) yield return new($"{path}.new-head", $"nothing is loaded, so all of the teacher is new; leave new-head out, or give {path}.load");
        else if (teacher.NewHead && teacher.Train is null) yield return new($"{path}.new-head", $"a new head is random: give {path}.train, which trains it");
        if (teacher.Seed is not null && teacher.Train is null) yield return new($"{path}.seed", $"nothing of the teacher is trained, so no seed changes it, and all seeds of the run share it as it is; leave it out, or give {path}.train");
        for (var i = 0; i < (teacher.Train?.Objectives.Count ?? 0); i++)
            if (teacher.Train!.Objectives[i] is RowObjectiveOptions { SampleWeighting: not null })
                yield return new($"{path}.train.objectives[{i}].sample-weighting", "'sample-weighting' needs the confidence of a teacher, and the teacher itself has none; leave 'sample-weighting' out");
            else if (NeedsTeacher(teacher.Train!.Objectives[i], kinds))
                yield return new($"{path}.train.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, teacher.Train.Objectives[i])}' compares with a teacher, and the teacher has none; use labels");
    }

    public static IEnumerable<RecipeFinding> NeededByObjectives(Recipe recipe, IKindRegistry kinds)
    {
        if (!recipe.HasTeacher())
        {
            foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
                for (var i = 0; i < section.Objectives.Count; i++)
                    if (section.Objectives[i] is RowObjectiveOptions { SampleWeighting: not null })
                        yield return new($"{path}.objectives[{i}].sample-weighting", "'sample-weighting' needs the confidence of a teacher, and the recipe has none; add a teacher section, or leave 'sample-weighting' out");
                    else if (NeedsTeacher(section.Objectives[i], kinds))
                        yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' compares with a teacher, and the recipe has none; add a teacher section");
            if (recipe.Distill.WarmUp is not null) yield return new("distill.warm-up", "a warm-up imitates a teacher, and the recipe has none; add a teacher section");
            yield break;
        }

        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
        {
            var objectives = distill.Stages is { } stages ? [.. stages.SelectMany(s => s.Options.Objectives)] : distill.Objectives;
            var writes = distill.Stages?.Any(s => s.Options.Rollouts?.Teacher.Largest > 0) ?? distill.Rollouts?.Teacher.Largest > 0;
            if (objectives.Count > 0 && recipe.Teacher?.Chat?.Write is null && !writes && !objectives.Any(o => NeedsTeacher(o, kinds))) // what is written is learned as labels are
                yield return new(distill.Stages is null ? $"{path}.objectives" : $"{path}.stages", "no objective uses the teacher; add one such as { kind: soft-targets }, or leave the teacher out");
        }
    }

    public static IEnumerable<RecipeFinding> Student(Recipe recipe, IKindRegistry kinds)
    {
        var student = recipe.Student;
        foreach (var finding in Network("student", "student", student.Model, student.FromTeacher, recipe.Task, isOpen: student.Budget is not null, student.Load)) yield return finding;
        if (student.FromTeacher?.Static is { } table)
        {
            if (recipe.Input.Kind != InputKind.Text)
                yield return new("student.from-teacher.static", "a static student is a table of tokens, and the input is no text; give student.model");
            else if (recipe.Task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding))
                yield return new("student.from-teacher.static", "a static student answers for a text as a whole: classification, regression or embedding; give student.model");
            else if (recipe.Task is ModelTask.Embedding && table.Hidden is not null)
                yield return new("student.from-teacher.static.hidden", "a hidden layer stands before a head, and an embedding has none; leave it out");
        }

        if (student.IsPartOfTeacher && !recipe.HasTeacher())
            yield return new("student.from-teacher", "the student is to be a part of its teacher, and the recipe has none; add a teacher section");
    }

    public static IEnumerable<RecipeFinding> Between(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Student.Generations > 1 && recipe.Teacher is null)
            yield return new("student.generations", "the first generation learns from a teacher, and the recipe has none; add a teacher section");
        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
            if (distill.TaughtBy == TaughtBy.Teacher && recipe is { Assistants: null or { Count: 0 }, Student.Generations: 1 })
                yield return new($"{path}.taught-by", "'taught-by' says who teaches where assistants or generations stand before the student, and there are none; leave it out");
        if (recipe.Assistants is not { Count: > 0 } assistants) yield break;
        if (recipe.Teacher is null)
            yield return new("assistants", "an assistant stands between a teacher and the student, and the recipe has no teacher; add a teacher section");
        for (var i = 0; i < assistants.Count; i++)
            foreach (var finding in Network($"assistants[{i}]", "assistant", assistants[i].Model, assistants[i].FromTeacher, recipe.Task)) yield return finding;
    }

    private static IEnumerable<RecipeFinding> Network(string path, string arm, ModelOptions? model, PartOfTeacher? part, ModelTask task, bool isOpen = false, string? load = null)
    {
        if (model is null && part is null && load is null)
            yield return new(path, $"the {arm} has no network: give {path}.model, or {path}.from-teacher to begin as a part of the teacher");
        if (model is not null && load is not null)
            yield return new($"{path}.load", $"the folder says what network it is, and {path}.model names another; leave {path}.model out");
        if (model is not null && part is not null)
            yield return new($"{path}.from-teacher", $"both {path}.model and {path}.from-teacher are given; keep one");
        if (part is { LayerIndices: not null, Layers: not null })
            yield return new($"{path}.from-teacher.layer-indices", "both 'layers' and 'layer-indices' say which layers; keep one");
        if (part is { Static: not null } && part with { Static = null } != new PartOfTeacher())
            yield return new($"{path}.from-teacher.static", "a static student is a table and has no layers or heads of the teacher; leave the other keys of from-teacher out, or static");
        if (part is { UniqueLayers: not null, ShareLayers: not null })
            yield return new($"{path}.from-teacher.share-layers", "both 'unique-layers' and 'share-layers' say which layers share weights; keep one");
        if (part is { Rank: not null, Energy: not null })
            yield return new($"{path}.from-teacher.energy", "both 'rank' and 'energy' say of what rank the linear layers are; keep one");
        if (part is { Rank: null, Energy: null } && part.Factorize != FactorizedLayers.All)
            yield return new($"{path}.from-teacher.factorize", "'factorize' says which linear layers get two factors, and neither 'rank' nor 'energy' asks for any; add one, or leave it out");
        if (part is { LayerIndices.Count: 0 })
            yield return new($"{path}.from-teacher.layer-indices", $"'layer-indices' is an empty list; {(arm == "student" ? "a" : "an")} {arm} needs at least one layer");
        foreach (var finding in part is { Static: null } && !isOpen ? Importance($"{path}.from-teacher", part, task) : [])
            yield return finding;
    }

    private static IEnumerable<RecipeFinding> Importance(string path, PartOfTeacher part, ModelTask task)
    {
        var measuresUnits = part.Importance is UnitImportance.Activation or UnitImportance.Taylor;
        if (part.ChoosesUnits && part is { Hidden: null, Heads: null, KeyValueHeads: null, Intermediate: null, CutsChannels: false })
            yield return new($"{path}.importance", "'importance' says which units are kept, and none is left out; give heads, key-value-heads, intermediate, hidden, channels or inner-channels, or leave importance out");
        if (part.Choose is LayerChoice.Importance or LayerChoice.LossIncrease && part.Layers is null)
            yield return new($"{path}.choose", $"'{(part.Choose == LayerChoice.Importance ? "importance" : "loss-increase")}' chooses among the teacher's layers, and their number is not given; give layers");
        if (part.Calibration is not null && !measuresUnits && !part.ChoosesLayers)
            yield return new($"{path}.calibration", "nothing is measured on samples here; leave calibration out, or say importance: activation or taylor, or choose: importance or loss-increase");
        if (part.Importance == UnitImportance.Taylor && task == ModelTask.Embedding)
            yield return new($"{path}.importance", "'taylor' takes the gradient of a loss, and a teacher of vectors has none without another model to compare with; say activation or magnitude");
    }

    internal static bool NeedsTeacher(ObjectiveOptions objective, IKindRegistry kinds) => kinds.Find(Sections.Objective, objective)?.NeedsTeacher is true;
}
