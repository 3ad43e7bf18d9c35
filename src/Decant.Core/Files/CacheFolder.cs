namespace Decant.Files;

/// <summary>Where what can be made again is kept from run to run: <c>$DECANT_CACHE</c>, or <c>decant</c> in the user's cache folder.</summary>
internal static class CacheFolder
{
    private const string Variable = "DECANT_CACHE";

    /// <summary>The folder of a kind of things; made when something is written.</summary>
    /// <exception cref="DecantException">The cache is not there and cannot be made.</exception>
    public static string Of(string kind) => Of(Root(), kind);

    /// <summary>The same in another cache.</summary>
    internal static string Of(string root, string kind)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The cache {root} is no folder and cannot be made one: {error.Message} Expected a folder that can be written; name another with {Variable}.", ExitCodes.Machine, error);
        }

        return Path.Combine(root, kind);
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own)
            return own;
        var user = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(user, "decant");
    }
}
