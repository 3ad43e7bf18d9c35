using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Decant.Files;

/// <summary>How JSON becomes objects that hold what their types promise: no null where none may be, not in a list either; what is left out has the value that the type gives it.</summary>
/// <remarks>
/// Generated readers give a key that is left out of a file null instead of the property's initial value, and no reader of .NET looks into lists: what was written by an earlier version, or
/// changed by hand, would fail far from where it was read.
/// </remarks>
[RequiresUnreferencedCode(NeedsReflection)]
[RequiresDynamicCode(NeedsReflection)]
internal static class WholeObjects
{
    private const string NeedsReflection = "The properties of the objects are found by reflection; programs that are trimmed read JSON with JsonDocument.";


    /// <summary>The same options for reading.</summary>
    /// <param name="options">Those that the objects are written with.</param>
    public static JsonSerializerOptions For(JsonSerializerOptions options)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(RequireItems);
        return new JsonSerializerOptions(options) { TypeInfoResolver = resolver, RespectNullableAnnotations = true };
    }

    private static void RequireItems(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var context = new NullabilityInfoContext();
        var lists = type.Type.GetProperties().Where(p => p.GetIndexParameters().Length == 0 && typeof(IEnumerable).IsAssignableFrom(p.PropertyType) && HoldsObjects(context.Create(p))).ToArray();
        if (lists.Length > 0)
            type.OnDeserialized = made => Array.ForEach(lists, list => Require(made, list));
    }

    private static bool HoldsObjects(NullabilityInfo info) =>
        (info.ElementType ?? info.GenericTypeArguments.LastOrDefault()) is { ReadState: NullabilityState.NotNull } item && !item.Type.IsValueType;

    private static void Require(object made, PropertyInfo list)
    {
        var items = list.GetValue(made) switch { IDictionary pairs => pairs.Values, IEnumerable all => all, _ => null };
        if (items is not null && items.Cast<object?>().Any(item => item is null))
            throw new JsonException($"'{list.Name}' has null among its values");
    }
}
