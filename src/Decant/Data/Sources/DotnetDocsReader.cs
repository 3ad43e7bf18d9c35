using System.Globalization;
using System.Xml;

namespace Decant.Data.Sources;

/// <summary>The summary of one documented member.</summary>
internal readonly record struct DocumentedMember(string Assembly, string Text);

/// <summary>What the documentation says of one member.</summary>
/// <param name="Name">Its id, as <c>M:System.String.Trim(System.Char)</c>.</param>
/// <param name="Summary">What it does; empty where that is not said.</param>
/// <param name="Returns">What it gives; empty likewise.</param>
internal readonly record struct MemberText(string Name, string Summary, string Returns);

/// <summary>Reads the XML documentation of the reference packs.</summary>
internal static class DotnetDocsReader
{
    /// <summary>The documentation files of the newest version of every reference pack, by name.</summary>
    public static IReadOnlyList<string> FindFiles(string root)
    {
        var packs = Path.Combine(root, "packs");
        if (!Directory.Exists(packs)) throw DotnetRoot.NoPacks(root);
        var files = Directory.GetDirectories(packs, "*.Ref").Select(NewestVersion).OfType<string>()
            .SelectMany(version => Directory.GetFiles(Path.Combine(version, "ref"), "*.xml", SearchOption.AllDirectories))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal).ThenBy(file => file, StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files : throw DotnetRoot.NoPacks(root);
    }

    /// <summary>The texts of all files, each once, without those that several assemblies have; by file, then by member name.</summary>
    public static IReadOnlyList<DocumentedMember> ReadAll(IReadOnlyList<string> files, int minLength, CancellationToken cancellationToken)
    {
        var all = new List<DocumentedMember>();
        var assemblyOf = new Dictionary<string, string?>(StringComparer.Ordinal); // null: in several assemblies
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var assembly = Path.GetFileNameWithoutExtension(file);
            foreach (var (_, text, _) in ReadMembers(file).Where(member => member.Summary.Length > 0).OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                if (text.Length < minLength) continue;
                if (!assemblyOf.TryGetValue(text, out var other))
                {
                    assemblyOf[text] = assembly;
                    all.Add(new(assembly, text));
                }
                else if (other != assembly) assemblyOf[text] = null;
            }
        }

        return all.FindAll(member => assemblyOf[member.Text] is not null);
    }

    /// <summary>The members of a file that say something, in its order.</summary>
    /// <exception cref="DecantException">It is not XML documentation, or cannot be read.</exception>
    public static List<MemberText> ReadMembers(string file)
    {
        var members = new List<MemberText>();
        try
        {
            using var stream = SourceFile.Open(file);
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true });
            var member = default(MemberText);
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element) continue;
                if (reader.Name == "member")
                {
                    Keep(members, member);
                    member = new(reader.GetAttribute("name") ?? "", "", "");
                }
                else if (reader.Name == "summary" && !reader.IsEmptyElement) member = member with { Summary = DocText.Read(reader) };
                else if (reader.Name == "returns" && !reader.IsEmptyElement) member = member with { Returns = DocText.Read(reader) };
            }

            Keep(members, member);
        }
        catch (XmlException e)
        {
            throw new DecantException($"{file}:{e.LineNumber}: this is not XML documentation ({e.Message}); repair the .NET SDK, or name another with 'root'.", inner: e);
        }

        catch (ArgumentException e) // of .NET's reader, where the encoding that the file declares is not the one that it has
        {
            throw new DecantException($"{file}: this is not XML documentation ({e.Message}); repair the .NET SDK, or name another with 'root'.", inner: e);
        }
        catch (IOException e)
        {
            throw new DecantException($"{file}: the file cannot be read: {e.Message}", inner: e);
        }

        return members;
    }

    private static void Keep(List<MemberText> members, MemberText member)
    {
        if (member is { Summary.Length: > 0 } or { Returns.Length: > 0 }) members.Add(member);
    }

    private static string? NewestVersion(string pack) =>
        Directory.GetDirectories(pack).Where(version => Directory.Exists(Path.Combine(version, "ref"))).OrderBy(VersionKey).ThenBy(v => v, StringComparer.Ordinal).LastOrDefault();

    /// <summary>The version's numbers; a preview (10.0.0-rc.1) comes before its release.</summary>
    private static (Version Number, bool IsRelease) VersionKey(string folder)
    {
        var parts = Path.GetFileName(folder).Split('-', 2);
        return (Version.TryParse(parts[0], out var version) ? version : new Version(0, 0), parts.Length == 1);
    }
}

/// <summary>Turns a documentation element into a line of text.</summary>
internal static class DocText
{
    /// <summary>The text of the element that the reader stands on, its references named, its white space collapsed.</summary>
    public static string Read(XmlReader reader)
    {
        var text = new System.Text.StringBuilder();
        using var inner = reader.ReadSubtree();
        while (inner.Read())
        {
            if (inner.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace) text.Append(inner.Value);
            else if (inner.NodeType == XmlNodeType.Element) AppendElement(text, inner);
            else if (inner.NodeType == XmlNodeType.EndElement && IsBlock(inner.Name)) text.Append(' ');
        }

        return Collapse(text.ToString());
    }

    /// <summary>The name of the member that a reference means: <c>M:System.String.Join``1(System.String)</c> is <c>Join</c>.</summary>
    public static string Name(string reference)
    {
        var name = reference.Length > 1 && reference[1] == ':' ? reference[2..] : reference;
        var end = name.AsSpan().IndexOfAny('(', '~');
        if (end >= 0) name = name[..end];
        var parts = name.Split('.', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return "";
        var last = parts[^1] is "#ctor" or "#cctor" && parts.Length > 1 ? parts[^2] : parts[^1];
        var arity = last.IndexOf('`', StringComparison.Ordinal);
        if (arity >= 0) last = last[..arity];
        return last[(last.LastIndexOf('#') + 1)..]; // explicit implementations: System#IDisposable#Dispose
    }

    private static void AppendElement(System.Text.StringBuilder text, XmlReader element)
    {
        if (IsBlock(element.Name)) text.Append(' ');
        if (!element.IsEmptyElement) return; // what the element says stands inside it
        text.Append(element.Name switch
        {
            "see" or "seealso" => element.GetAttribute("langword") ?? (element.GetAttribute("cref") is { } cref ? Name(cref) : element.GetAttribute("href") ?? ""),
            "paramref" or "typeparamref" => element.GetAttribute("name") ?? "",
            "xref" => Name(Uri.UnescapeDataString(element.GetAttribute("uid") ?? "")),
            _ => "",
        });
    }

    private static bool IsBlock(string element) => element is "para" or "p" or "br" or "item" or "list" or "term" or "description" or "code" or "div";

    private static string Collapse(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Control)
            {
                gap = result.Length > 0;
                continue;
            }

            if (gap) result.Append(' ');
            gap = false;
            result.Append(c);
        }

        return result.ToString();
    }
}
