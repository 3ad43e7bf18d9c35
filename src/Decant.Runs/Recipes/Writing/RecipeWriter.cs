using System.Collections;
using System.Globalization;
using System.Text;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Writing;

/// <summary>Records of a recipe → YAML with every default written out, such that reading it gives an equal recipe. Values that name environment variables are written as they were: <c>${NAME}</c>.</summary>
internal sealed class RecipeWriter
{
    private const int Indent = 2;

    private readonly IKindRegistry _kinds;
    private readonly VariableReferences _references;

    private RecipeWriter(IKindRegistry kinds, VariableReferences references) => (_kinds, _references) = (kinds, references);

    /// <summary>The recipe as YAML.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="kinds">The kinds that there are: they say what <c>kind</c> the options of each choice have.</param>
    /// <param name="comment">Lines to begin with, each written as a comment; none when null.</param>
    /// <exception cref="DecantException">Options are those of no kind.</exception>
    public static string Write(Recipe recipe, IKindRegistry kinds, string? comment = null) => Whole(recipe, kinds, comment);

    /// <summary>The recipe as YAML.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="kinds">The kinds that there are: they say what <c>kind</c> the options of each choice have.</param>
    /// <param name="comment">Lines to begin with, each written as a comment; none when null.</param>
    /// <exception cref="DecantException">Options are those of no kind.</exception>
    public static string Write(MultiTaskRecipe recipe, IKindRegistry kinds, string? comment = null) => Whole(recipe, kinds, comment);

    private static string Whole(RunRecipe recipe, IKindRegistry kinds, string? comment)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(recipe);
        var text = new StringBuilder();
        foreach (var line in comment?.ReplaceLineEndings("\n").Split('\n') ?? []) text.Append(line.Length == 0 ? "#" : $"# {line}").Append('\n');
        new RecipeWriter(kinds, recipe.References).Record(text, recipe, 0, null, "");
        return text.ToString();
    }

    private void Record(StringBuilder text, object record, int depth, string? kind, string path, object? around = null)
    {
        var first = true;
        if (kind is not null) Line(text, depth, ref first).Append("kind: ").Append(YamlText.Quote(kind)).Append('\n');
        var fresh = Activator.CreateInstance(record.GetType())!;
        foreach (var property in RecipeProperty.Of(record.GetType()))
        {
            var value = property.Info.GetValue(record);
            if (property.Overrides is { } overrides)
            {
                var said = ((IOverrides)record).Said((IOverridable)around!);
                foreach (var key in overrides.Keys(property.Type).Where(k => said.Contains(k.Info.Name)))
                {
                    Line(text, depth, ref first).Append(key.Key).Append(':');
                    Value(text, key.Info.GetValue(value), key, depth, RecipePath.Key(path, key.Key), record);
                }

                continue;
            }

            // Nothing needs no line, unless leaving the line out would mean something.
            var unsaid = property.Info.GetValue(fresh);
            if (value is null == unsaid is null && IsNothing(value) && IsNothing(unsaid)) continue;
            Line(text, depth, ref first).Append(property.Key).Append(':');
            Value(text, value, property, depth, RecipePath.Key(path, property.Key), record);
        }

        if (first) text.Append(' ', depth * Indent).Append("{}\n");
    }

    /// <summary>Null, or a section without values.</summary>
    private static bool IsNothing(object? value) => value switch
    {
        null => true,
        IEnumerable => false,
        _ => !ScalarReader.Reads(value.GetType()) && RecipeProperty.Of(value.GetType()).All(p => p.Info.GetValue(value) is null),
    };

    private static StringBuilder Line(StringBuilder text, int depth, ref bool first)
    {
        first = false;
        return text.Append(' ', depth * Indent);
    }

    private void Value(StringBuilder text, object? value, RecipeProperty property, int depth, string path, object around)
    {
        switch (value)
        {
            case string or null:
                text.Append(' ').Append(Scalar(value, path)).Append('\n');
                break;
            case var map when CollectionTypes.ValueOfMap(map.GetType()) is not null:
                Map(text, (IEnumerable)map, property, depth, path);
                break;
            case IEnumerable items:
                List(text, [.. items.Cast<object>()], property, depth, path, around);
                break;
            case var form when Forms.KindOf(form) is { } kind:
                Form(text, form, kind, depth, path);
                break;
            case var scalar when ScalarReader.Reads(scalar.GetType()):
                text.Append(' ').Append(_references.Of(path, Scalar(scalar, path)) ?? Scalar(scalar, path)).Append('\n');
                break;
            default:
                text.Append('\n');
                Record(text, value, depth + 1, property.Choice is { Section: var section } ? _kinds.KindOf(section, value) : null, path, around);
                break;
        }
    }

    private void Form(StringBuilder text, object form, string kind, int depth, string path)
    {
        if (Forms.Short(form.GetType()) is { } value)
        {
            Value(text, value.Info.GetValue(form), value, depth, path, form);
            return;
        }

        text.Append('\n');
        Record(text, form, depth + 1, kind, path);
    }

    private void List(StringBuilder text, IReadOnlyList<object> items, RecipeProperty property, int depth, string path, object around)
    {
        if (items.All(i => ScalarReader.Reads(i.GetType())))
        {
            text.Append(" [").AppendJoin(", ", items.Select((item, i) => Scalar(item, RecipePath.Item(path, i)))).Append("]\n");
            return;
        }

        text.Append('\n');
        for (var i = 0; i < items.Count; i++)
        {
            // The entry's block is written one level in; its first key moves up beside the dash.
            var entry = new StringBuilder();
            Value(entry, items[i], property, depth + 1, RecipePath.Item(path, i), around);
            text.Append(' ', (depth + 1) * Indent).Append("- ").Append(entry.ToString().TrimStart('\n', ' '));
        }
    }

    private void Map(StringBuilder text, IEnumerable entries, RecipeProperty property, int depth, string path)
    {
        var lines = new StringBuilder();
        foreach (var entry in entries)
        {
            var key = (string)entry.GetType().GetProperty("Key")!.GetValue(entry)!;
            lines.Append(' ', (depth + 1) * Indent).Append(YamlText.Quote(key)).Append(':');
            Value(lines, entry.GetType().GetProperty("Value")!.GetValue(entry), property, depth + 1, RecipePath.Key(path, key), entries);
        }

        text.Append(lines.Length == 0 ? " {}\n" : "\n").Append(lines);
    }

    private string Scalar(object? value, string path) => value switch
    {
        null => "null",
        string text => _references.Of(path, text) is { } written ? YamlText.Quote(written) : YamlText.Value(text),
        bool truth => truth ? "true" : "false",
        Enum name => YamlText.Quote(EnumWords.Of(name)),
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        float real => real.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
