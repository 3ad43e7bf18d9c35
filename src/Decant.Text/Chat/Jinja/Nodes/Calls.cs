using Decant.Text.Chat.Jinja.Library;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>The arguments of a call as they stand in the template.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    /// <summary>No arguments.</summary>
    public static ArgumentList None { get; } = new([], []);

    /// <summary>Their values.</summary>
    public Arguments Evaluate(string called, RenderState state, Scope scope) => new(
        called, [.. Positional.SelectMany(value => value is Spread several ? PyValue.Items(several.Evaluate(state, scope)) : [value.Evaluate(state, scope)])], Named.ToDictionary(one => one.Name, one => one.Value.Evaluate(state, scope), StringComparer.Ordinal));
}

/// <summary><c>*items</c> among arguments: each is one.</summary>
internal sealed class Spread(Place at, Expression items) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope) => items.Evaluate(state, scope);
}

/// <summary><c>function(…)</c>.</summary>
internal sealed class Call(Place at, Expression function, ArgumentList arguments) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope) => Invoke(state, scope, null);

    /// <summary>Calls it, as a call block with what <c>caller()</c> writes.</summary>
    public object? Invoke(RenderState state, Scope scope, Function? caller)
    {
        var called = function.Evaluate(state, scope);
        var given = arguments.Evaluate(NameOf(), state, scope);
        state.At = At;
        if (caller is not null)
            given = new(NameOf(), given.Positional, new Dictionary<string, object?>(given.Named, StringComparer.Ordinal) { ["caller"] = caller });
        return called switch
        {
            Function found => found.Call(state, given),
            Undefined when function is Member => throw new ValueError($"there is no method '{NameOf()}' of this value that is served."),
            Undefined => throw new ValueError($"there is no function '{NameOf()}' that is served; served functions are {Globals.Known}."),
            _ => throw new ValueError($"expected a function, came {PyValue.KindOf(called)}."),
        };
    }

    private string NameOf() => function switch { Name name => name.Text, Member member => member.Name, _ => "(…)" };
}

/// <summary><c>value|filter(…)</c>.</summary>
internal sealed class Filtered(Place at, Expression value, string name, Filter filter, ArgumentList arguments) : Expression(at)
{
    public override bool IsSafe { get; } = name == "safe" || (value.IsSafe && name is ("capitalize" or "indent" or "lower" or "string" or "trim" or "upper"));

    protected override object? Compute(RenderState state, Scope scope)
    {
        var of = value.Evaluate(state, scope);
        var given = arguments.Evaluate(name, state, scope);
        state.At = At;
        return filter(state, of, given);
    }
}

/// <summary><c>value is test</c>.</summary>
internal sealed class Tested(Place at, Expression value, string name, Test test, ArgumentList arguments) : Expression(at)
{
    protected override object? Compute(RenderState state, Scope scope)
    {
        var of = value.Evaluate(state, scope);
        var given = arguments.Evaluate(name, state, scope);
        state.At = At;
        return test(of, given);
    }
}
