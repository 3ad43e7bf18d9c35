using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Decant.Hub;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Binding;

/// <summary>The tree of a recipe → records, strictly: what a record has no property for is a fault, and so is a value of another type or range.</summary>
/// <remarks>Continues after every fault, so that all are reported at once; what it makes is whole only when <see cref="FaultList.Any"/> is false.</remarks>
internal sealed partial class RecipeBinder(IKindRegistry kinds, FaultList faults, string directory)
{
    private readonly Dictionary<Type, IReadOnlyList<RecipeProperty>> _shapes = [];
    private readonly Dictionary<string, SourceLocation> _spots = [];
    private int _unread;

    /// <summary>Where each key was written.</summary>
    public IReadOnlyDictionary<string, SourceLocation> Spots => _spots;

    /// <summary>Whether every required part could be made.</summary>
    public bool Whole { get; private set; } = true;

    public object Record(Type type, MapNode node, SourceLocation at, string path, bool isChoice = false)
    {
        var shape = Shape(type);
        var record = Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be made.");
        var before = faults.Count + _unread;
        (RecipeProperty Property, MapEntry Entry)? overriding = null;
        foreach (var entry in node.Entries.Where(e => !(isChoice && e.Key == "kind")))
        {
            var keyPath = RecipePath.Key(path, entry.Key);
            _spots[keyPath] = entry.KeySpot;
            if (shape.FirstOrDefault(p => p.Key == entry.Key) is { } property)
            {
                if (IsOverriding(property)) overriding = (property, entry);
                else Assign(record, property, entry, keyPath);
            }
            else if (Renamed(entry, node, path, shape) is { } now) AssignRenamed(record, now, entry, node, path);
            else Unknown(entry, path, shape, isChoice);
        }

        foreach (var property in shape.Where(p => node.Find(p.Key) is null && !node.Entries.Any(e => Renamed(e, node, path, shape) == p))) LeftOut(record, property, at, path);
        // What begins with this section is read when the rest of it is known.
        if (overriding is (var last, var written)) AssignWithin(record, last, written, RecipePath.Key(path, last.Key));
        if (faults.Count + _unread == before) Validate(record, shape, at, path);
        return record;
    }

    private void Assign(object record, RecipeProperty property, MapEntry entry, string path)
    {
        if (entry.Value is ScalarNode { Broken: true })
        {
            _unread++;
            Unmade(property);
            return;
        }

        if (entry.Value is ScalarNode { IsNull: true } && (property.AllowsNull || (!property.Required && !ScalarReader.Reads(property.Type) && Forms.Of(property.Type).Count == 0)))
        {
            // An empty value is null where the property can be null; a section with all lines commented out counts as left out.
            if (property.AllowsNull) Set(record, property, null, entry.KeySpot, path);
            else LeftOut(record, property, entry.KeySpot, path);
            return;
        }

        if (Value(entry.Value, property.Type, property, entry.KeySpot, path) is { } value) Set(record, property, value, entry.Value.Spot, path);
        else Unmade(property);
    }

    /// <summary>The property that a key of a former release maps to.</summary>
    private static RecipeProperty? Renamed(MapEntry entry, MapNode node, string path, IReadOnlyList<RecipeProperty> shape) =>
        RenamedKeys.Of(path, (node.Find("kind")?.Value as ScalarNode)?.Text, entry.Key) is [var name] && shape.All(p => p.Key != entry.Key) ? shape.FirstOrDefault(p => p.Key == name) : null;

    // Its value is read all the same, so that what is wrong with it is reported too.
    private void AssignRenamed(object record, RecipeProperty property, MapEntry entry, MapNode node, string path)
    {
        var where = path.Length == 0 ? "" : $" under {path}";
        var both = node.Find(property.Key) is not null;
        faults.Add(entry.KeySpot, RecipePath.Key(path, entry.Key), $"the key '{entry.Key}'{where} is now called '{property.Key}'{(both ? ", which is given too; keep one" : Upgrade(entry.KeySpot))}");
        if (both) return;
        var now = RecipePath.Key(path, property.Key);
        _spots[now] = entry.KeySpot;
        Assign(record, property, entry, now);
    }

    private static string Upgrade(SourceLocation spot) => spot.File is { } file ? $"; 'decant recipes upgrade {file}' renames it" : "";

    private object? Value(RecipeNode node, Type type, RecipeProperty property, SourceLocation at, string path)
    {
        if (property.Choice is { } choice && CollectionTypes.ItemOf(type) is null) return ChoiceOf(node, choice.Section, at, path);
        if (Forms.Of(type) is { Count: > 0 } forms) return Form(node, forms, at, path);
        if (ScalarReader.Reads(type)) return Scalar(node, type, property, path);
        if (CollectionTypes.ItemOf(type) is { } item) return List(node, type, item, property, path);
        if (CollectionTypes.ValueOf(type) is { } of) return Map(node, of, property, path);
        if (node is MapNode within && _around is not null && Shape(type).FirstOrDefault(p => p.Overrides is not null) is { } options) return Override(type, options, within, at, path);
        return node is MapNode map ? Record(type, map, at, path) : Wrong(node, path, "a mapping of keys and values");
    }

