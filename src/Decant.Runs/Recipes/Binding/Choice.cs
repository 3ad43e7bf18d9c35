using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Binding;

/// <summary>A choice among kinds, <c>{ kind: adamw, learning-rate: 5e-4 }</c>, with its other keys read into the kind's own options.</summary>
/// <param name="Section">Where it was chosen, one of <see cref="Sections"/>.</param>
/// <param name="Kind">What was chosen.</param>
/// <param name="Options">The kind's options, of the type that the registry names.</param>
public sealed record Choice(string Section, string Kind, object Options)
{
    /// <summary>The options as their own type.</summary>
    /// <typeparam name="TOptions">That type, or a base of it.</typeparam>
    /// <exception cref="InvalidCastException">They are of another type: the catalog and the caller disagree.</exception>
    public TOptions As<TOptions>() => (TOptions)Options;

    /// <summary>The option <c>weight</c>, where the kind has one; the largest that it becomes.</summary>
    public double? Weight() => WeightSchedule()?.Largest;

    /// <summary>Whether the option <c>sample-weighting</c> is given, where the kind has one: samples are then weighted by the teacher's confidence.</summary>
    public bool IsBySample => Options.GetType().GetProperty("SampleWeighting")?.GetValue(Options) is not null;

    /// <summary>The option <c>weight</c> over the training, where the kind has one.</summary>
    public ScalarSchedule? WeightSchedule() => Options.GetType().GetProperty(nameof(Weight))?.GetValue(Options) switch
    {
        ScalarSchedule schedule => schedule,
        { } number => Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture),
        null => null,
    };
}

/// <summary>Marks a property of type <see cref="Choice"/>, or a list of them, with the section that its kinds belong to.</summary>
/// <param name="section">One of <see cref="Sections"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceOfAttribute(string section) : Attribute
{
    /// <summary>One of <see cref="Sections"/>.</summary>
    public string Section { get; } = section;

    /// <summary>The kind that is meant when the key is left out; null: there is none.</summary>
    public string? Default { get; init; }
}

/// <summary>Marks a text that must be the name of one of a section's kinds.</summary>
/// <param name="section">One of <see cref="Sections"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameOfKindAttribute(string section) : Attribute
{
    /// <summary>One of <see cref="Sections"/>.</summary>
    public string Section { get; } = section;
}
