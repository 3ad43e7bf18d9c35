namespace Decant.Tests;

/// <summary>Options of a choice as their own type.</summary>
internal static class TypedOptions
{
    public static TOptions As<TOptions>(this object options) => Assert.IsType<TOptions>(options, exactMatch: false);
}
