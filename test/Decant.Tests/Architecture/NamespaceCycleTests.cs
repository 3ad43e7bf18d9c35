using System.Text;

namespace Decant.Tests.Architecture;

/// <summary>Namespaces use each other in one direction only, read from the compiled assemblies.</summary>
public class NamespaceCycleTests
{
    private const int MostPairs = 3;

    [Fact]
    public void No_namespace_uses_one_that_uses_it()
    {
        var graph = new Graph();
        foreach (var (user, used) in Assemblies.All.SelectMany(Assemblies.Uses).Where(use => use.User.Namespace != use.Used.Namespace))
            graph.Add(user.Namespace, used.Namespace, $"{user.FullName} → {used.FullName}");
        Assert.True(graph.Edges.Count > 100, $"only {graph.Edges.Count} arrows were found");
        var faults = new StringBuilder();
        foreach (var cycle in graph.Cycles())
            faults.Append($"{string.Join(", ", cycle)} use each other\n").Append(graph.Show(cycle));

        Assert.True(faults.Length == 0, faults.ToString());
    }

    [Fact]
    public void A_cycle_is_found_and_shown_with_types_of_each_edge()
    {
        var graph = new Graph();
        graph.Add("A", "B", "A.One → B.Two");
        graph.Add("B", "C", "B.Two → C.Three");
        graph.Add("C", "A", "C.Three → A.One");
        graph.Add("C", "D", "C.Three → D.Four");

        Assert.Equal(["A", "B", "C"], Assert.Single(graph.Cycles()));
        Assert.Equal("  A → B: A.One → B.Two\n  B → C: B.Two → C.Three\n  C → A: C.Three → A.One\n", graph.Show(["A", "B", "C"]));
    }

    private sealed class Graph
    {
        /// <summary>Which types make a namespace use another.</summary>
        public SortedDictionary<(string User, string Used), SortedSet<string>> Edges { get; } = [];

        public void Add(string user, string used, string types)
        {
            if (!Edges.TryGetValue((user, used), out var pairs))
                Edges[(user, used)] = pairs = new SortedSet<string>(StringComparer.Ordinal);
            pairs.Add(types);
        }

        /// <summary>The strongly connected components of more than one namespace.</summary>
        public IReadOnlyList<string[]> Cycles()
        {
            var reached = Edges.Keys.SelectMany(e => new[] { e.User, e.Used }).Distinct().ToDictionary(name => name, Reached);
            return reached.Keys
                .Select(name => reached[name].Where(other => reached[other].Contains(name)).Order(StringComparer.Ordinal).ToArray())
                .Where(together => together.Length > 1)
                .DistinctBy(together => together[0])
                .ToList();
        }

        /// <summary>The edges between some namespaces, a line each.</summary>
        public string Show(IReadOnlyCollection<string> namespaces)
        {
            var text = new StringBuilder();
            foreach (var ((user, used), pairs) in Edges.Where(e => namespaces.Contains(e.Key.User) && namespaces.Contains(e.Key.Used)))
            {
                var more = pairs.Count > MostPairs ? $", and {pairs.Count - MostPairs} more" : "";
                text.Append($"  {user} → {used}: {string.Join(", ", pairs.Take(MostPairs))}{more}\n");
            }

            return text.ToString();
        }

        private HashSet<string> Reached(string from)
        {
            var reached = new HashSet<string>();
            var open = new Queue<string>([from]);
            while (open.TryDequeue(out var next))
            {
                foreach (var (_, used) in Edges.Keys.Where(e => e.User == next))
                {
                    if (reached.Add(used))
                        open.Enqueue(used);
                }
            }

            return reached;
        }
    }
}
