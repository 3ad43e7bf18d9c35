using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Decant;

/// <summary>Holds options that were made in code to the same ranges as those read from a recipe.</summary>
internal static class OptionChecks
{
    /// <summary>The options, if every property is within its range.</summary>
    /// <exception cref="DecantException">Some are not: all of them at once.</exception>
    [RequiresUnreferencedCode("The properties of the options are found by reflection; programs that are trimmed check theirs one by one.")]
    public static T Checked<T>(this T options) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new DecantException($"{options.GetType().Name}: " + string.Join(" ", faults.Select(f => f.ErrorMessage)));
        return options;
    }
}
