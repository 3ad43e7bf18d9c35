using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>Text outside of tags.</summary>
internal sealed class PlainText(Place at, string text) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        state.Write(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class Output(Place at, Expression value) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var text = PyShown.Text(value.Evaluate(state, scope));
        state.At = At;
        state.Write(text);
        return Flow.Next;
    }
}

/// <summary><c>{% if %}</c> with all that follows.</summary>
internal sealed class If(Place at, IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> branches) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        foreach (var (condition, body) in branches)
            if (condition is null || PyValue.IsTrue(condition.Evaluate(state, scope)))
                return ExecuteAll(body, state, scope);
        return Flow.Next;
    }
}

/// <summary><c>{% for target in items if condition %}</c>.</summary>
internal sealed class For(Place at, Target target, Expression items, Expression? condition, IReadOnlyList<Statement> body, IReadOnlyList<Statement> otherwise) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var of = items.Evaluate(state, scope);
        state.At = At;
        var all = PyValue.Items(of);
        state.SpendOn(all.Count);
        if (condition is not null)
            all = [.. all.Where(item => PyValue.IsTrue(condition.Evaluate(state, Inner(state, scope, item))))];
        var loop = new LoopValue(all);
        for (; loop.Index < all.Count; loop.Index++)
        {
            var inner = Inner(state, scope, all[loop.Index]);
            inner.Set("loop", loop);
            if (ExecuteAll(body, state, inner) == Flow.Break)
                break;
        }

        return all.Count == 0 ? ExecuteAll(otherwise, state, new Scope(scope)) : Flow.Next;
    }

    private Scope Inner(RenderState state, Scope scope, object? item)
    {
        var inner = new Scope(scope);
        state.At = At;
        target.Set(state, inner, item);
        return inner;
    }
}

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class Leave(Place at, Flow flow) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope) => flow;
}

/// <summary><c>{% with a = 1 %}</c>.</summary>
internal sealed class With(Place at, IReadOnlyList<(Target Target, Expression Value)> values, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in values)
            target.Set(state, inner, value.Evaluate(state, scope));
        return ExecuteAll(body, state, inner);
    }
}

/// <summary><c>{% generation %}</c>: what it writes is the assistant's.</summary>
internal sealed class Generation(Place at, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Run(RenderState state, Scope scope)
    {
        var begin = state.Written;
        var flow = ExecuteAll(body, state, new Scope(scope));
        if (begin is { } start)
            state.Generations.Add((start, state.Written!.Value));
        else
            state.HasLostGeneration = true;
        return flow;
    }
}
