using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Nodes;

/// <summary>Stands for the text of a block, which its filters take.</summary>
/// <param name="at">Where it stands.</param>
internal sealed class BlockText(Place at) : Expression(at)
{
    /// <summary>The name that the text has in the scope of the filters; no name of a template is like it.</summary>
    public const string Name = "{block}";

    protected override object? Compute(RenderState state, Scope scope) => scope.Find(Name);
}
