namespace Decant.Torch;

/// <summary>Owns the tensors that are made while it is the current scope, and releases them when it is disposed.</summary>
/// <remarks>
/// The current scope flows with the caller across <c>await</c> and into tasks that it starts (it is async-local, not thread-static).
/// Scopes nest. What must outlive a scope is handed out with <see cref="Keep"/>. A scope may be used by several threads at once;
/// making a tensor under a scope that another thread has disposed already is an error, not a leak.
/// A scope opened inside an async method ends with it: the caller's scope is what it was. An iterator must not hold a scope
/// open over a <c>yield return</c>, for between its steps it would be the current scope of its consumer.
/// </remarks>
/// <example><code>
/// using var scope = TensorScope.Open();
/// var loss = scope.Keep(model.Forward(batch).Mean());   // everything else is released at the brace
/// </code></example>
public sealed class TensorScope : IDisposable
{
    private static readonly AsyncLocal<TensorScope?> s_current = new();

    private readonly TensorScope? _parent;
    private readonly Lock _gate = new();
    private readonly List<Tensor> _tensors = [];
    private volatile bool _disposed;

    private TensorScope(TensorScope? parent) => _parent = parent;

    /// <summary>The innermost open scope of this flow of control, or null.</summary>
    public static TensorScope? Current => s_current.Value;

    /// <summary>How many tensors the scope owns now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _tensors.Count;
        }
    }

    /// <summary>Opens a scope inside the current one and makes it the current one.</summary>
    public static TensorScope Open()
    {
        var scope = new TensorScope(s_current.Value);
        s_current.Value = scope;
        return scope;
    }

    /// <summary>Steps out of every scope until disposed: tensors made meanwhile belong to the caller.</summary>
    /// <remarks>For what lives long and is made late: optimizer states, caches.</remarks>
    public static IDisposable Suspend() => new Suspension();

    /// <summary>Makes a tensor outlive this scope: hands it over to the enclosing scope, or to the caller if there is none.</summary>
    /// <remarks>
    /// Also out of scopes inside this one. A tensor that this scope does not reach (an outer scope's, the caller's own) stays where it is.
    /// </remarks>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var owner = tensor.Scope;
        for (var scope = owner; scope is not null; scope = scope._parent)
        {
            if (scope != this)
                continue;
            if (owner!.Remove(tensor))
                _parent?.Add(tensor);
            break;
        }

        return tensor;
    }

    /// <summary>Makes a tensor of a scope inside this one this scope's own; one that it does not reach (an outer scope's, the caller's) stays where it is.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Adopt(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var owner = tensor.Scope;
        for (var scope = owner?._parent; scope is not null; scope = scope._parent)
        {
            if (scope != this)
                continue;
            if (owner!.Remove(tensor))
                Add(tensor);
            break;
        }

        return tensor;
    }

    /// <summary>Hands a tensor over to the caller, out of any open scope: only its own <see cref="Tensor.Dispose"/> releases it.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Own(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Scope?.Remove(tensor);
        return tensor;
    }

    /// <summary>Releases what the scope owns and makes the nearest enclosing scope that is open the current one. May be called twice.</summary>
    public void Dispose()
    {
        Tensor[] owned;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            owned = [.. _tensors];
            _tensors.Clear();
            foreach (var tensor in owned)
                tensor.Scope = null;
        }

        // Outside of the lock: releasing runs code of others, the deleters of views.
        foreach (var tensor in owned)
            tensor.Release();
        if (s_current.Value == this)
            s_current.Value = NearestOpen(_parent);
    }

    /// <summary>Takes a new tensor in; if the scope is disposed already, releases it and throws.</summary>
    internal void Add(Tensor tensor)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                tensor.ScopeSlot = _tensors.Count;
                tensor.Scope = this;
                _tensors.Add(tensor);
                return;
            }
        }

        tensor.Release();
        throw new ObjectDisposedException(
            nameof(TensorScope), "A tensor was made under a scope that is disposed already. A task that outlives the scope it was started in opens a scope of its own.");
    }

    /// <summary>Gives up a tensor.</summary>
    /// <returns>Whether it was this scope's; not, when another thread was quicker.</returns>
    internal bool Remove(Tensor tensor)
    {
        lock (_gate)
        {
            if (tensor.Scope != this)
                return false;
            var last = _tensors[^1];
            _tensors[tensor.ScopeSlot] = last;
            last.ScopeSlot = tensor.ScopeSlot;
            _tensors.RemoveAt(_tensors.Count - 1);
            tensor.Scope = null;
            return true;
        }
    }

    private static TensorScope? NearestOpen(TensorScope? scope)
    {
        while (scope is { _disposed: true })
            scope = scope._parent;
        return scope;
    }

    private sealed class Suspension : IDisposable
    {
        private readonly TensorScope? _before = s_current.Value;
        private bool _ended;

        public Suspension() => s_current.Value = null;

        public void Dispose()
        {
            if (_ended)
                return;
            _ended = true;
            s_current.Value = _before;
        }
    }
}
