using System.Text.RegularExpressions;

namespace Decant.Tests.Architecture;

/// <summary>What the pages say is there.</summary>
public partial class DocumentationTests
{
    private static readonly string[] s_pages =
    [
        .. Directory.GetFiles(Repository.Root, "*.md"),
        .. Directory.GetFiles(Repository.Find("docs"), "*.md", SearchOption.AllDirectories),
    ];

    [Fact]
    public void Every_link_between_the_pages_leads_somewhere()
    {
        Assert.True(s_pages.Length >= 6, $"only {s_pages.Length} pages were found");
        var faults = new List<string>();
        foreach (var page in s_pages)
        {
            foreach (var target in Links(page))
            {
                var parts = target.Split('#');
                var file = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
                if (!File.Exists(file) && !Directory.Exists(file))
                    faults.Add($"{Name(page)}: there is no {target}");
                else if (parts.Length > 1 && !Anchors(file).Contains(parts[1]))
                    faults.Add($"{Name(page)}: {parts[0]} has no heading #{parts[1]}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_page_of_the_documentation_is_linked_from_another()
    {
        var linked = s_pages.SelectMany(page => Links(page).Select(l => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, l.Split('#')[0])))).ToHashSet();
        var decisions = Repository.Find("docs/decisions");
        Assert.All(
            s_pages.Where(p => p.StartsWith(Repository.Find("docs"), StringComparison.Ordinal)),
            page => Assert.True(linked.Contains(page) || (page.StartsWith(decisions, StringComparison.Ordinal) && linked.Contains(decisions)), $"nothing links to {Name(page)}"));
    }

    private static string Name(string page) => Path.GetRelativePath(Repository.Root, page);

    private static IEnumerable<string> Links(string page) => Link().Matches(WithoutCode(File.ReadAllText(page)))
        .Select(m => m.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>Headings as GitHub turns them into anchors.</summary>
    private static IEnumerable<string> Anchors(string file) => WithoutFences(File.ReadAllText(file)).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutFences(string text) => Fence().Replace(text, "");

    private static string WithoutCode(string text) => Code().Replace(WithoutFences(text), "");

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();
}
