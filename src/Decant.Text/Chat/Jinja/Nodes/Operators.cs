using Decant.Text.Chat.Jinja.Library;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary><c>a + b</c> and the other operators of arithmetic.</summary>
internal sealed class Arithmetic(Place at, string sign, Expression left, Expression right) : Expression(at)
{
    public override bool IsSafe { get; } = sign == "+" && (left.IsSafe || right.IsSafe);

    protected override object? Compute(RenderState state, Scope scope)
    {
        var (a, b) = (left.Evaluate(state, scope), right.Evaluate(state, scope));
        state.At = At;
        return IsSafe ? Combination.Of(state, sign, left.IsSafe ? a : TextFilters.Escaped(a), right.IsSafe ? b : TextFilters.Escaped(b)) : Combination.Of(state, sign, a, b);
    }
}

/// <summary><c>-a</c> and <c>+a</c>.</summary>
internal sealed class Signed(Place at, string sign, Expression value) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var number = value.Evaluate(state, scope);
        state.At = At;
        return PyNumber.IsNumber(number) ? sign == "-" && number is double real ? -real : PyNumber.Apply(sign, 0L, number) : throw new ValueError($"expected a number behind {sign}, came {PyValue.KindOf(number)}.");
    }
}

/// <summary><c>a ~ b ~ c</c>: the texts one behind the other.</summary>
internal sealed class Joined(Place at, IReadOnlyList<Expression> parts) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var texts = parts.Select(part => PyShown.Text(part.Evaluate(state, scope))).ToArray();
        state.At = At;
        state.SpendOn(texts.Sum(text => (long)text.Length));
        return string.Concat(texts);
    }
}

/// <summary><c>a == b &lt; c</c>.</summary>
internal sealed class Comparison(Place at, Expression first, IReadOnlyList<(string Sign, Expression Value)> others) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var left = first.Evaluate(state, scope);
        foreach (var (sign, value) in others)
        {
            var right = value.Evaluate(state, scope);
            state.At = At;
            if (left is string text)
                state.SpendOn(text.Length);
            if (!Holds(sign, left, right))
                return false;
            left = right;
        }

        return true;
    }

    private static bool Holds(string sign, object? a, object? b) => sign switch
    {
        "==" => PyValue.AreEqual(a, b),
        "!=" => !PyValue.AreEqual(a, b),
        "in" => PyValue.Contains(b, a),
        "not in" => !PyValue.Contains(b, a),
        "<" => PyValue.Compare(a, b) < 0,
        "<=" => PyValue.Compare(a, b) <= 0,
        ">" => PyValue.Compare(a, b) > 0,
        _ => PyValue.Compare(a, b) >= 0,
    };
}

/// <summary><c>a and b</c>, <c>a or b</c>: one of the two.</summary>
internal sealed class Logic(Place at, bool isAnd, Expression left, Expression right) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope) => left.Evaluate(state, scope) is var a && PyValue.IsTrue(a) == isAnd ? right.Evaluate(state, scope) : a;
}

/// <summary><c>not a</c>.</summary>
internal sealed class Not(Place at, Expression value) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope) => !PyValue.IsTrue(value.Evaluate(state, scope));
}

/// <summary><c>a if b else c</c>.</summary>
internal sealed class Choice(Place at, Expression condition, Expression then, Expression? otherwise) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope) =>
        PyValue.IsTrue(condition.Evaluate(state, scope)) ? then.Evaluate(state, scope) : otherwise is null ? new Undefined("the value of an 'if' without 'else'") : otherwise.Evaluate(state, scope);
}
