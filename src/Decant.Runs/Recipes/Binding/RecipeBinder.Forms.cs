namespace Decant.Runs.Recipes.Binding;

internal sealed partial class RecipeBinder
{
    /// <summary>A value that has several forms: the plain one, or a mapping that says which.</summary>
    private object? Form(RecipeNode node, IReadOnlyList<FormAttribute> forms, SourceLocation at, string path) => node switch
    {
        MapNode map => FormOf(map, forms, at, path),
        ScalarNode { IsNull: false } scalar when Forms.Plain(forms) is (var form, var value) => PlainForm(scalar, form, value, forms, path),
        _ => Wrong(node, path, Forms.Expected(forms)),
    };

    private object? PlainForm(ScalarNode scalar, FormAttribute form, RecipeProperty property, IReadOnlyList<FormAttribute> forms, string path)
    {
        if (ScalarReader.Read(scalar, property.Type, NumberRange.Of(property.Range)) is not { } value)
            return Wrong(scalar, path, Forms.Expected(forms));
        var record = Activator.CreateInstance(form.Type)!;
        property.Info.SetValue(record, value);
        return record;
    }

    private object? FormOf(MapNode map, IReadOnlyList<FormAttribute> forms, SourceLocation at, string path)
    {
        var kindPath = RecipePath.Key(path, "kind");
        if (map.Find("kind") is not { } chosen)
        {
            faults.Add(at, path, $"missing key 'kind' under {path}; one of {Forms.Names(forms)}");
            return null;
        }

        _spots[kindPath] = chosen.KeySpot;
        if (chosen.Value is ScalarNode { Broken: true })
        {
            _unread++;
            return null;
        }

        if (chosen.Value is not ScalarNode { IsNull: false, Text: var kind })
            return Wrong(chosen.Value, kindPath, $"one of {Forms.Names(forms)}");
        if (forms.FirstOrDefault(f => f.Kind == kind) is { } form)
            return Record(form.Type, map, at, path, isChoice: true);
        faults.Add(chosen.Value.Spot, kindPath, $"unknown kind '{kind}' at {path}{Suggestion.Ending(kind, [.. forms.Select(f => f.Kind)], "there are")}");
        return null;
    }
}
