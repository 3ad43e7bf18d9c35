using System.Collections.Frozen;
using System.Numerics;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>What stands behind <c>is</c>.</summary>
internal delegate bool Test(object? value, Arguments arguments);

/// <summary>The tests that are served.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> s_all = new Dictionary<string, Test>(StringComparer.Ordinal)
    {
        ["defined"] = Plain(value => value is not Undefined),
        ["undefined"] = Plain(value => value is Undefined),
        ["none"] = Plain(value => value is null),
        ["boolean"] = Plain(value => value is bool),
        ["true"] = Plain(value => value is true),
        ["false"] = Plain(value => value is false),
        ["integer"] = Plain(value => value is long or BigInteger),
        ["float"] = Plain(value => value is double),
        ["number"] = Plain(PyNumber.IsNumber),
        ["string"] = Plain(value => value is string),
        ["mapping"] = Plain(value => value is Mapping),
        ["iterable"] = Plain(value => value is string or Sequence or Mapping or Generated or Undefined),
        ["sequence"] = Plain(value => value is string or Sequence or Mapping or Undefined),
        ["callable"] = Plain(value => value is Function),
        ["lower"] = Plain(value => PyText.HasCase(PyShown.Text(value), isUpper: false)),
        ["upper"] = Plain(value => PyText.HasCase(PyShown.Text(value), isUpper: true)),
        ["odd"] = Plain(value => Remainder(value, 2) == 1),
        ["even"] = Plain(value => Remainder(value, 2) == 0),
        ["divisibleby"] = (value, a) => Remainder(value, a.Whole(a.Take(1, "num")[0]) ?? 1) == 0,
        ["sameas"] = (value, a) => a.Take(1, "other")[0] is var other && (value is null or bool ? Equals(value, other) : ReferenceEquals(value, other)),
        ["in"] = (value, a) => PyValue.Contains(a.Take(1, "seq")[0], value),
        ["eq"] = Equal,
        ["equalto"] = Equal,
        ["=="] = Equal,
        ["ne"] = (value, a) => !Equal(value, a),
        ["!="] = (value, a) => !Equal(value, a),
        ["lt"] = Ordered(order => order < 0),
        ["lessthan"] = Ordered(order => order < 0),
        ["<"] = Ordered(order => order < 0),
        ["le"] = Ordered(order => order <= 0),
        ["<="] = Ordered(order => order <= 0),
        ["gt"] = Ordered(order => order > 0),
        ["greaterthan"] = Ordered(order => order > 0),
        [">"] = Ordered(order => order > 0),
        ["ge"] = Ordered(order => order >= 0),
        [">="] = Ordered(order => order >= 0),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names, for messages.</summary>
    private static string Known { get; } = string.Join(", ", s_all.Keys.Where(name => char.IsLetter(name[0])).Order(StringComparer.Ordinal));

    /// <summary>What is said of one that is not served.</summary>
    public static string Unknown(string name) => $"there is no test '{name}' that is served; served tests are {Known}.";

    /// <summary>A test; null: there is none of this name.</summary>
    public static Test? Find(string name) => s_all.GetValueOrDefault(name);

    private static Test Plain(Func<object?, bool> holds) => (value, arguments) =>
    {
        arguments.None();
        return holds(value);
    };

    private static Test Ordered(Func<int, bool> holds) => (value, arguments) => holds(PyValue.Compare(value, arguments.Take(1, "other")[0]));

    private static bool Equal(object? value, Arguments arguments) => PyValue.AreEqual(value, arguments.Take(1, "other")[0]);

    private static long Remainder(object? value, long by) =>
        PyNumber.Whole(value) is { } whole ? (long)PyNumber.Apply("%", whole, by) : throw new ValueError($"expected a whole number, came {PyValue.KindOf(value)}.");
}
