using System.Globalization;
using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Reading;

/// <summary>One <c>--set a.b[0].c=value</c>: puts a value, written as in YAML, into the recipe's tree before it is checked.</summary>
internal sealed partial class Override
{
    private const int MostSegments = 64;
    private readonly FaultList _faults;
    private readonly SourceLocation _spot;
    private readonly RecipeNode _value;

    private Override(FaultList faults, SourceLocation spot, RecipeNode value) => (_faults, _spot, _value) = (faults, spot, value);

    /// <summary>The tree with the value put in; the same tree when the override itself is at fault.</summary>
    public static RecipeNode Apply(RecipeNode root, string assignment, int index, FaultList faults)
    {
        var spot = SourceLocation.Set(assignment, index);
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var segments = equals > 0 ? Segments(assignment[..equals].Trim()) : null;
        if (segments is null)
        {
            faults.Add(spot, "", "expected key=value, with a key such as distill.epochs or distill.objectives[0].temperature");
            return root;
        }

        var before = new FaultList();
        var value = YamlTree.Parse(assignment[(equals + 1)..], _ => spot, before) ?? new ScalarNode(spot, "", true);
        if (!before.Any) return new Override(faults, spot, value).Put(root, segments, "");
        faults.Add(spot, "", "what follows '=' is not one value of YAML; put it in quotes");
        return root;
    }

    private static string[]? Segments(string path)
    {
        if (!PathForm().IsMatch(path)) return null;
        var segments = path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        return segments.Length <= MostSegments ? segments : null;
    }

    private RecipeNode Put(RecipeNode? node, ReadOnlySpan<string> segments, string path)
    {
        if (segments.IsEmpty) return _value;
        return node switch
        {
            null or ScalarNode { IsNull: true } => PutNew(segments, path),
            MapNode map => PutKey(map, segments, path),
            ListNode list => PutItem(list, segments, path),
            _ => Refuse(node, path, $"cannot set '{segments[0]}' there: {path} is {node.Describe()}"),
        };
    }

    private RecipeNode PutNew(ReadOnlySpan<string> segments, string path) => IsIndex(segments[0], out _)
        ? PutItem(new ListNode(_spot, []), segments, path)
        : PutKey(new MapNode(_spot, []), segments, path);

    private MapNode PutKey(MapNode map, ReadOnlySpan<string> segments, string path)
    {
        var key = segments[0];
        var old = map.Find(key);
        var keySpot = old is null || segments.Length == 1 ? _spot : old.KeySpot;
        var entry = new MapEntry(key, keySpot, Put(old?.Value, segments[1..], RecipePath.Key(path, key)));
        return map with { Entries = old is null ? [.. map.Entries, entry] : [.. map.Entries.Select(e => e == old ? entry : e)] };
    }

    private RecipeNode PutItem(ListNode list, ReadOnlySpan<string> segments, string path)
    {
        if (!IsIndex(segments[0], out var index))
            return Refuse(list, path, $"{path} is {list.Describe()}; say which entry, from {path}[0] on, '{segments[0]}' belongs to");
        if (index > list.Items.Count)
            return Refuse(list, path, $"{path} is {list.Describe()}; there is no entry {index}, the next new one is {path}[{list.Items.Count}]");
        var item = Put(index < list.Items.Count ? list.Items[index] : null, segments[1..], RecipePath.Item(path, index));
        return list with { Items = [.. list.Items.Take(index), item, .. list.Items.Skip(index + 1)] };
    }

    private RecipeNode Refuse(RecipeNode node, string path, string message)
    {
        _faults.Add(_spot, path, message);
        return node;
    }

    private static bool IsIndex(string segment, out int index) => int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    [GeneratedRegex(@"^[^\s.\[\]=]+(\.[^\s.\[\]=]+|\[\d{1,6}\])*$")]
    private static partial Regex PathForm();
}
