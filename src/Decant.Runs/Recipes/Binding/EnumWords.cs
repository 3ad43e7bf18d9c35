using System.Reflection;
using System.Runtime.Serialization;

namespace Decant.Runs.Recipes.Binding;

/// <summary>The words of a recipe for the values of an enum: the name in kebab-case, or what <see cref="EnumMemberAttribute"/> says.</summary>
internal static class EnumWords
{
    /// <summary>The word of a value.</summary>
    /// <param name="value">A named value.</param>
    public static string Of(Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Of(value.GetType(), value.ToString());
    }

    /// <summary>The words of an enum, in the order of its values.</summary>
    internal static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(name => Of(type, name))];

    /// <summary>The value of a word; null: it is none of the enum's.</summary>
    internal static object? Read(Type type, string word) => Enum.GetNames(type).FirstOrDefault(name => Of(type, name) == word) is { } found ? Enum.Parse(type, found) : null;

    private static string Of(Type type, string name) => type.GetField(name)?.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? KebabCase.FromPascal(name);
}
