using Decant.Text.Chat.Jinja.Library;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>A value that stands in the template.</summary>
internal sealed class Literal(Place at, object? value) : Expression(at)
{
    /// <summary>The value.</summary>
    public object? Value => value;

    protected override object? Compute(RenderState state, Scope scope) => value;
}

/// <summary>A name.</summary>
internal sealed class Name(Place at, string text) : Expression(at)
{
    /// <summary>The name.</summary>
    public string Text => text;

    protected override object? Compute(RenderState state, Scope scope) => scope.Find(text);
}

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
internal sealed class Listed(Place at, IReadOnlyList<Expression> items, bool isTuple) : Expression(at)
{
    /// <summary>What is in it.</summary>
    public IReadOnlyList<Expression> Items => items;

    /// <summary>Whether it is a tuple.</summary>
    public bool IsTuple => isTuple;

    protected override object? Compute(RenderState state, Scope scope) => new Sequence([.. items.Select(item => item.Evaluate(state, scope))], isTuple);
}

/// <summary><c>{'a': b}</c>.</summary>
internal sealed class Keyed(Place at, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var map = new Mapping();
        foreach (var (key, value) in entries)
            map.Set(key.Evaluate(state, scope), value.Evaluate(state, scope));

        return map;
    }
}

/// <summary><c>value.name</c>.</summary>
internal sealed class Member(Place at, Expression value, string name) : Expression(at)
{
    /// <summary>Of what.</summary>
    public Expression Value => value;

    /// <summary>The name.</summary>
    public string Name => name;

    protected override object? Compute(RenderState state, Scope scope)
    {
        var of = value.Evaluate(state, scope);
        state.At = At;
        return Attributes.Member(of, name);
    }
}

/// <summary><c>value[key]</c>.</summary>
internal sealed class Subscript(Place at, Expression value, Expression key) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var (of, by) = (value.Evaluate(state, scope), key.Evaluate(state, scope));
        state.At = At;
        return Attributes.Item(of, by);
    }
}

/// <summary><c>value[from:to:step]</c>.</summary>
internal sealed class Slice(Place at, Expression value, Expression? from, Expression? to, Expression? step) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var of = value.Evaluate(state, scope);
        var bounds = (Bound(from), Bound(to), Bound(step));
        state.At = At;
        if (of is string or Sequence)
            state.SpendOn(PyValue.Length(of));
        return PySlice.Part(of, bounds.Item1, bounds.Item2, bounds.Item3);

        long? Bound(Expression? bound)
        {
            var place = bound?.Evaluate(state, scope);
            return place is null ? null : PyNumber.Whole(place) ?? throw new ValueError($"expected a whole number as the bound of a slice, came {PyValue.KindOf(place)}.");
        }
    }
}
