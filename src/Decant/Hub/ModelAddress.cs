using System.Text.RegularExpressions;

namespace Decant.Hub;

/// <summary>A model that is not a folder of this machine: what stands behind <c>load:</c> as <c>hf:ORG/NAME@revision</c> or <c>nuget:PACKAGE/VERSION#RESOURCE</c>.</summary>
internal sealed partial record ModelAddress
{
    /// <summary>The scheme of Hugging Face's hub.</summary>
    public const string HuggingFace = "hf";

    /// <summary>The scheme of NuGet packages.</summary>
    public const string NuGet = "nuget";

    /// <summary>How an address of the hub is written.</summary>
    public const string HuggingFaceForm = "hf:ORG/NAME, or hf:ORG/NAME@REVISION for a branch, tag or commit";

    /// <summary>How an address of a package is written.</summary>
    public const string NuGetForm = "nuget:PACKAGE/VERSION, or nuget:PACKAGE/VERSION#RESOURCE for one of its files";

    private static readonly string[] s_pages = ["https://", "http://"];

    private ModelAddress()
    {
    }

    /// <summary>Where it is fetched from: <see cref="HuggingFace"/> or <see cref="NuGet"/>.</summary>
    public required string Scheme { get; init; }

    /// <summary>The repository, <c>ORG/NAME</c>, or the package.</summary>
    public required string Name { get; init; }

    /// <summary>The branch, tag or commit, or the package's version; null where none is given, which on the hub is its branch <c>main</c>.</summary>
    public required string? Version { get; init; }

    /// <summary>One of several models in it; null where none is given.</summary>
    public required string? Resource { get; init; }

    /// <summary>Whether a text is meant as such an address, right or wrong; any other is a path.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(HuggingFace + ":", StringComparison.Ordinal) || text.StartsWith(NuGet + ":", StringComparison.Ordinal) || s_pages.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Takes an address apart.</summary>
    /// <param name="text">A text that <see cref="IsOne"/> says is meant as one.</param>
    /// <exception cref="DecantException">It is written otherwise: what was expected, and what comes near.</exception>
    public static ModelAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Hub().Match(text) is { Success: true } hub && (!hub.Groups["rev"].Success || !hub.Groups["rev"].Value.Split('/').Any(p => p is "" or "." or "..")))
            return new() { Scheme = HuggingFace, Name = hub.Groups["name"].Value, Version = Given(hub.Groups["rev"]), Resource = null };
        if (Package().Match(text) is { Success: true } package)
            return new() { Scheme = NuGet, Name = package.Groups["name"].Value, Version = package.Groups["version"].Value, Resource = Given(package.Groups["resource"]) };
        var form = text.StartsWith(NuGet, StringComparison.Ordinal) ? NuGetForm : HuggingFaceForm;
        throw new DecantException($"expected {form}, came '{text}'{Near(text)}");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Scheme == NuGet ? $"{NuGet}:{Name}/{Version}{(Resource is null ? "" : $"#{Resource}")}" : $"{HuggingFace}:{Name}{(Version is null ? "" : $"@{Version}")}";

    private static string? Given(Group group) => group.Success ? group.Value : null;

    private static string Near(string text)
    {
        if (Page().Match(text) is { Success: true } page)
            return $"; write hf:{page.Groups["name"].Value}";
        if (text.StartsWith(HuggingFace + ":", StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal))
            return "; models that once had no organization have one now, such as hf:google-bert/bert-base-uncased";
        return s_pages.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase)) ? "; other pages cannot be loaded: download the files into a folder, and name that" : "";
    }

    // A part of the name begins and ends with a letter or digit, so that none is '..', and none can be taken for an option or a hidden folder.
    [GeneratedRegex(@"\Ahf:(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?/[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?)(?:@(?<rev>[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}))?\z")]
    private static partial Regex Hub();

    [GeneratedRegex(@"\Anuget:(?<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?)/(?<version>[0-9][0-9A-Za-z.+-]{0,63})(?:#(?<resource>[^\s#?*:|<>""\\]{1,200}))?\z")]
    private static partial Regex Package();

    [GeneratedRegex(@"\A(?:hf://|https?://(?:huggingface\.co|hf\.co)/)(?:models/)?(?<name>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)(?:[/?#@]|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Page();
}
