namespace Decant.Cli.Hosting;

/// <summary>Arguments as a shell wants them typed.</summary>
internal static class ShellText
{
    /// <summary>The command that gives these arguments again.</summary>
    public static string Command(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quoted).Prepend("decant"));

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(IsPlain) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '=' or ':' or ',' or '+' or '@' or '%';
}
