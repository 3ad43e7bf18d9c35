namespace Decant.Text.Chat.Jinja.Running;

/// <summary>How much a template may do.</summary>
/// <param name="Steps">Expressions and statements, and 64 characters or items that are copied.</param>
/// <param name="Characters">Of a text that is made.</param>
/// <param name="Depth">Of expressions, statements and macros within each other.</param>
internal sealed record RenderLimits(long Steps, int Characters, int Depth)
{
    /// <summary>Those of every template.</summary>
    public static RenderLimits Usual { get; } = new(5_000_000, 1 << 24, 400);
}
