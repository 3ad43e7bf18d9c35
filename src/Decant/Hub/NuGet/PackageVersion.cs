using System.Text.RegularExpressions;

namespace Decant.Hub.NuGet;

/// <summary>A version as NuGet's folders spell it: at least three numbers, a fourth only where it is not 0, no leading zeros, without what follows a plus.</summary>
internal static partial class PackageVersion
{
    /// <summary>The version in that spelling.</summary>
    /// <exception cref="DecantException">It is no version of a package.</exception>
    public static string Normalize(string version)
    {
        if (Written().Match(version) is not { Success: true } match)
            throw new DecantException($"expected the version of a NuGet package such as 24.9.52193, came '{version}'; one version alone, no range");
        var numbers = match.Groups["n"].Value.Split('.').Select(n => n.TrimStart('0') is { Length: > 0 } digits ? digits : "0").ToList();
        while (numbers.Count < 3)
            numbers.Add("0");
        if (numbers is [.., _, _, _, "0"])
            numbers.RemoveAt(3);
        return string.Join('.', numbers) + match.Groups["pre"].Value.ToLowerInvariant();
    }

    [GeneratedRegex(@"\A(?<n>[0-9]{1,9}(\.[0-9]{1,9}){0,3})(?<pre>-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\z")]
    private static partial Regex Written();
}
