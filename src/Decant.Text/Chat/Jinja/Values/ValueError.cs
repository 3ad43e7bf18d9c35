namespace Decant.Text.Chat.Jinja.Values;

/// <summary>An operation that a value does not have; becomes a fault with a place in the template.</summary>
internal sealed class ValueError(string message) : Exception(message);
