using Decant.Models.FromTeacher;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Training;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What a teacher that follows its student needs: a student of the same shape, and answers that are made when they are needed.</summary>
internal static class FollowChecks
{
    private const string Path = "teacher.follow";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher?.Follow is not { } follow)
            yield break;
        if (follow.Momentum is not null && follow.Kind != FollowKind.Average)
            yield return new($"{Path}.momentum", "'momentum' is for a moving average; say kind: average, or leave it out");
        if (follow.Momentum >= 1)
            yield return new($"{Path}.momentum", "with a momentum of 1 the average never moves; say less, or kind: frozen");
        if (!follow.Follows)
            yield break;
        var student = recipe.Student;
        if (!student.IsPartOfTeacher || student.FromTeacher != new PartOfTeacher())
            yield return new("student", $"{Path}: the teacher gets its student's weights, so that both are of one shape; say 'from-teacher: {{}}', the whole teacher");
        if (student.Generations > 1 || recipe.Assistants is { Count: > 0 })
            yield return new(student.Generations > 1 ? "student.generations" : "assistants", $"{Path}: the teacher follows one student; leave it out, or 'follow'");
        if (student.Quantization is not null || recipe.Teacher.Quantization is not null)
            yield return new(student.Quantization is not null ? "student.quantization" : "teacher.quantization", $"{Path}: rounded numbers are not followed; leave it out, or 'follow'");
        if (recipe.Teacher.Answers is not null)
            yield return new("teacher.answers", $"{Path}: the teacher answers in another way after every update, so that no answer can be used again; leave 'answers' out");
        if (recipe.ThreadAllocation.Student?.Contains('+', StringComparison.Ordinal) is true)
            yield return new("thread-allocation.student", $"the teacher cannot answer ahead of weights that are yet to be learned ({Path}); write one number of threads");
    }
}
