using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>An expression of a template.</summary>
/// <param name="at">Where it stands.</param>
internal abstract class Expression(Place at)
{
    /// <summary>Where it stands.</summary>
    public Place At => at;

    /// <summary>Whether <c>safe</c> stands at it, so that <c>+</c> escapes the text on its other side.</summary>
    public virtual bool IsSafe => false;

    /// <summary>Its value.</summary>
    public object? Evaluate(RenderState state, Scope scope)
    {
        state.Enter(at);
        var value = Compute(state, scope);
        state.Leave();
        return value;
    }

    /// <summary>Its value; parts move the place of the state, which is set back before an operation that may fail.</summary>
    protected abstract object? Compute(RenderState state, Scope scope);
}

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    /// <summary>The next one follows.</summary>
    Next,

    /// <summary>The loop ends.</summary>
    Break,

    /// <summary>The loop's next item follows.</summary>
    Continue,
}

/// <summary>A statement of a template, or text outside of tags.</summary>
/// <param name="at">Where it stands.</param>
internal abstract class Statement(Place at)
{
    /// <summary>Where it stands.</summary>
    public Place At => at;

    /// <summary>Does it.</summary>
    public Flow Execute(RenderState state, Scope scope)
    {
        state.Enter(at);
        var flow = Run(state, scope);
        state.Leave();
        return flow;
    }

    /// <summary>Does the statements one after the other.</summary>
    public static Flow ExecuteAll(IReadOnlyList<Statement> statements, RenderState state, Scope scope)
    {
        foreach (var statement in statements)
            if (statement.Execute(state, scope) is var flow && flow != Flow.Next)
                return flow;
        return Flow.Next;
    }

    /// <summary>Does it.</summary>
    protected abstract Flow Run(RenderState state, Scope scope);
}
