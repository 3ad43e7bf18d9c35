using Decant.Text.Chat.Jinja.Library;
using Decant.Text.Chat.Jinja.Nodes;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Syntax;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja;

/// <summary>A template of the part of Jinja that chat templates use. Safe to use from several threads.</summary>
internal sealed class JinjaTemplate
{
    private const int Longest = 1 << 20;

    private readonly IReadOnlyList<Statement> _statements;
    private readonly Place _begin;

    /// <summary>Reads a template.</summary>
    /// <exception cref="DecantException">It is damaged, too long, or has something that is not served: line, column, what to do.</exception>
    public JinjaTemplate(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > Longest)
            throw new DecantException($"The chat template has {source.Length:N0} characters, more than the {Longest:N0} that are read; is it another file?");
        (_statements, _begin) = (StatementParser.Read(source), new Place(source, 0));
    }

    /// <summary>Renders it.</summary>
    /// <param name="variables">Names with their values.</param>
    /// <param name="now">The time for <c>strftime_now</c>.</param>
    /// <param name="limits">Null: the usual ones.</param>
    /// <exception cref="DecantException">The template refuses the values, uses one that is missing, or does too much: line, column.</exception>
    public RenderState Render(IEnumerable<KeyValuePair<string, object?>> variables, Func<DateTimeOffset> now, RenderLimits? limits = null)
    {
        var (state, scope) = (new RenderState(limits ?? RenderLimits.Usual, now) { At = _begin }, new Scope(Globals.Scope()));
        foreach (var (name, value) in variables)
            scope.Set(name, value);
        try
        {
            Statement.ExecuteAll(_statements, state, scope);
        }
        catch (ValueError error)
        {
            throw state.At.Fault(error.Message, error);
        }

        return state;
    }
}
