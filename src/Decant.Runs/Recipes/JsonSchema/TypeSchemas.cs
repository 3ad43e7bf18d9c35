using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Training;

namespace Decant.Runs.Recipes.JsonSchema;

/// <summary>The schema of each type that a recipe is read into. A record, and each choice among kinds, is a definition of its own.</summary>
internal sealed class TypeSchemas(IKindRegistry kinds)
{
    private const string Variable = "variable";
    private const string NumberText = "number-text";

    private readonly SortedDictionary<string, JsonNode> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> _names = [];

    /// <summary>What the schemas that were asked for refer to.</summary>
    public JsonObject Definitions()
    {
        _definitions[Variable] = new JsonObject
        {
            ["description"] = "an environment variable: ${NAME} or ${NAME:-default}",
            ["type"] = "string",
            ["pattern"] = @"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}",
        };
        // A number with underscores is a text to YAML 1.2, and one with an exponent and no point to YAML 1.1.
        _definitions[NumberText] = new JsonObject
        {
            ["description"] = "a number with underscores (60_000) or an exponent (2e-3), or an environment variable",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = @"^[-+]?[0-9]+((_[0-9]+)+(\.[0-9]*)?([eE][-+]?[0-9]+)?|(\.[0-9]*)?[eE][-+]?[0-9]+)$" }, Reference(Variable)),
        };
        return new JsonObject(_definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
    }

    /// <summary>A reference to the schema of a record.</summary>
    public JsonObject Record(Type type) => Defined(Name(type), () => Keys(RecipeProperty.Of(type), Activator.CreateInstance(type)!, null));

    private JsonObject Keys(IReadOnlyList<RecipeProperty> properties, object fresh, string? kind)
    {
        var (keys, required) = (new JsonObject(), new JsonArray());
        if (kind is not null)
        {
            keys["kind"] = new JsonObject { ["const"] = kind };
            required.Add("kind");
        }

        // A key of an overriding section has no default of its own.
        foreach (var (property, start) in properties.SelectMany(p => p.Overrides?.Keys(p.Type).Select(k => (k with { AllowsNull = !k.Required }, (object?)null)) ?? [(p, fresh)]))
        {
            keys[property.Key] = Property(property, start is null ? null : property.Info.GetValue(start));
            if (property.Required) required.Add(property.Key);
        }

        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = keys };
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    private JsonObject Property(RecipeProperty property, object? initial)
    {
        var schema = Value(property.Type, property);
        if (property.AllowsNull || (!property.Required && !ScalarReader.Reads(property.Type) && Forms.Of(property.Type).Count == 0)) schema = OrNull(schema);
        if (property.About is { } about) schema["description"] = about;
        if (!property.Required && Default(initial) is { } value) schema["default"] = value;
        return schema;
    }

    private JsonObject Value(Type type, RecipeProperty property)
    {
        if (CollectionTypes.ItemOf(type) is { } item) return List(Value(Nullable.GetUnderlyingType(item) ?? item, property), property);
        if (property.Choice is { } choice) return Choice(choice.Section);
        if (Forms.Of(type) is { Count: > 0 } forms) return Form(type, forms);
        if (ScalarReader.Reads(type)) return Scalar(type, property);
        if (CollectionTypes.ValueOf(type) is { } value) return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(value, property) };
        return Record(type);
    }

    private static JsonObject List(JsonObject item, RecipeProperty property)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item };
        if (property.Validations.OfType<MinLengthAttribute>().FirstOrDefault() is { } least) list["minItems"] = least.Length;
        return property.IsOneOrMore ? AnyOf(item.DeepClone(), list) : list;
    }

    /// <summary>One of the kinds of a section: the other keys are those of the kind.</summary>
    private JsonObject Choice(string section) => Defined(section, () => OneOf(kinds.Kinds(section).Select(k => (k.Kind, k.About, k.Options)), section));

    /// <summary>A value of several forms: the plain one, or a mapping that says which.</summary>
    private JsonObject Form(Type type, IReadOnlyList<FormAttribute> forms) => Defined(Name(type), () =>
    {
        var mapping = OneOf(forms.Select(f => (f.Kind, "", f.Type)), Name(type));
        return Forms.Plain(forms) is (_, var plain) ? AnyOf(Value(plain.Type, plain), mapping) : mapping;
    });

    private JsonObject OneOf(IEnumerable<(string Kind, string About, Type Options)> all, string name)
    {
        var (named, cases) = (new JsonArray(), new JsonArray());
        foreach (var (kind, about, options) in all)
        {
            named.Add(kind);
            var keys = Defined($"{name}.{kind}", () =>
            {
                var schema = Keys(RecipeProperty.Of(options), Activator.CreateInstance(options)!, kind);
                if (about.Length > 0) schema.Insert(0, "description", about);
                return schema;
            });
            cases.Add(new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind } }, ["required"] = new JsonArray("kind") },
                ["then"] = keys,
            });
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("kind"),
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["enum"] = named } },
            ["allOf"] = cases,
        };
    }

    private JsonObject Scalar(Type type, RecipeProperty property)
    {
        if (property.NameOfKind is { } section) return OrVariable(Words(kinds.Kinds(section).Select(k => k.Kind)));
        if (type == typeof(string)) return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }; // whatever is written is text
        if (type == typeof(bool)) return OrVariable(new JsonObject { ["type"] = "boolean" });
        if (type.IsEnum) return OrVariable(Words(property.Words ?? EnumWords.All(type)));
        if (type == typeof(CountOrFraction))
            return AnyOf(new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["exclusiveMaximum"] = 1 }, new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, Reference(NumberText));
        if (type == typeof(ValidationInterval))
            return OrVariable(new JsonObject { ["type"] = "string", ["pattern"] = "^ *[0-9][0-9_]*(\\.[0-9]*)?([eE][-+]?[0-9]+)? +(steps?|epochs?) *$" });
        var number = new JsonObject { ["type"] = ScalarReader.Name(type, null).StartsWith("a whole", StringComparison.Ordinal) ? "integer" : "number" };
        if (NumberRange.Of(property.Range) is { } range)
        {
            if (Math.Abs(range.Low) < int.MaxValue) number[range.LowExcluded ? "exclusiveMinimum" : "minimum"] = Number(range.Low);
            if (Math.Abs(range.High) < int.MaxValue) number[range.HighExcluded ? "exclusiveMaximum" : "maximum"] = Number(range.High);
        }

        return AnyOf(number, Reference(NumberText));
    }

    private static JsonNode? Default(object? value) => value switch
    {
        bool truth => JsonValue.Create(truth),
        string { Length: > 0 } text => JsonValue.Create(text),
        Enum word => JsonValue.Create(EnumWords.Of(word)),
        int or long or uint or ulong or short or byte => Number(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        double number => Number(number),
        float number => Number(double.Parse(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)),
        not null when Forms.Short(value.GetType()) is { } plain && Forms.KindOf(value) is not null => Default(plain.Info.GetValue(value)),
        _ => null,
    };

    // 3.0 is written as 3.
    private static JsonValue Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonObject Words(IEnumerable<string> words) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };

    private static JsonObject OrVariable(JsonObject schema) => AnyOf(schema, Reference(Variable));

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["anyOf"] is JsonArray any) any.Add(new JsonObject { ["type"] = "null" });
        else return AnyOf(schema, new JsonObject { ["type"] = "null" });
        return schema;
    }

    private static JsonObject AnyOf(params JsonNode[] schemas) => new() { ["anyOf"] = new JsonArray([.. schemas.SelectMany(Alternatives)]) };

    private static IEnumerable<JsonNode> Alternatives(JsonNode schema)
    {
        if (schema is not JsonObject { Count: 1 } only || only["anyOf"] is not JsonArray any) return [schema];
        JsonNode[] all = [.. any.OfType<JsonNode>()];
        any.Clear();
        return all;
    }

    private JsonObject Defined(string name, Func<JsonNode> make)
    {
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = new JsonObject(); // a record that holds itself refers to what is being made
            _definitions[name] = make();
        }

        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private string Name(Type type)
    {
        var name = KebabCase.FromPascal(type.Name.Replace("Section", "", StringComparison.Ordinal).Replace("Options", "", StringComparison.Ordinal));
        if (name.Length == 0 || (_names.TryGetValue(name, out var other) && other != type) || kinds.Kinds(name).Count > 0) name = KebabCase.FromPascal(type.Name);
        _names[name] = type;
        return name;
    }
}
