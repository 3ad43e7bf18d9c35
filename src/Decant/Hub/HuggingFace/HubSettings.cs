using System.Globalization;

namespace Decant.Hub.HuggingFace;

/// <summary>Where the hub is, who asks, where files are kept, and how patient the client is. The variables are those of Hugging Face's own tools.</summary>
internal sealed record HubSettings
{
    /// <summary>The hub that everybody uses.</summary>
    public static readonly Uri PublicHub = new("https://huggingface.co/");

    /// <summary>The hub, with a '/' at its end; <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; init; } = PublicHub;

    /// <summary>Who asks; null: nobody in particular.</summary>
    public HubToken? Token { get; init; }

    /// <summary>The folder of the cache: <c>HF_HUB_CACHE</c>, or <c>hub</c> in <c>HF_HOME</c>.</summary>
    public required string Cache { get; init; }

    /// <summary>Why the hub is not asked, such as "HF_HUB_OFFLINE is set"; null: it is.</summary>
    public string? Offline { get; init; }

    /// <summary>Whether a snapshot links to its files, as on every system that can; false: it holds them itself.</summary>
    public bool MayLink { get; init; } = true;

    /// <summary>How long an answer may take to begin; default: 30 seconds.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same where the model is in the cache already, and no answer is needed; default: 3 seconds.</summary>
    public TimeSpan CachedTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long nothing of a file, or next to nothing, may come in; default: 30 seconds.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often in a row something is tried that fails without a byte more; default: 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait after the first failure, doubled after each further one; default: 1 second.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for; more is reported instead. Default: 5 minutes.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The free bytes of the disk that a folder is on; null: unknown.</summary>
    public Func<string, long?> FreeBytes { get; init; } = DiskRoom.Free;

    /// <summary>What the environment says.</summary>
    /// <param name="environment">The value of a variable; null: not set.</param>
    /// <exception cref="DecantException">A variable holds what cannot be meant.</exception>
    public static HubSettings Of(Func<string, string?> environment)
    {
        string? Said(params string[] names) => names.Select(environment).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var home = Full(Said("HF_HOME") ?? Path.Combine(Said("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface"), user);
        var offline = new[] { "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE" }.FirstOrDefault(name => IsTrue(Said(name)));
        return new HubSettings
        {
            Endpoint = EndpointOf(Said("HF_ENDPOINT")),
            Token = HubToken.Of(Said, Full(Said("HF_TOKEN_PATH") ?? Path.Combine(home, "token"), user)),
            Cache = Full(Said("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"), user),
            Offline = offline is null ? null : $"{offline} is set",
            MayLink = !IsTrue(Said("HF_HUB_DISABLE_SYMLINKS")),
            AnswerTimeout = Seconds("HF_HUB_ETAG_TIMEOUT", Said),
            StallTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT", Said),
        };
    }

    /// <summary>Whether a variable is switched on, as Hugging Face's tools read it.</summary>
    public static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string Full(string path, string user) =>
        Path.GetFullPath(path == "~" ? user : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(user, path[2..]) : Environment.ExpandEnvironmentVariables(path));

    private static Uri EndpointOf(string? said)
    {
        if (said is null)
            return PublicHub;
        return Uri.TryCreate(said.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : throw new DecantException("HF_ENDPOINT: expected the address of a hub, such as https://huggingface.co, without a user or a query, came something else. Correct the variable, or unset it.");
    }

    private static TimeSpan Seconds(string name, Func<string[], string?> said) =>
        said([name]) is not { } text ? new HubSettings { Cache = "" }.AnswerTimeout
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds)
        : throw new DecantException($"{name}: expected a number of seconds from 1 to 86400, came '{text}'. Correct the variable, or unset it.");
}
