namespace Decant.Files;

/// <summary>Where what can be made again is kept from run to run: <c>$DECANT_CACHE</c>, or <c>decant</c> in the user's cache folder.</summary>
internal static class CacheFolder
{
    /// <summary>The folder of a kind of things; made when something is written.</summary>
    public static string Of(string kind) => Path.Combine(Root(), kind);

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("DECANT_CACHE") is { Length: > 0 } own)
            return own;
        var user = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(user, "decant");
    }
}
