using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>The parameters and the body of a macro.</summary>
/// <param name="Parameters">Their names and, where they have one, defaults.</param>
/// <param name="Body">What it writes.</param>
internal sealed record MacroBody(IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body)
{
    /// <summary>The macro as a function that sees the names of a scope.</summary>
    public Function Bind(string name, Scope scope) => new(name, (state, arguments) =>
    {
        var inner = new Scope(scope);
        Fill(name, state, inner, arguments);
        return state.Captured(() => Statement.ExecuteAll(Body, state, inner));
    });

    private void Fill(string name, RenderState state, Scope inner, Arguments arguments)
    {
        if (arguments.Positional.Count > Parameters.Count)
            throw new ValueError($"the macro '{name}' takes {Parameters.Count} arguments, came {arguments.Positional.Count}.");
        foreach (var other in arguments.Named.Keys.Where(key => Parameters.All(p => p.Name != key) && key != "caller"))
            throw new ValueError($"the macro '{name}' has no argument '{other}'.");
        inner.Set("caller", arguments.Named.TryGetValue("caller", out var caller) ? caller : new Undefined("caller"));
        foreach (var (index, parameter) in Parameters.Index())
        {
            var value = index < arguments.Positional.Count ? arguments.Positional[index]
                : arguments.Named.TryGetValue(parameter.Name, out var given) ? given
                : parameter.Default is { } usual ? usual.Evaluate(state, inner)
                : new Undefined(parameter.Name);
            inner.Set(parameter.Name, value);
        }
    }
}
