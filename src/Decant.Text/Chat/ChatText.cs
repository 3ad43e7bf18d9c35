namespace Decant.Text.Chat;

/// <summary>A conversation as a text, and which parts of it the assistant says.</summary>
/// <param name="Text">The text.</param>
/// <param name="Spans">The assistant's parts in their order: the number of the message from 0, and begin and end in UTF-16 units.</param>
internal sealed record ChatText(string Text, IReadOnlyList<(int Turn, int Start, int End)> Spans);
