using System.Collections;
using System.Globalization;
using System.Text;
using Decant.Data.Splitting;
using Decant.Objectives.SampleWeights;
using Decant.Objectives.Temperatures;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Training;

namespace Decant.Tests.Architecture;

/// <summary>Writes docs/recipes.md from the records that recipes are read into.</summary>
internal static class RecipeReference
{
    private static readonly (string Section, string Title)[] s_kinds =
    [
        (Sections.Source, "Sources"), (Sections.Tokenizer, "Tokenizers"), (Sections.Model, "Models"), (Sections.Objective, "Objectives"),
        (Sections.Optimizer, "Optimizers"), (Sections.Schedule, "Schedules"), (Sections.Quantization, "Quantization"), (Sections.Adapter, "Adapters"), (Sections.Answers, "Answers"),
    ];

    private static readonly (Type Type, string Title)[] s_forms = [(typeof(ScalarSchedule), "Weights"), (typeof(SampleWeight), "Sample weights"), (typeof(Temperature), "Temperatures")];

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        foreach (var (path, type) in Nested("", typeof(Recipe)))
        {
            text.Append(path.Length == 0 ? "\n## The recipe\n\n" : $"\n## `{path}`\n\n");
            Table(text, type);
        }

        text.Append(SeveralTasks);
        Table(text, typeof(MultiTaskRecipe));
        foreach (var (path, type) in new[] { ("tasks[…]", typeof(TaskSection)), ("distill", typeof(MultiTaskDistillSection)) })
        {
            text.Append($"\n### `{path}`, with `tasks`\n\n");
            Table(text, type);
        }

        foreach (var (section, title) in s_kinds)
        {
            text.Append($"\n## {title}\n");
            foreach (var kind in Catalog.Standard.Kinds.Kinds(section))
                Kind(text, kind, section == Sections.Schedule ? $" ({title.ToLowerInvariant()})" : "", section == Sections.Objective);
        }

        foreach (var (type, title) in s_forms)
        {
            text.Append($"\n## {title}\n");
            foreach (var form in Forms.Of(type))
            {
                text.Append($"\n### `{form.Kind}` ({title.ToLowerInvariant()})\n\n");
                if (Forms.Short(form.Type) is not null)
                    text.Append("Short form: `4` is `{ kind: constant, value: 4 }`.\n\n");
                Table(text, form.Type);
            }
        }

