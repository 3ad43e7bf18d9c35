using Decant.Export.Gguf.Format;
using Decant.Files;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Exporting;

/// <summary>Under which licence the teachers of a recipe stand, as far as it can be known.</summary>
internal static class TeacherLicence
{
    private const int MostLines = 100;
    private const int MostCharacters = 1 << 16;
    private const string Key = "license:";

    /// <summary>What the recipe says, else what the cards of the loaded teachers, and of the model that the student begins as, say, else that all were trained in the run; null: nobody says it.</summary>
    public static string? Of(Recipe recipe, ExportSection section)
    {
        if (section.TeacherLicence is { } said)
            return said;
        if (recipe.Student.Load is { } begun && OfFolder(begun) is var own)
            return own is null || Of(recipe with { Student = recipe.Student with { Load = null } }, section) is not { } others ? null : string.Join(", ", new[] { own, others }.Distinct());
        if ((((ChatAccess?)recipe.Teacher?.Chat ?? recipe.Teacher?.Embeddings)?.Terms ?? recipe.Teacher?.Scores?.Terms) is { } terms)
            return terms;
        string?[] licences = [.. recipe.LargeModels().Where(t => t.Section is { Load: not null } or { Gguf: not null }).Select(t => t.Section.Gguf is { } gguf ? GgufFile.Open(gguf.File).Text("general.license") : OfFolder(t.Section.Load!))];
        if (licences.Length == 0)
            return "none of its own, trained in this run";
        return licences.Contains(null) ? null : string.Join(", ", licences.Distinct());
    }

    /// <summary>The licence in the header of a folder's model card, <c>README.md</c>; null: it has none.</summary>
    public static string? OfFolder(string folder)
    {
        try
        {
            var card = Path.Combine(folder, "README.md");
            if (!File.Exists(card))
                return null;
            using var text = File.OpenText(card);
            var lines = BoundedLines.Of(text, card, MostCharacters).Take(MostLines).ToArray();
            if (lines is not ["---", ..])
                return null;
            var licence = lines.Skip(1).TakeWhile(line => line != "---").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Trim().Trim('"', '\'');
            return licence is { Length: > 0 and < 200 } ? licence : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecantException)
        {
            return null;
        }
    }
}
