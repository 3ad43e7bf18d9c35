using System.Text;
using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Writing;

/// <summary>The names of a former release in a text of YAML, each with its place, found by the parser's positions and replaced there.</summary>
internal sealed partial class RecipeEdits(string text, string name)
{
    private readonly SortedDictionary<int, Edit> _edits = [];
    private readonly FaultList _faults = new();
    private int[]? _lines; // where each begins

    /// <summary>Finds the names in a section and below.</summary>
    /// <param name="node">The section, from a tree with spots that are ranked by position.</param>
    /// <param name="path">Its path, with the names of this release.</param>
    /// <param name="offset">Where the tree's text begins in the whole.</param>
    public void Section(RecipeNode node, string path, int offset = 0)
    {
        if (node is ListNode list)
        {
            for (var i = 0; i < list.Items.Count; i++) Section(list.Items[i], RecipePath.Item(path, i), offset);
            return;
        }

        if (node is not MapNode map) return;
        var kind = map.Find("kind")?.Value as ScalarNode;
        if (kind is not null && RenamedKeys.KindOf(path, kind.Text) is { } renamed) Replace(offset + kind.Spot.Rank, kind.Text, renamed, path, isKey: false);
        foreach (var entry in map.Entries)
        {
            var key = Renamed(path, kind?.Text, entry.Key, offset + entry.KeySpot.Rank, isKey: true, map);
            Section(entry.Value, RecipePath.Key(path, key), offset);
        }
    }

    /// <summary>Finds the names in the assignments of a study.</summary>
    public void Study(MapNode study)
    {
        Assignments(study);
        foreach (var variant in (study.Find("variants")?.Value as ListNode)?.Items.OfType<MapNode>() ?? []) Assignments(variant);
    }

    /// <summary>Finds the names in the text as an assignment <c>a.b[0].c=value</c>.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="end">Where it ends; null: with the text.</param>
    public void Assignment(int offset, int? end = null)
    {
        var assignment = text[offset..(end ?? text.Length)];
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return;
        var path = "";
        var last = "";
        foreach (Match segment in Segment().Matches(assignment[..equals]))
        {
            if (segment.Value[0] == '[')
            {
                path += segment.Value;
                continue;
            }

            last = Renamed(path, RenamedKeys.UnknownKind, segment.Value, offset + segment.Index, isKey: false);
            path = RecipePath.Key(path, last);
        }

        var start = offset + equals + 1;
        if (YamlTree.Parse(assignment[(equals + 1)..], mark => SourceLocation.At(name, mark.Line, mark.Index), new FaultList()) is not { } value) return;
        var parent = path.Length > last.Length ? path[..^(last.Length + 1)] : "";
        if (last == "kind" && value is ScalarNode chosen && RenamedKeys.KindOf(parent, chosen.Text) is { } kind) Replace(start + chosen.Spot.Rank, chosen.Text, kind, parent, isKey: false);
        Section(value, path, start);
    }

    /// <summary>The text with all replaced.</summary>
    /// <exception cref="RecipeException">A name cannot be replaced.</exception>
    public UpgradedRecipe Apply()
    {
        _faults.ThrowIfAny();
        var upgraded = new StringBuilder(text.Length);
        var done = 0;
        foreach (var (start, edit) in _edits)
        {
            upgraded.Append(text, done, start - done).Append(edit.New);
            done = start + edit.Old.Length;
        }

        return new UpgradedRecipe(upgraded.Append(text, done, text.Length - done).ToString(), [.. _edits.Select(e => new RecipeChange(LineOf(e.Key), e.Value.Path, e.Value.Old, e.Value.New))]);
    }

    private void Assignments(MapNode node)
    {
        foreach (var set in (node.Find("set")?.Value as ListNode)?.Items.OfType<ScalarNode>() ?? [])
        {
            var start = Begin(set.Spot.Rank);
            if (start < text.Length && text[start] is '"' or '\'') start++;
            if (string.CompareOrdinal(text, start, set.Text, 0, set.Text.Length) == 0)
                Assignment(start, start + set.Text.Length);
            else if (RecipeUpgrade.OfAssignment(set.Text) is { } now)
                // Escapes or several lines: its positions in the file are not those in the text.
                _faults.Add(At(start), "", $"this assignment has names of a former release, and is written so that they cannot be replaced in place; write it as {YamlText.Quote(now)}");
        }
    }

    private string Renamed(string path, string? kind, string key, int position, bool isKey, MapNode? map = null)
    {
        var names = RenamedKeys.Of(path, kind, key);
        if (names.Count == 0) return key;
        if (names.Count > 1)
            _faults.Add(At(position), path, $"'{key}' is now called {string.Join(" or ", names.Select(n => $"'{n}'"))}, as the kind at {path} has it, which is not known here; rename it by hand");
        else if (map?.Find(names[0]) is not null)
            _faults.Add(At(position), path, $"the key '{key}' is now called '{names[0]}', which is given too; keep one");
        else
            Replace(position, key, names[0], path, isKey);
        return names[0];
    }

    private void Replace(int position, string old, string now, string path, bool isKey)
    {
        var start = Begin(position);
        if (start < text.Length && text[start] is '"' or '\'') start++;
        var end = start + old.Length;
        var edit = new Edit(old, now, path);
        if (string.CompareOrdinal(text, start, old, 0, old.Length) != 0 || (isKey && !Colon().IsMatch(text, end)))
            _faults.Add(At(position), path, $"'{old}' is now called '{now}', and is written so that it cannot be replaced in place; rename it by hand");
        else if (!_edits.TryAdd(start, edit) && (_edits[start].Old, _edits[start].New) != (old, now))
            _faults.Add(At(position), path, $"'{old}' is now called '{now}' in one place and '{_edits[start].New}' in another that shares it by an alias; write both out");
    }

    // Past an anchor and a tag.
    private int Begin(int position) => position + Properties().Match(text, position).Length;

    private SourceLocation At(int position) => SourceLocation.At(name, LineOf(position), position);

    private int LineOf(int position)
    {
        _lines ??= [0, .. text.Index().Where(c => c.Item == '\n').Select(c => c.Index + 1)];
        var line = Array.BinarySearch(_lines, position);
        return line >= 0 ? line + 1 : ~line;
    }

    private sealed record Edit(string Old, string New, string Path);

    [GeneratedRegex(@"[^\s.\[\]=]+|\[\d+\]")]
    private static partial Regex Segment();

    [GeneratedRegex(@"\G([&!][^\s,\[\]{}]*\s+)*")]
    private static partial Regex Properties();

    // The end of a key: an anchored value that a key repeats by an alias is none.
    [GeneratedRegex(@"\G[""']?\s*:")]
    private static partial Regex Colon();
}
