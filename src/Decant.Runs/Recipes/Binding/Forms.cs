using System.Reflection;

namespace Decant.Runs.Recipes.Binding;

/// <summary>Values that have several forms, <c>temperature: 4</c> or <c>temperature: { kind: linear, from: 8, to: 2 }</c>, as <see cref="FormAttribute"/> says.</summary>
internal static class Forms
{
    private const string ShortKey = "value";

    /// <summary>The forms of a type, in the order in which they stand there; none for a type that has but one.</summary>
    public static IReadOnlyList<FormAttribute> Of(Type type) => [.. type.GetCustomAttributes<FormAttribute>(inherit: false)];

    /// <summary>The name of a value's own form; null where its type is none of several.</summary>
    public static string? KindOf(object value) =>
        value.GetType().BaseType is { } first ? Ancestors(first).SelectMany(Of).FirstOrDefault(f => f.Type == value.GetType())?.Kind : null;

    /// <summary>The one property of a form that may be written without its key; null where it has others.</summary>
    public static RecipeProperty? Short(Type form) => RecipeProperty.Of(form) is [{ Key: ShortKey } only] ? only : null;

    /// <summary>The form that may be written as a plain value, if there is one.</summary>
    public static (FormAttribute Form, RecipeProperty Value)? Plain(IReadOnlyList<FormAttribute> forms) =>
        forms.Select(f => (Form: f, Value: Short(f.Type))).Where(f => f.Value is not null).Select(f => ((FormAttribute, RecipeProperty)?)(f.Form, f.Value!)).FirstOrDefault();

    /// <summary>What may be written, in the user's words.</summary>
    public static string Expected(IReadOnlyList<FormAttribute> forms)
    {
        var kinds = $"{{ kind: … }} with one of {Names(forms)}";
        return Plain(forms) is (_, var value) ? $"{ScalarReader.Name(value.Type, NumberRange.Of(value.Range))}, or {kinds}" : kinds;
    }

    /// <summary>Their names.</summary>
    public static string Names(IReadOnlyList<FormAttribute> forms) => string.Join(", ", forms.Select(f => f.Kind));

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
            yield return at;
    }
}
