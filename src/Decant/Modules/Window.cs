namespace Decant.Modules;

/// <summary>The arithmetic of windows that slide over an axis.</summary>
internal static class Window
{
    /// <summary>⌊(size + 2·padding − kernel) ÷ stride⌋ + 1; less than 1 where the window does not fit.</summary>
    public static long OutputSize(long size, long kernel, long stride, long padding)
    {
        var room = size + 2 * padding - kernel;
        return room < 0 ? 0 : room / stride + 1;
    }
}
