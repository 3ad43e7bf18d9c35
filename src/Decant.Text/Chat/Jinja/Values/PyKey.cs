namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Keys of dictionaries: equal as Python's values are.</summary>
internal sealed class PyKey : IEqualityComparer<object>
{
    private PyKey()
    {
    }

    /// <summary>The only one.</summary>
    public static PyKey Comparer { get; } = new();

    /// <summary>Whether a value can be a key.</summary>
    public static bool IsOne(object? value) => value is string || PyNumber.IsNumber(value);

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y) => PyValue.AreEqual(x, y);

    /// <inheritdoc/>
    public int GetHashCode(object obj) => obj is string text ? StringComparer.Ordinal.GetHashCode(text) : PyNumber.Real(obj)!.Value.GetHashCode();
}
