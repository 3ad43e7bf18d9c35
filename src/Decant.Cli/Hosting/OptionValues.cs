using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Decant.Cli.Hosting;

/// <summary>Refuses values that an option cannot take, in the same words for all commands, and before anything else looks at them.</summary>
internal static class OptionValues
{
    /// <summary>Puts the check before the other checks of a command and of the commands in it; where a value is wrong, the others are left out.</summary>
    public static void Check(Command command)
    {
        var others = command.Validators.ToArray();
        command.Validators.Clear();
        command.Validators.Add(result =>
        {
            var faults = result.Children.OfType<OptionResult>().SelectMany(Faults).ToArray();
            foreach (var fault in faults)
                result.AddError(fault);
            if (faults.Length > 0)
                return;
            foreach (var other in others)
                other(result);
        });
        foreach (var part in command.Subcommands)
            Check(part);
    }

    /// <summary>What an option takes, in words; null: any text, or it says itself what.</summary>
    public static string? Expected(Option option) => OneOf(option.ValueType) switch
    {
        _ when option is Option<int?> { CustomParser: not null } => null,
        var type when type == typeof(int) || type == typeof(long) => "a whole number",
        var type when type == typeof(double) => "a number",
        var type when type == typeof(string) && Named(option) is [.. var first, var last] => $"{string.Join(", ", first)} or {last}",
        _ => null,
    };

    private static IEnumerable<string> Faults(OptionResult result) => Expected(result.Option) is { } expected
        ? result.Tokens.Where(token => !Takes(result.Option, token.Value)).Select(token => $"{result.Option.Name}: expected {expected}, came '{token.Value}'.")
        : [];

    private static bool Takes(Option option, string value) => OneOf(option.ValueType) switch
    {
        var type when type == typeof(int) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        var type when type == typeof(long) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        var type when type == typeof(double) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        _ => Named(option).Contains(value, StringComparer.Ordinal),
    };

    // The type of one value, where there may be several or none.
    private static Type OneOf(Type type) => type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;

    private static string[] Named(Option option) => [.. option.GetCompletions(CompletionContext.Empty).Select(completion => completion.Label)];
}
