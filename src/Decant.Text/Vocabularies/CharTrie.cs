namespace Decant.Text.Vocabularies;

/// <summary>Texts by their beginnings, with a number each.</summary>
/// <remarks>All edges lie in one hash table keyed by node and character.</remarks>
internal sealed class CharTrie
{
    private const ulong Factor = 0x9E3779B97F4A7C15;
    private (ulong Key, int Child)[] _edges = new (ulong, int)[64]; // key 0: free; root is node 1
    private int _edgeCount;
    private int[] _values = [-1, -1];
    private int _nodes = 2;

    /// <summary>Where every text begins.</summary>
    public const int Root = 1;

    public int ValueOf(int node) => _values[node];

    /// <summary>The node after another, or 0.</summary>
    public int Child(int node, char c)
    {
        var key = ((ulong)node << 16) | c;
        var mask = _edges.Length - 1;
        for (var at = (int)((key * Factor) >> 32) & mask; ; at = (at + 1) & mask)
        {
            ref readonly var edge = ref _edges[at];
            if (edge.Key == key) return edge.Child;
            if (edge.Key == 0) return 0;
        }
    }

    /// <summary>Adds a text; the number of one that is there already is replaced.</summary>
    public void Add(ReadOnlySpan<char> text, int value)
    {
        var node = Root;
        foreach (var c in text) node = Child(node, c) is var child and > 0 ? child : NewChild(node, c);
        _values[node] = value;
    }

    /// <summary>The length of the longest text that another begins with; 0 where there is none.</summary>
    public int Longest(ReadOnlySpan<char> text, out int value)
    {
        var (node, length) = (Root, 0);
        value = -1;
        for (var at = 0; at < text.Length; at++)
        {
            node = Child(node, text[at]);
            if (node == 0) break;
            if (_values[node] >= 0) (value, length) = (_values[node], at + 1);
        }

        return length;
    }

    private int NewChild(int node, char c)
    {
        if ((_edgeCount + 1) * 2 > _edges.Length) Grow();
        if (_nodes == _values.Length)
        {
            Array.Resize(ref _values, _nodes * 2);
            Array.Fill(_values, -1, _nodes, _nodes);
        }

        Insert(_edges, ((ulong)node << 16) | c, _nodes);
        _edgeCount++;
        return _nodes++;
    }

    private void Grow()
    {
        var edges = new (ulong, int)[_edges.Length * 2];
        foreach (var (key, child) in _edges)
            if (key != 0) Insert(edges, key, child);
        _edges = edges;
    }

    private static void Insert((ulong Key, int Child)[] edges, ulong key, int child)
    {
        var at = (int)((key * Factor) >> 32) & (edges.Length - 1);
        while (edges[at].Key != 0) at = (at + 1) & (edges.Length - 1);
        edges[at] = (key, child);
    }
}
