using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Running;

/// <summary>Names with their values; what is set in an inner scope is not seen outside of it.</summary>
/// <param name="outer">The scope around it; null: none.</param>
internal sealed class Scope(Scope? outer)
{
    private Dictionary<string, object?>? _own;

    /// <summary>The value of a name.</summary>
    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope._own is { } own && own.TryGetValue(name, out var value))
                return value;
        return new Undefined(name);
    }

    /// <summary>Sets a name here.</summary>
    public void Set(string name, object? value) => (_own ??= new(StringComparer.Ordinal))[name] = value;

    private Scope? Outer => outer;
}
