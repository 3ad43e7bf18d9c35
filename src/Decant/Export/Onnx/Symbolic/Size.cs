using System.Globalization;

namespace Decant.Export.Onnx.Symbolic;

/// <summary>A size as a sum of products of the sizes that vary: <c>batch·sequence</c>, <c>past + sequence</c>, 768.</summary>
internal sealed record Size
{
    private readonly (string[] Symbols, long Factor)[] _terms; // sorted; none has a factor of 0

    private Size((string[] Symbols, long Factor)[] terms) => _terms = terms;

    /// <summary>The number, where nothing in it varies; else null.</summary>
    public long? Constant => _terms.Length == 0 ? 0 : _terms is [([], var only)] ? only : null;

    /// <summary>The one size that varies, where it is that and nothing else; else null.</summary>
    public string? Symbol => _terms is [([var only], 1)] ? only : null;

    /// <summary>The products that are added: of which sizes, and how often.</summary>
    public IReadOnlyList<(string[] Symbols, long Factor)> Terms => _terms;

    /// <summary>A number.</summary>
    public static implicit operator Size(long value) => new(value == 0 ? [] : [([], value)]);

    /// <summary>Of products.</summary>
    public static Size Of(params ReadOnlySpan<(string[] Symbols, long Factor)> terms)
    {
        var sum = new SortedDictionary<string, (string[] Symbols, long Factor)>(StringComparer.Ordinal);
        foreach (var (symbols, factor) in terms)
        {
            string[] sorted = [.. symbols.Order(StringComparer.Ordinal)];
            var key = string.Join('·', sorted);
            sum[key] = (sorted, factor + (sum.TryGetValue(key, out var before) ? before.Factor : 0));
        }

        return new([.. sum.Values.Where(t => t.Factor != 0)]);
    }

    /// <summary>One that varies.</summary>
    public static Size Varying(string symbol) => Of(([symbol], 1));

    /// <summary>The sum.</summary>
    public static Size operator +(Size left, Size right) => Of([.. left._terms, .. right._terms]);

    /// <summary>The difference.</summary>
    public static Size operator -(Size left, Size right) => Of([.. left._terms, .. right._terms.Select(t => (t.Symbols, -t.Factor))]);

    /// <summary>The product.</summary>
    public static Size operator *(Size left, Size right) => Of([.. left._terms.SelectMany(l => right._terms.Select(r => ((string[])[.. l.Symbols, .. r.Symbols], l.Factor * r.Factor)))]);

    /// <summary>The number for given sizes.</summary>
    public long At(IReadOnlyDictionary<string, long> sizes) => _terms.Sum(t => t.Symbols.Aggregate(t.Factor, (product, symbol) => product * sizes[symbol]));

    /// <inheritdoc/>
    public bool Equals(Size? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <inheritdoc/>
    public override string ToString() => _terms.Length == 0 ? "0" : string.Join(" + ", _terms.Select(Term));

    private static string Term((string[] Symbols, long Factor) term)
    {
        var factor = term.Factor.ToString(CultureInfo.InvariantCulture);
        return term.Symbols.Length == 0 ? factor : (term.Factor == 1 ? "" : factor + "*") + string.Join('*', term.Symbols);
    }
}
