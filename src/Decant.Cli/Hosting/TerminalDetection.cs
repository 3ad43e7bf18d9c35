namespace Decant.Cli.Hosting;

/// <summary>Whether output is for eyes that watch it, or for a file.</summary>
internal static class TerminalDetection
{
    /// <summary>True on a terminal, unless <c>NO_COLOR</c> is set (https://no-color.org), the terminal is dumb, or a build server pretends to have one.</summary>
    public static bool CanBeDrawnOn(bool isRedirected, Func<string, string?> environment) =>
        !isRedirected
        && string.IsNullOrEmpty(environment("NO_COLOR"))
        && string.IsNullOrEmpty(environment("CI"))
        && environment("TERM") is not "dumb";
}
