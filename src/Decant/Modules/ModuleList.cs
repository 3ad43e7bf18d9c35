using System.Collections;

namespace Decant.Modules;

/// <summary>Modules under the names <c>0</c>, <c>1</c>, …, as PyTorch's <c>nn.ModuleList</c> and <c>nn.Sequential</c> name theirs.</summary>
/// <typeparam name="T">What the modules have in common.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T> where T : Module
{
    private readonly List<T> _modules = [];

    /// <summary>Modules in their order.</summary>
    public ModuleList(params IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules)
            _modules.Add(RegisterModule(_modules.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module));
    }

    /// <inheritdoc/>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public T this[int index] => _modules[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