    private object? Scalar(RecipeNode node, Type type, RecipeProperty property, string path)
    {
        var range = NumberRange.Of(property.Range);
        var words = type.IsEnum ? property.Words ?? EnumWords.All(type) : null;
        var expected = words is null ? ScalarReader.Name(type, range) : $"one of {string.Join(", ", words)}";
        if (node is not ScalarNode { IsNull: false } scalar) return Wrong(node, path, expected);
        if (words?.Contains(scalar.Text) is false) return Wrong(node, path, expected, Suggestion.For(scalar.Text, words));
        if (ScalarReader.Read(scalar, type, range) is not { } value) return Wrong(node, path, ScalarReader.Expected(scalar, type, range));
        if (value is not string text) return value;
        if (property.NameOfKind is { } section && !IsKnown(section, text, node.Spot, path)) return null;
        return property.IsModel && ModelAddress.IsOne(text) ? Address(text, node, path) : property.IsPath ? FullPath(text, node, path) : text;
    }

    /// <summary>The address of a model that is fetched, as it was written: it is fetched when the work begins.</summary>
    private string Address(string text, RecipeNode node, string path)
    {
        try
        {
            return ModelAddress.Parse(text).ToString();
        }
        catch (DecantException error)
        {
            faults.Add(node.Spot, path, $"{path}: {error.Message}");
            return text; // so that nothing that needs a model is reported as a fault too
        }
    }

