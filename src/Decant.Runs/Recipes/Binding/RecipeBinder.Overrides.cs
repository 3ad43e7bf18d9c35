namespace Decant.Runs.Recipes.Binding;

internal sealed partial class RecipeBinder
{
    private IOverridable? _around;

    /// <summary>Whether a property is a list of sections that begin with the one that has it.</summary>
    private bool IsOverriding(RecipeProperty property) =>
        CollectionTypes.ItemOf(property.Type) is { IsClass: true } item && item != typeof(string) && !item.IsAbstract && Shape(item).Any(p => p.Overrides is not null);

    private void AssignWithin(object record, RecipeProperty property, MapEntry entry, string path)
    {
        var outer = _around;
        _around = (IOverridable)record;
        Assign(record, property, entry, path);
        _around = outer;
    }

    /// <summary>A section that begins with the values of the one around it; an empty value is none where there may be none, and leaves others as they are.</summary>
    private object Override(Type type, RecipeProperty options, MapNode node, SourceLocation at, string path)
    {
        var own = Shape(type).Where(p => p != options).ToArray();
        var keys = options.Overrides!.Keys(options.Type);
        RecipeProperty[] shape = [.. own, .. keys];
        var before = faults.Count + _unread;
        RecipeProperty? Meant(MapEntry entry) => shape.FirstOrDefault(p => p.Key == entry.Key) ?? Renamed(entry, node, path, shape);
        bool IsLeft(MapEntry entry, RecipeProperty property) => entry.Value is ScalarNode { IsNull: true, Broken: false } && keys.Contains(property) && property is { Required: false, AllowsNull: false };
        var given = node.Entries.Select(e => Meant(e) is { } p && keys.Contains(p) && !IsLeft(e, p) ? p : null).OfType<RecipeProperty>().ToArray();
        var record = Activator.CreateInstance(type)!;
        var section = _around!.Begin([.. given.Select(p => p.Info.Name)]);
        foreach (var entry in node.Entries)
        {
            var keyPath = RecipePath.Key(path, entry.Key);
            _spots[keyPath] = entry.KeySpot;
            if (Meant(entry) is not { } property) Unknown(entry, path, shape, false);
            else if (IsLeft(entry, property)) continue;
            else if (property.Key == entry.Key) Assign(own.Contains(property) ? record : section, property, entry, keyPath);
            else AssignRenamed(own.Contains(property) ? record : section, property, entry, node, path);
        }

        foreach (var property in shape.Where(p => p.Required && !node.Entries.Any(e => Meant(e) == p))) LeftOut(record, property, at, path);
        options.Info.SetValue(record, section);
        record.GetType().GetProperty(nameof(IOverrides.Given), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)!
            .SetValue(record, new ValueList<string>(given.Select(p => p.Info.Name).Distinct().Order(StringComparer.Ordinal)));
        if (faults.Count + _unread == before) Validate(section, keys, at, path);
        return record;
    }
}
