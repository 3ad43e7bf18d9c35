namespace Decant.Torch.Interop;

/// <summary>The folder for what a user's programs can make again.</summary>
internal static class UserCache
{
    /// <summary><c>XDG_CACHE_HOME</c>, or <c>.cache</c> in the user's folder; null where the user has none.</summary>
    public static string? Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen)
                return chosen;
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return home.Length > 0 ? Path.Combine(home, ".cache") : null;
        }
    }
}
