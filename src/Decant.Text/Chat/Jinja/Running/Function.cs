namespace Decant.Text.Chat.Jinja.Running;

/// <summary>What can be called.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="body">What it does.</param>
internal sealed class Function(string name, Func<RenderState, Arguments, object?> body)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Calls it.</summary>
    public object? Call(RenderState state, Arguments arguments) => body(state, arguments);
}
