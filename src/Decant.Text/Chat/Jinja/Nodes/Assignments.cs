using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>What a value is given to: a name, an attribute of a namespace, or several of these.</summary>
/// <param name="Name">The name; of several ones empty.</param>
/// <param name="Attribute">The attribute of the namespace of that name; null: the name itself.</param>
/// <param name="Several">One for each part of the value; null: the value is whole.</param>
internal sealed record Target(string Name, string? Attribute, IReadOnlyList<Target>? Several)
{
    /// <summary>Gives it a value.</summary>
    /// <exception cref="ValueError">There is no namespace of this name, or the value has another number of parts.</exception>
    public void Set(RenderState state, Scope scope, object? value)
    {
        if (Several is not null)
        {
            var parts = PyValue.Items(value);
            if (parts.Count != Several.Count)
                throw new ValueError($"expected {Several.Count} values, one for each name, came {parts.Count}.");
            foreach (var (target, part) in Several.Zip(parts))
                target.Set(state, scope, part);
        }
        else if (Attribute is null)
        {
            scope.Set(Name, value);
        }
        else
        {
            var space = scope.Find(Name) as NamespaceValue ?? throw new ValueError($"expected '{Name}' to be a namespace, whose attributes can be set; make it with namespace().");
            space.Attributes[Attribute] = value;
        }
    }
}

/// <summary><c>{% set a = 1 %}</c>.</summary>
internal sealed class Assignment(Place at, Target target, Expression value) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var made = value.Evaluate(state, scope);
        state.At = At;
        target.Set(state, scope, made);
        return Flow.Next;
    }
}

/// <summary><c>{% set a %}text{% endset %}</c>, and <c>{% filter f %}text{% endfilter %}</c>, which has no target.</summary>
/// <param name="at">Where it stands.</param>
/// <param name="target">What the text is given to; null: it is written.</param>
/// <param name="filtered">The value, made of the <see cref="BlockText"/>; null: the text itself.</param>
/// <param name="body">What writes the text.</param>
internal sealed class Block(Place at, Target? target, Expression? filtered, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        object? value = state.Captured(() => ExecuteAll(body, state, new Scope(scope)));
        if (filtered is not null)
        {
            var inner = new Scope(scope);
            inner.Set(BlockText.Name, value);
            value = filtered.Evaluate(state, inner);
        }

        state.At = At;
        if (target is null)
            state.Write(PyShown.Text(value));
        else
            target.Set(state, scope, value);
        return Flow.Next;
    }
}

/// <summary><c>{% macro name(a, b=1) %}</c>.</summary>
internal sealed class Macro(Place at, string name, MacroBody body) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        scope.Set(name, body.Bind(name, scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call(a) macro() %}</c>: the macro gets the body as <c>caller</c>.</summary>
internal sealed class CallBlock(Place at, Call call, MacroBody body) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var text = PyShown.Text(call.Invoke(state, scope, body.Bind("caller", scope)));
        state.At = At;
        state.Write(text);
        return Flow.Next;
    }
}