    private object? FullPath(string text, RecipeNode node, string path)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)) return Wrong(node, path, "the path of a file or folder");
        return Path.GetFullPath(Path.Combine(directory, text));
    }

    private bool IsKnown(string section, string name, SourceLocation spot, string path)
    {
        var known = kinds.Kinds(section).Select(k => k.Kind).ToList();
        if (known.Contains(name)) return true;
        faults.Add(spot, path, $"{path}: unknown {section} '{name}'{Suggestion.Ending(name, known, "there are")}");
        return false;
    }

    private object? List(RecipeNode node, Type type, Type item, RecipeProperty property, string path)
    {
        if (property.IsOneOrMore && node is ScalarNode { IsNull: false, Broken: false })
            return Value(node, item, property, node.Spot, path) is { } single ? CollectionTypes.List(type, item, [single]) : null;
        if (node is not ListNode list)
            return Wrong(node, path, "a list", null, node is ScalarNode { IsNull: false } one ? $"; write [{one.Text}]" : "; begin each entry with '- '");
        var items = new List<object>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var at = RecipePath.Item(path, i);
            _spots[at] = list.Items[i].Spot;
            if (list.Items[i] is ScalarNode { Broken: true }) _unread++;
            else if (Value(list.Items[i], item, property, list.Items[i].Spot, at) is { } value) items.Add(value);
        }

        return CollectionTypes.List(type, item, items);
    }

    private object? Map(RecipeNode node, Type of, RecipeProperty property, string path)
    {
        if (node is not MapNode map) return Wrong(node, path, "a mapping of names and values");
        var entries = new List<(string, object)>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var at = RecipePath.Key(path, entry.Key);
            _spots[at] = entry.KeySpot;
            if (entry.Value is ScalarNode { Broken: true }) _unread++;
            else if (Value(entry.Value, of, property, entry.KeySpot, at) is { } value) entries.Add((entry.Key, value));
        }

        return CollectionTypes.Map(of, entries);
    }

    private object? ChoiceOf(RecipeNode node, string section, SourceLocation at, string path)
    {
        if (node is not MapNode map)
        {
            Wrong(node, path, $"{{ kind: … }} with one of {Known(section)}", null, node is ScalarNode { IsNull: false } s ? $"; write {{ kind: {s.Text} }}" : "");
            return null;
        }

        if (map.Find("kind") is not { } chosen)
        {
            faults.Add(at, path, $"missing key 'kind' under {path}; one of {Known(section)}");
            return null;
        }

        _spots[RecipePath.Key(path, "kind")] = chosen.KeySpot;
        if (chosen.Value is ScalarNode { Broken: true })
        {
            _unread++;
            return null;
        }

        if (chosen.Value is not ScalarNode { IsNull: false, Text: var kind })
        {
            Wrong(chosen.Value, RecipePath.Key(path, "kind"), $"one of {Known(section)}");
            return null;
        }

        if (RenamedKeys.KindOf(path, kind) is { } renamed && kinds.Kinds(section).All(k => k.Kind != kind))
        {
            faults.Add(chosen.Value.Spot, RecipePath.Key(path, "kind"), $"the {section} '{kind}' is now called '{renamed}'{Upgrade(chosen.Value.Spot)}");
            kind = renamed;
        }

        if (kinds.Kinds(section).FirstOrDefault(k => k.Kind == kind) is { } entry)
            return Record(entry.Options, map, at, path, isChoice: true);
        if (kind is OwnKind.Name or OwnKind.Labels)
        {
            faults.Add(chosen.Value.Spot, path, $"the {section} at {path} is a C# program's own, which a recipe cannot make: start that program again; the same calls with the same SaveTo resume its run");
            return null;
        }

        var names = kinds.Kinds(section).Select(k => k.Kind).ToList();
        var near = Suggestion.For(kind, names) is { } n ? $"; did you mean '{n}'? There" : "; there";
        faults.Add(chosen.Value.Spot, path, $"unknown {section} '{kind}' at {path}{near} are: {string.Join(", ", names)}");
        return null;
    }

    private string Known(string section) => string.Join(", ", kinds.Kinds(section).Select(k => k.Kind));

    private void Unknown(MapEntry entry, string path, IReadOnlyList<RecipeProperty> shape, bool isChoice)
    {
        string[] known = [.. isChoice ? ["kind"] : Array.Empty<string>(), .. shape.Select(p => p.Key)];
        var where = path.Length == 0 ? "" : $" under {path}";
        faults.Add(entry.KeySpot, RecipePath.Key(path, entry.Key), $"unknown key '{entry.Key}'{where}{Suggestion.Ending(entry.Key, known, "it takes")}");
    }

    private void LeftOut(object record, RecipeProperty property, SourceLocation at, string path)
    {
        if (property.Required)
        {
            var where = path.Length == 0 ? "" : $" under {path}";
            faults.Add(at, RecipePath.Key(path, property.Key), $"missing key '{property.Key}'{where}{(property.About is { } about ? $": {about}" : "")}");
            Unmade(property);
        }
        else if (property.Info.GetValue(record) is { } value)
        {
            property.Info.SetValue(record, Normal(property.Type, value));
        }
    }

    // Checks across sections can do with a number less; with anything else missing they would fail, or report its consequences as faults.
    private void Unmade(RecipeProperty property) => Whole &= !property.Required || property.Type.IsPrimitive;

    // A default must equal what would be read from the same thing written out: lists by their items.
    private object Normal(Type type, object value)
    {
        if (CollectionTypes.ItemOf(type) is { } item) return CollectionTypes.List(type, item, [.. ((System.Collections.IEnumerable)value).Cast<object>().Select(part => Normal(item, part))]);
        if (ScalarReader.Reads(type) || CollectionTypes.ValueOf(type) is not null || Forms.Of(type).Count > 0) return value;
        foreach (var property in Shape(value.GetType()))
            if (property.Info.GetValue(value) is { } part) property.Info.SetValue(value, Normal(property.Type, part));
        return value;
    }

    private void Set(object record, RecipeProperty property, object? value, SourceLocation spot, string path)
    {
        try
        {
            property.Info.SetValue(record, value);
        }
        catch (TargetInvocationException refusal) when (refusal.InnerException is ArgumentException or FormatException or DecantException)
        {
            faults.Add(spot, path, $"{path}: {refusal.InnerException.Message}");
        }
    }

    private void Validate(object record, IReadOnlyList<RecipeProperty> shape, SourceLocation at, string path)
    {
        foreach (var property in shape)
            foreach (var validation in property.Validations)
            {
                var keyPath = RecipePath.Key(path, property.Key);
                var context = Context(record);
                (context.MemberName, context.DisplayName) = (property.Info.Name, keyPath);
                if (validation.GetValidationResult(property.Info.GetValue(record), context) is { ErrorMessage: var message })
                    faults.Add(_spots.GetValueOrDefault(keyPath, at), keyPath, message ?? $"{keyPath} is not valid");
            }

        if (record is not IValidatableObject validatable) return;
        foreach (var result in validatable.Validate(Context(record)).Where(r => r != ValidationResult.Success))
        {
            var keyPath = result.MemberNames.FirstOrDefault() is { } member ? RecipePath.Key(path, KebabCase.FromPascal(member)) : path;
            faults.Add(_spots.GetValueOrDefault(keyPath, at), keyPath, $"{keyPath}: {result.ErrorMessage}");
        }
    }

    private ValidationContext Context(object record)
    {
        var context = new ValidationContext(record);
        context.InitializeServiceProvider(type => type == typeof(IKindRegistry) ? kinds : null);
        return context;
    }

    private object? Wrong(RecipeNode node, string path, string expected, string? near = null, string next = "")
    {
        if (node is ScalarNode { Broken: true }) return null;
        faults.Add(node.Spot, path, $"{path}: expected {expected}, came {node.Describe()}{(near is null ? next : $"; did you mean '{near}'?")}");
        return null;
    }

    private IReadOnlyList<RecipeProperty> Shape(Type type)
    {
        if (!_shapes.TryGetValue(type, out var shape)) _shapes[type] = shape = RecipeProperty.Of(type);
        return shape;
    }
}
