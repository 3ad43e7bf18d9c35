namespace Decant.Recipes;

internal static class TeacherChecks
{
    public static IEnumerable<RecipeFinding> Weights(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, teacher) in recipe.LargeModels())
            foreach (var finding in Weights(path, teacher, kinds))
                yield return finding;
    }

    private static IEnumerable<RecipeFinding> Weights(string path, LargeModelSection teacher, IKindRegistry kinds)
    {
        if (teacher.Load is null && teacher.Train is null) yield return new(path, $"the teacher has no weights: give {path}.train or {path}.load");
        if (teacher.Load is null && teacher.Model is null) yield return new(path, $"the teacher has no network: give {path}.model");
        if (teacher.NewHead && teacher.Load is null) yield return new($"{path}.new-head", $"nothing is loaded, so all of the teacher is new; leave new-head out, or give {path}.load");
        else if (teacher.NewHead && teacher.Train is null) yield return new($"{path}.new-head", $"a head that is drawn answers at random: give {path}.train, which trains it");
        for (var i = 0; i < (teacher.Train?.Objectives.Count ?? 0); i++)
            if (NeedsTeacher(teacher.Train!.Objectives[i], kinds))
                yield return new($"{path}.train.objectives[{i}]", $"'{teacher.Train.Objectives[i].Kind}' compares with a teacher, and the teacher has none; use labels");
    }

    public static IEnumerable<RecipeFinding> NeededByObjectives(Recipe recipe, IKindRegistry kinds)
    {
        var objectives = recipe.Distill.Objectives;
        var needing = objectives.Select((o, i) => (o.Kind, Path: $"distill.objectives[{i}]", Needs: NeedsTeacher(o, kinds))).Where(o => o.Needs).ToList();
        if (!recipe.HasTeacher())
        {
            foreach (var objective in needing) yield return new(objective.Path, $"'{objective.Kind}' compares with a teacher, and the recipe has none; add a teacher section");
            if (recipe.Distill.WarmUp is not null) yield return new("distill.warm-up", "a warm-up imitates a teacher, and the recipe has none; add a teacher section");
        }
        else if (needing.Count == 0 && objectives.Count > 0)
        {
            yield return new("distill.objectives", "no objective uses the teacher; add one such as { kind: soft-targets }, or leave the teacher out");
        }
    }

    public static IEnumerable<RecipeFinding> Student(Recipe recipe, IKindRegistry kinds)
    {
        var student = recipe.Student;
        if (student is { Model: null, FromTeacher: null })
            yield return new("student", "the student has no network: give student.model, or student.from-teacher to begin as a part of the teacher");
        if (student is { Model: not null, FromTeacher: not null })
            yield return new("student.from-teacher", "both student.model and student.from-teacher are given; keep one");
        if (student.FromTeacher is { Take: not null, Layers: not null })
            yield return new("student.from-teacher.take", "both 'layers' and 'take' say which layers; keep one");
        if (student.FromTeacher is { Take.Count: 0 })
            yield return new("student.from-teacher.take", "'take' is an empty list; a student needs at least one layer");
        if (student.FromTeacher is not null && !recipe.HasTeacher())
            yield return new("student.from-teacher", "the student is to be a part of its teacher, and the recipe has none; add a teacher section");
    }

    private static bool NeedsTeacher(Choice objective, IKindRegistry kinds) =>
        kinds.Kinds(objective.Section).Any(k => k.Kind == objective.Kind && k.NeedsTeacher);
}
