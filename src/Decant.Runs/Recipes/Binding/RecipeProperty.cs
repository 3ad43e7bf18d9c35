using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Decant.Runs.Recipes.Binding;

/// <summary>One key that a record takes: the <c>init</c> property behind it and what its attributes say.</summary>
internal sealed record RecipeProperty
{
    public required string Key { get; init; }

    public required PropertyInfo Info { get; init; }

    /// <summary>The value's type, <see cref="Nullable{T}"/> taken off.</summary>
    public required Type Type { get; init; }

    /// <summary>Whether nothing (<c>null</c>) is a value.</summary>
    public bool AllowsNull { get; init; }

    public bool Required { get; init; }

    public ChoiceOfAttribute? Choice { get; init; }

    public string? NameOfKind { get; init; }

    public bool IsPath { get; init; }

    /// <summary>Whether the path may also be the address of a model that is fetched.</summary>
    public bool IsModel { get; init; }

    /// <summary>Whether a list may be written as its only value.</summary>
    public bool IsOneOrMore { get; init; }

    public RangeAttribute? Range { get; init; }

    /// <summary>The words of an enum that are allowed here; null: all of them.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Says that the keys of the value stand beside the others, and change a section around it; null: it is a value as others.</summary>
    public OverridesAttribute? Overrides { get; init; }

    public IReadOnlyList<ValidationAttribute> Validations { get; init; } = [];

    public string? About { get; init; }

    /// <summary>
    /// The keys that <paramref name="type"/> takes, a base type's first; those with a <see cref="DisplayAttribute.Order"/> behind those without. Of a public record, an internal property that is
    /// described is a key of recipes alone.
    /// </summary>
    public static IReadOnlyList<RecipeProperty> Of(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(p => (p.SetMethod is { IsPublic: true } || (p.SetMethod is { IsAssembly: true } && p.IsDefined(typeof(DescriptionAttribute)))) && p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.GetCustomAttribute<DisplayAttribute>()?.GetOrder() ?? 0).ThenBy(p => Depth(p.DeclaringType)).ThenBy(p => p.MetadataToken)
            .Select(Of),
    ];

    private static RecipeProperty Of(PropertyInfo info)
    {
        var underlying = Nullable.GetUnderlyingType(info.PropertyType);
        var validations = info.GetCustomAttributes<ValidationAttribute>(inherit: true).ToList();
        return new RecipeProperty
        {
            Key = KebabCase.FromPascal(info.Name),
            Info = info,
            Type = underlying ?? info.PropertyType,
            AllowsNull = underlying is not null || new NullabilityInfoContext().Create(info).WriteState == NullabilityState.Nullable,
            Required = info.IsDefined(typeof(RequiredMemberAttribute)),
            Choice = info.GetCustomAttribute<ChoiceOfAttribute>(),
            NameOfKind = info.GetCustomAttribute<NameOfKindAttribute>()?.Section,
            IsOneOrMore = info.IsDefined(typeof(OneOrMoreAttribute)),
            IsPath = info.IsDefined(typeof(LocalPathAttribute)),
            IsModel = info.GetCustomAttribute<LocalPathAttribute>()?.OrModel is true,
            Range = validations.OfType<RangeAttribute>().FirstOrDefault(),
            Words = validations.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed ? [.. allowed.Values.OfType<Enum>().Select(EnumWords.Of)] : null,
            Overrides = info.GetCustomAttribute<OverridesAttribute>(),
            Validations = [.. validations.Where(v => v is not (RangeAttribute or AllowedValuesAttribute))],
            About = info.GetCustomAttribute<DescriptionAttribute>()?.Description,
        };
    }

    private static int Depth(Type? type)
    {
        var depth = 0;
        for (; type is not null; type = type.BaseType) depth++;
        return depth;
    }
}
