namespace Decant.Text.Chat.Jinja.Running;

/// <summary>Where something stands in a template.</summary>
/// <param name="Source">The template.</param>
/// <param name="Index">Of its character.</param>
internal readonly record struct Place(string Source, int Index)
{
    /// <summary>A fault at this place; line and column are counted from 1.</summary>
    public DecantException Fault(string message, Exception? inner = null)
    {
        var before = Source.AsSpan(0, Math.Min(Index, Source.Length));
        return new($"Chat template, line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}: {message}", inner: inner);
    }
}