        text.Append("\n## Metrics\n\nThe values of `best-by` and `early-stopping.metric`: ");
        text.AppendJoin(", ", Catalog.Standard.Kinds.Kinds(Sections.Metric).Select(m => $"`{m.Kind}`")).Append(".\n");
        return text.Insert(Introduction.Length, Contents(text.ToString())).ToString();
    }

    /// <summary>The sections with what they hold, as links. Sections below another of the recipe are listed under it.</summary>
    private static string Contents(string page)
    {
        var contents = new StringBuilder("\n## Contents\n\n");
        var isFirst = true;
        foreach (var line in page.Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal) || l.StartsWith("### ", StringComparison.Ordinal)))
        {
            var (isKind, title) = (line[2] == '#', line.TrimStart('#', ' '));
            var link = $"[{title}](#{Anchor(title)})";
            // A section of the recipe below another, or a kind, stands in the line of that one.
            if (isKind || (title[0] == '`' && title.Contains('.', StringComparison.Ordinal)))
                contents.Append(isFirst ? ": " : ", ").Append(link);
            else
                contents.Append(contents[^1] == '\n' ? "" : "\n").Append("- ").Append(link);
            isFirst = !isKind && !(title[0] == '`' && title.Contains('.', StringComparison.Ordinal));
        }

        return contents.Append('\n').ToString();
    }

    /// <summary>The anchor that GitHub gives a title: lower case, spaces as hyphens, no punctuation.</summary>
    private static string Anchor(string title) =>
        new string([.. title.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')]).Replace(' ', '-');

    private const string Introduction = """
        # Recipes

        <!-- Written from the code: DECANT_APPROVE=1 ./decant test --filter RecipeReference -->

        A recipe is one YAML file: the data, the teacher, the student, the distillation and the evaluation. `decant recipes` lists those that come with Decant,
        `decant new` writes one for your data, `decant check FILE` reports all errors of one and what it would do, and `decant recipes upgrade FILE` renames the keys of
        a recipe of a former release.

        - This page lists every key. An unknown key is an error, which suggests the key that was probably meant; so is a value of another type or out of range.
        - `--set a.b.c=value` overrides any key from the command line and is checked like the file: `--set distill.epochs=3`, `--set student.model.hidden=400`.
        - Editors complete and check the keys with the JSON Schema of recipes, [recipe.schema.json](recipe.schema.json): `decant schema --out FILE` writes it, and a first line
          `# yaml-language-server: $schema=FILE` names it.
        - `${NAME}` in a text is the value of an environment variable. Paths are relative to the folder of the recipe.
        - `{ kind: x, … }` selects one of several kinds; the other keys are those of that kind.
        - A default of – means that the key may be absent; the description says what is then done.

        """;

    private const string SeveralTasks = """

        ## The recipe of several tasks

        A recipe with `tasks` trains one student on several tasks ([more](multi-task.md)): the keys of one task stand under it, those of all tasks at the top.
        Sections that are not shown here are those of a recipe of one task.


        """;

    private static IEnumerable<(string Path, Type Type)> Nested(string path, Type type)
    {
        yield return (path, type);
        foreach (var property in RecipeProperty.Of(type).Where(p => p.Overrides is null && (IsRecord(p) || IsListOfRecords(p))))
        {
            var key = IsRecord(property) ? property.Key : $"{property.Key}[…]";
            foreach (var below in Nested(path.Length == 0 ? key : $"{path}.{key}", IsRecord(property) ? property.Type : CollectionTypes.ItemOf(property.Type)!))
                yield return below;
        }
    }

    private static bool IsListOfRecords(RecipeProperty property) => property.Choice is null && CollectionTypes.ItemOf(property.Type) is { } item && IsSection(item);

    // A record whose keys do not fit into a row has a table of its own; the pair of layers of an objective does.
    private static bool IsSection(Type type) => type.IsClass && type != typeof(string) && CollectionTypes.ItemOf(type) is null && CollectionTypes.ValueOf(type) is null && Forms.Of(type).Count == 0
        && !type.IsAssignableTo(typeof(Decant.Objectives.Features.LayerPair));

    private static bool IsRecord(RecipeProperty property) => property.Choice is null && IsSection(property.Type);

    private static void Kind(StringBuilder text, KindEntry kind, string of, bool isObjective)
    {
        text.Append($"\n### `{kind.Kind}`{of}\n\n{Sentence(kind.About)}");
        if (kind.Inputs.Count > 0)
            text.Append(" For ").AppendJoin(" and ", kind.Inputs.Select(i => i switch { InputKind.Text => "text", InputKind.Image => "images", _ => "vectors" })).Append('.');
        if (isObjective)
            text.Append($" [More](methods.md#{kind.Kind}).");
        text.Append("\n\n");
        Table(text, kind.Options);
    }

    private static void Table(StringBuilder text, Type type)
    {
        var properties = RecipeProperty.Of(type);
        if (properties.Count == 0)
            return;
        var blank = Activator.CreateInstance(type)!;
        text.Append("| key | value | default | |\n|---|---|---|---|\n");
        foreach (var property in properties.SelectMany(p => p.Overrides is null ? [p] : p.Overrides.Keys(p.Type).Where(k => k.Required)))
            text.Append($"| `{property.Key}` | {Value(property)} | {Default(property, blank)} | {property.About} |\n");
        foreach (var property in properties.Where(p => p.Overrides is not null))
        {
            var without = property.Overrides!.Without.Select(name => $"`{KebabCase.FromPascal(name)}`").ToArray();
            text.Append($"| any key of [`distill`](#distill) but {string.Join(", ", without[..^1])} and {without[^1]} | as there | that of `distill`; `epochs` and `steps`: – | {property.About} |\n");
        }
    }

    private static string Value(RecipeProperty property)
    {
        if (IsRecord(property))
            return "a section";
        if (property.NameOfKind is not null)
            return "a [metric](#metrics)";
        var item = CollectionTypes.ItemOf(property.Type);
        if (IsListOfRecords(property))
            return "a list of sections";
        if (property.Choice is { Section: var section })
            return $"{(item is null ? "one of the" : "a list of")} [{s_kinds.First(k => k.Section == section).Title.ToLowerInvariant()}](#{s_kinds.First(k => k.Section == section).Title.ToLowerInvariant()})";
        if (Forms.Of(property.Type) is { Count: > 0 } forms)
        {
            var page = s_forms.First(f => f.Type == property.Type).Title.ToLowerInvariant();
            return $"{(Forms.Plain(forms) is (_, var plain) ? $"{Scalar(plain.Type, plain)}{NumberRange.Of(plain.Range)}, or " : "")}one of the [{page}](#{page.Replace(' ', '-')})";
        }

        var range = NumberRange.Of(property.Range)?.ToString() ?? "";
        if (CollectionTypes.ValueOf(property.Type) is { } value)
            return $"by name, {Scalar(value, property)}{range}";
        return item is null ? Scalar(property.Type, property) + range : $"a list; each {Scalar(item, property)}{range}";
    }

    private static string Scalar(Type type, RecipeProperty property) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } choice => string.Join(", ", (property.Words ?? EnumWords.All(choice)).Select(n => $"`{n}`")),
        var t when t == typeof(bool) => "`true` or `false`",
        var t when t == typeof(int) || t == typeof(long) || t == typeof(ulong) => "a whole number",
        var t when t == typeof(float) || t == typeof(double) => "a number",
        var t when t == typeof(CountOrFraction) => "a fraction (0.1) or a number of samples (5000)",
        var t when t == typeof(ValidationInterval) => "`200 steps` or `0.25 epochs`",
        var t when t == typeof(string) => property.IsPath ? "a path" : "a text",
        { IsClass: true } record when record.Namespace!.StartsWith("Decant.Objectives", StringComparison.Ordinal) => $"`{{ {string.Join(", ", RecipeProperty.Of(record).Select(p => $"{p.Key}: …"))} }}`",
        var t => throw new NotSupportedException($"The reference of recipes has no words for {t}."),
    };

    private static string Default(RecipeProperty property, object blank)
    {
        if (property.Required)
            return "**required**";
        var value = property.Info.GetValue(blank);
        if (property.Choice is { Section: var section } && value is not null && (value as IEnumerable)?.Cast<object>().Any() != false)
            return $"`{string.Join(", ", (value as IEnumerable ?? new[] { value }).Cast<object>().Select(o => Catalog.Standard.Kinds.KindOf(section, o)))}`";
        return value switch
        {
            null or "" => "–",
            var form when Forms.Short(form.GetType()) is { } plain && Forms.KindOf(form) is not null => Invariant(plain.Info.GetValue(form)!),
            bool on => on ? "`true`" : "`false`",
            Enum choice => $"`{EnumWords.Of(choice)}`",
            string text => $"`{text}`",
            IEnumerable list => list.Cast<object>().Any() ? $"`[{string.Join(", ", list.Cast<object>().Select(Invariant))}]`" : "–",
            _ when IsRecord(property) => "its defaults",
            var number => Invariant(number),
        };
    }

    private static string Invariant(object value) => value is Enum choice ? EnumWords.Of(choice) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Sentence(string about) => char.ToUpperInvariant(about[0]) + about[1..].TrimEnd('.') + ".";
}
