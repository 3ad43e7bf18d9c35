using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>Whether the test text of a recipe was written by a model that teaches in it.</summary>
/// <remarks>
/// Bits per byte on samples of p_teacher are a cross-entropy to p_teacher: what imitates the teacher is best there by construction, and the teacher better than any text it has
/// not written would show.
/// </remarks>
internal static class TeacherText
{
    /// <summary>The ending of verdict sentences about such a test split.</summary>
    public const string Remark = "the test text was written by the teacher itself, which favours what imitates it";

    /// <summary>Refuses such a test split unless the recipe allows it. Looks at the recipe and at the models' files alone: nothing is opened or written.</summary>
    /// <exception cref="DecantException">The test split is written by a teacher.</exception>
    public static void Check(Recipe recipe)
    {
        if (recipe.Evaluate.TeacherGeneratedTest is TestByTeacher.Allowed || Writer(recipe) is not { } written)
            return;
        throw new DecantException(
            $"{written.Key}: expected test text that no teacher of this recipe wrote; it is written by {written.Teacher}, a model that teaches here, and on such text what imitates the " +
            "teacher is best by construction. Give data.test a text that people wrote, or one of another model; to measure on the teacher's text all the same, say " +
            "'evaluate.teacher-generated-test: allowed', and every verdict says so.");
    }

    /// <summary>Whether the test split is a teacher's own text.</summary>
    public static bool IsTest(Recipe recipe) => Writer(recipe) is not null;

    /// <summary>The key of the test split and the folder of the teacher that wrote it; null where it is other text.</summary>
    private static (string Key, string Teacher)? Writer(Recipe recipe)
    {
        var (key, source) = recipe.Data.Test is { } test ? ("data.test", test) : ("data.train", recipe.Data.Train);
        if (source.Options is not WrittenOptions written)
            return null;
        var teacher = recipe.LargeModels().Select(t => t.Section.Load).OfType<string>().FirstOrDefault(load => AreSame(load, written.Model));
        return teacher is null ? null : (key, teacher);
    }

    /// <summary>The same folder, or folders with the same weights.</summary>
    private static bool AreSame(string load, string writer)
    {
        if (Resolved(load) == Resolved(writer))
            return true;
        var (a, b) = (Weights(load), Weights(writer));
        return a.Length > 0 && a.SequenceEqual(b);
    }

    private static string Resolved(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>The hashes of the files of a folder that hold weights, whatever they are called; those of a file where it is one.</summary>
    private static string[] Weights(string path)
    {
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path) : File.Exists(path) ? [path] : [];
        return [.. files.Where(f => s_endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Select(FileHash.Of).Order(StringComparer.Ordinal)];
    }

    private static readonly string[] s_endings = [".safetensors", ".bin", ".pt", ".pth", ".th", ".ckpt"];
}
