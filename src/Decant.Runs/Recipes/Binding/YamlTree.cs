using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Decant.Runs.Recipes.Binding;

/// <summary>YAML text → <see cref="RecipeNode"/>, from the parser's events: nothing is created but these nodes, and every key keeps its line.</summary>
internal sealed class YamlTree
{
    private const int DeepestNesting = 64;
    private const int MostNodes = 100_000; // aliases may multiply a small file ("billion laughs")

    private readonly Dictionary<string, (RecipeNode Node, int Size)> _anchors = [];
    private readonly Func<Mark, SourceLocation> _spot;
    private readonly FaultList _faults;
    private readonly Parser _parser;
    private int _nodes;

    private YamlTree(string text, Func<Mark, SourceLocation> spot, FaultList faults)
    {
        _parser = new Parser(new StringReader(text));
        _spot = spot;
        _faults = faults;
    }

    /// <summary>The tree of one document; null when there is none, or when a fault added to <paramref name="faults"/> ends the reading.</summary>
    public static RecipeNode? Parse(string text, Func<Mark, SourceLocation> spot, FaultList faults)
    {
        var tree = new YamlTree(text, spot, faults);
        try
        {
            return tree.Document();
        }
        catch (YamlException fault)
        {
            if (!AddTab(text, spot, faults))
                faults.Add(spot(fault.Start), "", $"this is not YAML: {Sentence(fault)}{Hint(text, fault.Start.Line)}");
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet 16 throws, instead of its own exception, at a '[' or '{' without its end.
            var mark = tree._parser.Current?.Start ?? Mark.Empty;
            if (!AddTab(text, spot, faults))
                faults.Add(spot(mark), "", $"this is not YAML: a '[' or '{{' is not closed before the next key{Hint(text, mark.Line)}");
        }
        catch (UnreadableException fault)
        {
            faults.Add(fault.Spot, "", fault.Message);
        }

        return null;
    }

    private RecipeNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            _faults.Add(_spot(second.Start), "", "a second document begins here ('---'); a recipe is one document: put the other into a file of its own");
        return root;
    }

    private RecipeNode Node(int depth)
    {
        var start = _spot(_parser.Current!.Start);
        if (depth > DeepestNesting) throw new UnreadableException(start, $"nested more than {DeepestNesting} deep; no recipe needs that");
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias);
        if (++_nodes > MostNodes) throw new UnreadableException(start, $"more than {MostNodes:N0} values; no recipe needs that");

        var before = _nodes;
        // As for '- : 16', where YamlDotNet leaves out the key.
        if (_parser.Current is not NodeEvent head) throw new UnreadableException(start, "this is not YAML: a key or a value is missing here");
        if (!head.Tag.IsEmpty) _faults.Add(start, "", $"tags such as '{head.Tag.Value}' are not allowed in a recipe; leave it out");
        RecipeNode node = head switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart => List(start, depth),
            _ => Map(start, depth),
        };
        if (!head.Anchor.IsEmpty) _anchors[head.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private ScalarNode Value(Scalar scalar)
    {
        _parser.MoveNext();
        return new ScalarNode(_spot(scalar.Start), scalar.Value, scalar.Style is ScalarStyle.Plain);
    }

    private ListNode List(SourceLocation start, int depth)
    {
        _parser.MoveNext();
        var items = new List<RecipeNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new ListNode(start, items);
    }

    private MapNode Map(SourceLocation start, int depth)
    {
        _parser.MoveNext();
        var entries = new Dictionary<string, MapEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not ScalarNode { Text: var name }) _faults.Add(key.Spot, "", $"a key must be a word, came {key.Describe()}");
            else if (name == "<<") _faults.Add(key.Spot, "", "merge keys ('<<') are not part of YAML 1.2; write the keys out, or alias the whole value");
            else if (!entries.TryAdd(name, new MapEntry(name, key.Spot, value)))
                _faults.Add(key.Spot, "", $"the key '{name}' stands here twice, first at {entries[name].KeySpot.Where}; keep one");
        }

        return new MapNode(start, [.. entries.Values]);
    }

    private RecipeNode Resolve(AnchorAlias alias)
    {
        var spot = _spot(alias.Start);
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchor))
        {
            _faults.Add(spot, "", $"the alias '*{alias.Value.Value}' has no finished anchor '&{alias.Value.Value}' before it");
            return new ScalarNode(spot, "", true) { Broken = true };
        }

        _nodes += anchor.Size;
        if (_nodes > MostNodes) throw new UnreadableException(spot, $"the aliases make more than {MostNodes:N0} values; no recipe needs that");
        return anchor.Node;
    }

    private static string Sentence(YamlException fault)
    {
        var text = fault.Message.TrimEnd('.');
        return text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : "it cannot be parsed";
    }

    /// <summary>Reports the first line that is indented with a tab: the parser finds the fault where the block around it begins, which may be line 1.</summary>
    private static bool AddTab(string text, Func<Mark, SourceLocation> spot, FaultList faults)
    {
        var line = Array.FindIndex(text.Split('\n'), l => l.TrimStart(' ').StartsWith('\t') && !string.IsNullOrWhiteSpace(l));
        if (line < 0) return false;
        faults.Add(spot(new Mark(0, line + 1, 1)), "", "this is not YAML: a tab indents this line, and YAML needs spaces");
        return true;
    }

    private static string Hint(string text, long line)
    {
        var near = text.Split('\n').ElementAtOrDefault((int)line - 1) ?? "";
        return near.Contains("${", StringComparison.Ordinal) ? "; between { } and [ ] a value with '${…}' must be in quotes" : "";
    }

    private sealed class UnreadableException(SourceLocation spot, string message) : Exception(message)
    {
        public SourceLocation Spot { get; } = spot;
    }
}
