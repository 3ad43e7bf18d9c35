using System.ComponentModel.DataAnnotations;

namespace Decant;

/// <summary>Holds options that were made in code to the same ranges as those read from a recipe.</summary>
internal static class OptionChecks
{
    /// <summary>The options, if every property is within its range.</summary>
    /// <exception cref="DecantException">Some are not: all of them at once.</exception>
    public static T Checked<T>(this T options) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new DecantException($"{options.GetType().Name}: " + string.Join(" ", faults.Select(f => f.ErrorMessage)));
        return options;
    }
}
